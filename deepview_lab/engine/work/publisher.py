"""Telling the watchers of a run what is new: when, and at what cost."""

from __future__ import annotations

import time
from collections.abc import Callable

from deepview_lab.analysis.contract import Budget
from deepview_lab.engine.job import RunJob

__all__ = ["Cadence", "SnapshotPublisher"]

# Of so many tables one has no costly part.
_BARE_EVERY = 4
# The part of the time that counts as the run's even if it gets less: one that waits for its data is watched, too.
_LEAST_PART = 0.2


class Cadence:
    """When to take snapshots, and what they may cost.

    The first follows the first batch; then one every ``interval`` seconds, or one a batch when batches take longer.
    Costly parts share an allowance that grows with the run's time (``share`` of it), so that watching a run hardly
    slows it down, and a part that is dearer than one interval's allowance comes when enough has been saved up. What
    tables cost without such parts is paced as well: tables of very many units come less often, so that they take
    ``plain_share`` of the run's time, but at least every ``longest`` seconds. The fourth of each four tables has no
    costly part, by which it tells what tables cost; the first ones have what there is time for.

    Parameters
    ----------
    clock : callable
        Returns seconds.
    spent : callable, optional
        Returns the processor time that this process has spent. Where a run gets less of it than time passes, on a busy
        machine, its time is that, down to a fifth: watching must not take what the run does not get.
    cost : callable, optional
        Returns the processor time of this thread, to measure what tables cost.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        spent: Callable[[], float] | None = None,
        cost: Callable[[], float] | None = None,
        interval: float = 0.5,
        longest: float = 4.0,
        share: float = 0.025,
        plain_share: float = 0.0125,
    ) -> None:
        self._clock = clock
        self._spent = spent or clock
        self._cost = cost or clock
        self._interval = interval
        self._longest = longest
        self._share = share
        self._plain_share = plain_share
        self._credit = 0.05
        self._last: tuple[float, float] | None = None
        self._plain = 0.0
        self._taken = 0

    def due(self) -> bool:
        """Return whether it is time."""
        if self._last is None:
            return True
        passed, worked = self._since(*self._last)
        made_up_for = worked >= self._plain / self._plain_share
        return passed >= self._interval and (made_up_for or passed >= self._longest)

    def take(self, publish: Callable[[Budget], None]) -> bool:
        """Publish within the allowance and pay for it; return whether all that was asked for fitted."""
        if self._last is not None:
            self._credit += self._share * self._since(*self._last)[1]
        self._taken += 1
        bare = self._taken % _BARE_EVERY == 0
        began = self._cost()
        budget = Budget(0.0 if bare else self._credit + self._plain, self._cost)
        publish(budget)
        cost = self._cost() - began
        if bare:
            self._plain = cost
        else:
            self._credit = max(-self._plain, self._credit - max(0.0, cost - self._plain))
        self._last = self._clock(), self._spent()
        return not budget.was_short

    def _since(self, clock: float, spent: float) -> tuple[float, float]:
        """Return the seconds since then, and how many of them the run had."""
        passed = self._clock() - clock
        return passed, min(passed, max(self._spent() - spent, _LEAST_PART * passed))


class SnapshotPublisher:
    """Tells the watchers what is new, at the cadence."""

    def __init__(self, job: RunJob, watched: Callable[[], bool], clock: Callable[[], float]) -> None:
        self._job = job
        self._watched = watched
        self._cadence = Cadence(clock, spent=time.process_time, cost=time.thread_time)
        self._told = 0
        self._told_all = True

    def tell(self, *, at_once: bool = False) -> None:
        """Publish if there is something new, somebody to tell, and it is time (or ``at_once``).

        What did not fit into the last table is new, too: a run that waits for its data has time for it.
        """
        batches = self._job.progress.batches
        is_new = batches > self._told or not self._told_all
        if is_new and self._watched() and (at_once or self._cadence.due()):
            self._told = batches
            self._job.tell_change()
            self._told_all = self._cadence.take(self._job.publish)

    def tell_stage(self, *, at_once: bool) -> None:
        """Say what is done after the last batch, if somebody listens and it is time (or ``at_once``)."""
        if self._watched() and (at_once or self._cadence.due()):
            self._job.tell_change()
            self._cadence.take(lambda _: None)
