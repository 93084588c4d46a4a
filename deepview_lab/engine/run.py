"""A run: introspectors at work on a producer. Everybody may read it, anyone may cancel it."""

from __future__ import annotations

import threading
import uuid
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from deepview_lab.analysis.contract import Budget, LayerTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.events import Event, ResponsesKnown, RunChanged, SnapshotTaken
from deepview_lab.engine.fold import Fold, RunError
from deepview_lab.engine.progress import Progress
from deepview_lab.exceptions import PartialResultWarning, UnknownNameError

__all__ = ["ENDED", "Run", "Status"]

Status: TypeAlias = Literal["pending", "running", "paused", "cancelling", "done", "failed", "cancelled"]
ENDED: Final[frozenset[Status]] = frozenset({"done", "failed", "cancelled"})


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
        self._status: Status = "pending"
        self._progress = Progress()
        self._responses: Mapping[str, ResponseInfo] = {}
        self._results: dict[str, Any] = {}
        self._producer_error: RunError | None = None
        self._folding = threading.Lock()
        self._changing = threading.Lock()
        self._begun = False
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._on_stop: Callable[[], None] = lambda: None
        self._ended = threading.Event()

    # What everybody may read

    @property
    def status(self) -> Status:
        """`pending`, `running`, `paused`, `cancelling`, `done`, `failed` or `cancelled`."""
        return self._status

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
        return self._responses

    @property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names; empty until the run has ended."""
        return dict(self._results)

    @property
    def errors(self) -> tuple[RunError, ...]:
        """All that went wrong: the producer's error, and those of single introspectors."""
        own = [self._producer_error] if self._producer_error else []
        return (*own, *(fold.error for fold in self._folds.values() if fold.error))

    @property
    def error(self) -> BaseException | None:
        """What made the run fail, else None."""
        return self.errors[0].exception if self._status == "failed" and self.errors else None

    def snapshot(self, name: str) -> LayerTable:
        """Return the newest table of an introspector, at any time, without disturbing the run.

        Raises
        ------
        UnknownNameError
            when the run has no such introspector.
        RuntimeError
            when nothing has been counted yet.
        """
        if name not in self._folds:
            raise UnknownNameError("introspector", name, self._folds)
        with self._folding:
            table = self._folds[name].snapshot(Budget.unlimited())
        if table is None:
            raise RuntimeError(f"Run {self.name!r} is {self.status}: its first batch has not been counted yet.")
        return table

    # What anyone may do

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once; does nothing to an ended run."""
        with self._changing:
            if self._status in ENDED:
                return
            self._stop.set()
            self._go.set()
            self._status = "cancelling" if self._begun else "cancelled"
        self._on_stop()
        self._notify(RunChanged(self))
        if not self._begun:
            self._ended.set()

    def pause(self) -> None:
        """Rest after the current batch, so that other runs can work. Returns at once; only a running run pauses."""
        self._change("running", "paused", self._go.clear)

    def resume(self) -> None:
        """Go on, when it is this run's turn. Returns at once; does nothing to a run that is not paused."""
        self._change("paused", "pending", self._go.set)

    def _change(self, before: Status, after: Status, do: Callable[[], None]) -> None:
        with self._changing:
            if self._status != before:
                return
            do()
            self._status = after
        self._notify(RunChanged(self))

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:
        """Wait for the end and return the results by the introspectors' names.

        Of a cancelled run these are partial results, with a :class:`PartialResultWarning`. When some introspectors
        failed, those of the others are returned, and :attr:`errors` has the reasons.

        Raises
        ------
        TimeoutError
            when it has not ended after ``timeout`` seconds; it goes on.
        Exception
            whatever made the run fail; partial results stay in :attr:`results`.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"Run {self.name!r} is still {self.status} after {timeout} seconds; it goes on.")
        if self.error is not None:
            raise self.error
        if self._status == "cancelled":
            warnings.warn(
                f"Run {self.name!r} was stopped after {self.progress.samples} samples: its results are partial.",
                PartialResultWarning,
                stacklevel=2,
            )
        return self.results

    def __repr__(self) -> str:
        progress = self.progress
        total = f" of {progress.total}" if progress.total is not None else ""
        return f"<Run {self.id} {self.name!r}: {self.status}, {progress.samples}{total} samples>"

    # What only the runner does

    def _begin(self, responses: Mapping[str, ResponseInfo], on_stop: Callable[[], None]) -> bool:
        """Go from pending to running; False when it was cancelled before."""
        with self._changing:
            if self._stop.is_set():
                return False
            self._begun = True
            self._status = "running"
            self._on_stop = on_stop
        self._notify(RunChanged(self))
        if responses:
            self._know(responses)
        return True

    @property
    def _resting(self) -> bool:
        return not self._go.is_set()

    def _rest(self) -> None:
        self._go.wait()

    def _wake(self) -> None:
        self._change("pending", "running", lambda: None)

    def _know(self, responses: Mapping[str, ResponseInfo]) -> None:
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

    def _end(self, error: BaseException | None, *, watched: bool) -> None:
        """Make the results of what was folded, whatever happened, and say how it ended."""
        self._producer_error = RunError(None, error) if error is not None else None
        with self._folding:
            made = {name: fold.finish() for name, fold in self._folds.items()}
        self._results = {name: result for name, result in made.items() if result is not None}
        if watched:
            self._publish(Budget.unlimited(), final=True)
            for fold in self._folds.values():
                fold.release()
        with self._changing:
            if error is not None or all(fold.error for fold in self._folds.values()):
                self._status = "failed"
            else:
                self._status = "cancelled" if self._stop.is_set() else "done"
        self._notify(RunChanged(self))
        self._ended.set()  # last, so that who waits finds everything told
