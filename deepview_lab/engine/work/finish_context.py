"""The end of a run: what comes after the last batch says what it does, shows partial results, rests and stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from deepview_lab.analysis.findings import ShowsFindings
from deepview_lab.analysis.rows import Rows
from deepview_lab.exceptions import CancelledError

__all__ = ["ProgressListener", "RunFinishContext"]


class ProgressListener(Protocol):
    """Who hears of the stages of a run, and lets it rest."""

    def stage(self, name: str, done: float | None) -> None:
        """Hear what is being done; rest when the run is to rest."""
        ...


class RunFinishContext:
    """What one introspector task gets for its ``finish``: a :class:`deepview_lab.analysis.contract.FinishContext`.

    Parameters
    ----------
    rows : callable or None
        Returns the rows of the run, for a spec that wants some.
    listener : ProgressListener or None
        Who listens; None when the run never began.
    stopping : callable
        Tells whether the run is to stop.
    show : callable
        Called with partial results.
    """

    def __init__(
        self,
        rows: Callable[[], Rows] | None,
        listener: ProgressListener | None,
        stopping: Callable[[], bool],
        show: Callable[[ShowsFindings], None],
    ) -> None:
        self._rows = rows
        self._listener = listener
        self._stopping = stopping
        self._show = show

    @property
    def rows(self) -> Rows:
        """The responses of all samples."""
        if self._rows is None or self._stopping():
            raise CancelledError
        return self._rows()

    def step(self, stage: str, done: float | None = None) -> None:
        """Say what is being done; raise CancelledError when the run is to stop."""
        if self._listener is not None and not self._stopping():
            self._listener.stage(stage, done)
        if self._stopping():
            raise CancelledError

    def partial(self, result: ShowsFindings) -> None:
        """Show what there is so far."""
        self._show(result)
