"""How a run ends: with which results and errors, in which state, and what who waited for it gets."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from deepview_lab.analysis.findings import ShowsFindings
from deepview_lab.engine.lifecycle import Status
from deepview_lab.engine.work.finish_context import ProgressListener, RunFinishContext
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask, RunError
from deepview_lab.exceptions import CancelledError, DeepViewWarning, PartialResultWarning
from deepview_lab.typing.named import Named

__all__ = ["Finalizer"]


class Finalizer:
    """Makes the results of what was counted.

    Attributes
    ----------
    results : dict of str to result
        By the introspectors' names; empty until the run has ended.

    Parameters
    ----------
    work : RunWork
        What the run holds.
    show : callable
        Called with a task whose table is new.
    stopping : callable
        Tells whether the run was asked to stop.
    """

    def __init__(self, work: RunWork, show: Callable[[IntrospectorTask], None], stopping: Callable[[], bool]) -> None:
        self.results: dict[str, Any] = {}
        self._work = work
        self._show = show
        self._stopping = stopping
        self._producer_error: RunError | None = None

    @property
    def errors(self) -> tuple[RunError, ...]:
        """The producer's error, and those of single introspectors."""
        own = [self._producer_error] if self._producer_error else []
        return (*own, *(task.error for task in self._work.tasks.values() if task.error))

    def reached(
        self, error: BaseException | None, listener: ProgressListener | None, *, complete: bool, seen: bool
    ) -> Status:
        """Make the results, whatever happened, and return the state in which the run ends.

        Parameters
        ----------
        error : BaseException or None
            What the producer raised.
        listener : ProgressListener or None
            Who hears of the stages.
        complete : bool
            Whether all data was read.
        seen : bool
            Whether anybody wants all of the last tables.
        """
        tasks = self._work.tasks.values()
        self._producer_error = RunError(None, error) if error is not None else None
        self.make_results(listener, seen=seen)
        if error is not None or all(task.error for task in tasks):
            return "failed"
        return "done" if complete and not any(task.cut_short for task in tasks) else "cancelled"

    def fail(self, error: BaseException) -> None:
        """Have ``error`` be what ended the run."""
        self._producer_error = RunError(None, error)

    def make_results(self, listener: ProgressListener | None = None, *, seen: bool = False) -> None:
        """Finish every task: first the streams, which take a moment, then those that work through the rows."""
        for task in sorted(self._work.tasks.values(), key=lambda task: task.spec.rows_wanted is not None):
            result = self._finish(task, listener)
            if result is not None:
                self.results[task.name] = result
            with self._work.lock:
                task.close()
            if seen:
                self._complete(task, listener)
            self._show(task)

    def _finish(self, task: IntrospectorTask, listener: ProgressListener | None) -> Any | None:
        if task.spec.rows_wanted is None:
            with self._work.lock:
                return task.finish(RunFinishContext(None, listener, self._stopped, task.show))

        def show(result: ShowsFindings) -> None:
            task.show(result)
            self._show(task)

        # Without the lock: it may take minutes, and meanwhile everybody may read the run.
        return task.finish(RunFinishContext(self._work.rows_for(task), listener, self._stopped, show))

    def _complete(self, task: IntrospectorTask, listener: ProgressListener | None) -> None:
        """Make all of the last table; of a run that was stopped, what is costly waits until somebody opens it."""
        with contextlib.suppress(CancelledError):
            task.complete(RunFinishContext(None, listener, self._stopped, task.show))

    def _stopped(self) -> bool:
        """Whether what comes after the last batch should not be begun or gone on with."""
        return self._stopping() or self._producer_error is not None

    def handed_out(self, run: str, samples: int, *, partial: bool) -> Mapping[str, Any]:
        """Return the results of those introspectors that did not fail, with warnings of what is missing.

        ``run`` is the name of the run, ``partial`` whether it was stopped, after so many ``samples``.
        """
        at_wait = 3
        if partial:
            said = f"Run {run!r} was stopped after {samples} samples: its results are partial."
            warnings.warn(said, PartialResultWarning, stacklevel=at_wait)
        incomplete = self._work.coverage.note() if self._work.coverage is not None else ""
        if incomplete:
            warnings.warn(f"Run {run!r} is incomplete. {incomplete}", DeepViewWarning, stacklevel=at_wait)
        for error in self.errors:
            warnings.warn(f"{error.introspector} failed: {error.message}", DeepViewWarning, stacklevel=at_wait)
        failed = {error.introspector for error in self.errors}
        return Named("introspector", {name: made for name, made in self.results.items() if name not in failed})
