"""A run: introspectors at work on a producer. Everybody may read it, anyone may steer it."""

from __future__ import annotations

import threading
import uuid
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from deepview_lab.analysis.contract import Budget, LayerTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.events import Event, ResponsesKnown, RunChanged, SnapshotTaken
from deepview_lab.engine.fold import Fold, RunError
from deepview_lab.engine.lifecycle import ENDED, Lifecycle, Status
from deepview_lab.engine.progress import Progress
from deepview_lab.exceptions import DeepViewWarning, PartialResultWarning, UnknownNameError
from deepview_lab.typing.named import Named

__all__ = ["ENDED", "Run", "Status"]


class Run:
    """Introspectors at work on a producer.

    Made by :func:`deepview_lab.start` and by the introspectors' ``introspect``; not by hand.

    Attributes
    ----------
    id : str
        Unique in all kernels and for ever.
    name : str
        For people.
    batch_size : int
        Samples per batch.
    created : float
        Seconds since the epoch.
    """

    def __init__(
        self, name: str, folds: Sequence[Fold], *, batch_size: int, created: float, notify: Callable[[Event], None]
    ) -> None:
        self.id: Final = uuid.uuid4().hex[:8]
        self.name: Final = name
        self.batch_size: Final = batch_size
        self.created: Final = created
        self._folds = {fold.name: fold for fold in folds}
        self._notify = notify
        self._lifecycle = Lifecycle(lambda: notify(RunChanged(self)))
        self._progress = Progress()
        self._responses: Mapping[str, ResponseInfo] | None = None
        self._results: dict[str, Any] = {}
        self._producer_error: RunError | None = None
        self._folding = threading.Lock()

    # What everybody may read

    @property
    def status(self) -> Status:
        """`pending`, `running`, `paused`, `cancelling`, `done`, `failed` or `cancelled`."""
        return self._lifecycle.status

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    @property
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names."""
        return {name: fold.kind for name, fold in self._folds.items()}

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers; before the first batch already when the producer is a pipeline with a model."""
        return self._responses or {}

    @property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names; empty until the run has ended."""
        return Named("introspector", self._results)

    @property
    def errors(self) -> tuple[RunError, ...]:
        """All that went wrong: the producer's error, and those of single introspectors."""
        own = [self._producer_error] if self._producer_error else []
        return (*own, *(fold.error for fold in self._folds.values() if fold.error))

    @property
    def error(self) -> BaseException | None:
        """What made the run fail, else None."""
        return self.errors[0].exception if self.status == "failed" and self.errors else None

    def snapshot(self, name: str) -> LayerTable:
        """Return the table of an introspector up to now. While it is made, the run waits with its next batch.

        Raises
        ------
        UnknownNameError
            when the run has no such introspector.
        RuntimeError
            when nothing has been counted yet.
        """
        with self._folding:
            table = self._fold(name).snapshot(Budget.unlimited())
        if table is None:
            raise RuntimeError(f"Run {self.name!r} is {self.status}: its first batch has not been counted yet.")
        return table

    def latest(self, name: str) -> LayerTable | None:
        """Return the table of an introspector that was told last, None if there was none; costs nothing."""
        return self._fold(name).latest

    def _fold(self, name: str) -> Fold:
        if name not in self._folds:
            raise UnknownNameError("introspector", name, self._folds)
        return self._folds[name]

    # What anyone may do

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once; does nothing to an ended run."""
        if self._lifecycle.cancel():
            self._make_results()
            self._lifecycle.end("cancelled")

    def pause(self) -> None:
        """Rest after the current batch, so that other runs can work. Returns at once; only a running run pauses."""
        self._lifecycle.pause()

    def resume(self) -> None:
        """Go on, when it is this run's turn. Returns at once; does nothing to a run that is not paused."""
        self._lifecycle.resume()

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:
        """Wait for the end and return the results by the introspectors' names.

        Of a cancelled run these are partial results, with a :class:`PartialResultWarning`. The result of an
        introspector that failed is left out, with a :class:`DeepViewWarning` that says why; what it had is in
        :attr:`results`.

        Raises
        ------
        TimeoutError
            when it has not ended after ``timeout`` seconds; it goes on.
        Exception
            whatever made the run fail; partial results stay in :attr:`results`.
        """
        if not self._lifecycle.wait(timeout):
            raise TimeoutError(f"Run {self.name!r} is still {self.status} after {timeout} seconds; it goes on.")
        if self.error is not None:
            raise self.error
        if self.status == "cancelled":
            samples = self.progress.samples
            partial = f"Run {self.name!r} was stopped after {samples} samples: its results are partial."
            warnings.warn(partial, PartialResultWarning, stacklevel=2)
        for error in self.errors:
            warnings.warn(f"{error.introspector} failed: {error.message}", DeepViewWarning, stacklevel=2)
        failed = {error.introspector for error in self.errors}
        return Named("introspector", {name: made for name, made in self._results.items() if name not in failed})

    def __repr__(self) -> str:
        progress = self.progress
        total = f" of {progress.total}" if progress.total is not None else ""
        return f"<Run {self.id} {self.name!r}: {self.status}, {progress.samples}{total} samples>"

    # What only the runner does

    def _know(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Begin to count, knowing these responses."""
        self._responses = dict(responses)
        with self._folding:
            for fold in self._folds.values():
                fold.begin(self._responses)
        self._notify(ResponsesKnown(self, self._responses))

    def _publish(self, budget: Budget, *, final: bool = False) -> None:
        for name, fold in self._folds.items():
            with self._folding:
                table = fold.snapshot(budget)
            if table is not None:
                self._notify(SnapshotTaken(self, name, table, final))

    def _end(self, error: BaseException | None, *, complete: bool, watched: bool) -> None:
        """Make the results of what was folded, whatever happened, and say how it ended."""
        status: Status = "failed"
        try:
            self._producer_error = RunError(None, error) if error is not None else None
            self._make_results()
            if watched:
                self._publish(Budget.unlimited(), final=True)
                for fold in self._folds.values():
                    fold.release()
            if error is None and not all(fold.error for fold in self._folds.values()):
                status = "done" if complete else "cancelled"
        finally:  # also when Ctrl-C does not wait for the results
            self._lifecycle.end("cancelled" if status == "failed" and not self.errors else status)

    def _make_results(self) -> None:
        with self._folding:
            made = {name: fold.finish() for name, fold in self._folds.items()}
        self._results = {name: result for name, result in made.items() if result is not None}
