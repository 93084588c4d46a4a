"""Telling the watchers of a run what is new: when, and at what cost."""

from __future__ import annotations

from collections.abc import Callable

from deepview_lab.analysis.contract import Budget
from deepview_lab.engine.events import RunChanged
from deepview_lab.engine.run import Run

__all__ = ["Cadence", "Herald"]


class Cadence:
    """When to take snapshots, and what they may cost.

    The first follows the first batch; then one every ``interval`` seconds, or one a batch when batches take longer.
    Costly parts share an allowance that grows with time (``share`` of it), so that watching a run hardly slows it down,
    and a part that is dearer than one interval's allowance comes when enough has been saved up.
    """

    def __init__(self, clock: Callable[[], float], *, interval: float = 0.5, share: float = 0.03) -> None:
        self._clock = clock
        self._interval = interval
        self._share = share
        self._credit = 0.05
        self._last: float | None = None

    def due(self) -> bool:
        """Return whether it is time."""
        return self._last is None or self._clock() - self._last >= self._interval

    def take(self, publish: Callable[[Budget], None]) -> None:
        """Publish within the allowance and pay for it."""
        began = self._clock()
        if self._last is not None:
            self._credit += self._share * (began - self._last)
        publish(Budget(self._credit, self._clock))
        ended = self._clock()
        self._credit = max(0.0, self._credit - (ended - began))
        self._last = ended


class Herald:
    """Tells the watchers what is new, at the cadence."""

    def __init__(self, run: Run, watched: Callable[[], bool], clock: Callable[[], float]) -> None:
        self._run = run
        self._watched = watched
        self._cadence = Cadence(clock)
        self._told = 0

    def tell(self, *, at_once: bool = False) -> None:
        """Publish if there is something new, somebody to tell, and it is time (or ``at_once``)."""
        batches = self._run.progress.batches
        if batches > self._told and self._watched() and (at_once or self._cadence.due()):
            self._told = batches
            self._run._notify(RunChanged(self._run))
            self._cadence.take(self._run._publish)

    def tell_stage(self, *, at_once: bool) -> None:
        """Say what is done after the last batch, if somebody listens and it is time (or ``at_once``)."""
        if self._watched() and (at_once or self._cadence.due()):
            self._run._notify(RunChanged(self._run))
            self._cadence.take(lambda _: None)
