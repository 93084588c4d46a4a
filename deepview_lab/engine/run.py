"""A run: introspectors at work on a producer. Everybody may read it, anyone may steer it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

from deepview_lab.analysis.contract import Budget, StandaloneContext, Table
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.checkpoint.folder import Kept
from deepview_lab.engine.checkpoint.info import CheckpointInfo
from deepview_lab.engine.checkpoint.writer import CheckpointWriter
from deepview_lab.engine.events import Event, ResponsesKnown, RunChanged, SnapshotTaken
from deepview_lab.engine.lifecycle import ENDED, Lifecycle, Status
from deepview_lab.engine.origin import Origin
from deepview_lab.engine.progress import Progress
from deepview_lab.engine.work.finalizer import Finalizer
from deepview_lab.engine.work.finish_context import ProgressListener
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask, RunError
from deepview_lab.exceptions import NotCopiedError, RunElsewhereError, UnknownNameError
from deepview_lab.typing import PathOrStr
from deepview_lab.typing.named import Named
from deepview_lab.visible_text import visible_lines, visible_text

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
    origin : Origin or None
        The code that started it, as far as the kernel knows it.
    """

    def __init__(
        self,
        name: str,
        tasks: Sequence[IntrospectorTask],
        *,
        batch_size: int,
        created: float,
        notify: Callable[[Event], None],
        until_stable: int | None = None,
        checkpoint_writer: CheckpointWriter | None = None,
        origin: Origin | None = None,
        remark: str = "",
    ) -> None:
        self.id: Final = uuid.uuid4().hex[:8]
        self.name: Final = name
        self.batch_size: Final = batch_size
        self.created: Final = created
        self.origin: Final = origin
        self._remark = remark
        self._work = RunWork(tasks, until_stable)
        self._checkpoint_writer = checkpoint_writer
        self._notify = notify
        self._lifecycle = Lifecycle(lambda: notify(RunChanged(self)))
        self._progress = Progress()
        self._responses: Mapping[str, ResponseInfo] | None = None
        self._ending = Finalizer(self._work, self._show, lambda: self._lifecycle.stopping)
        self._read_all = False
        self._made_of: Mapping[str, str] = {}

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
    def checkpoint(self) -> str | None:
        """The folder in which it is kept, None without."""
        return self._checkpoint_writer.path if self._checkpoint_writer else None

    @property
    def kept(self) -> int | None:
        """Batches whose results are kept on disk; None without a checkpoint, and before it is written."""
        return self.on_disk.batches if self.on_disk else None

    @property
    def on_disk(self) -> Kept | None:
        """What is kept on disk: how many batches, in how many bytes, and since when; None as of :attr:`kept`."""
        return self._checkpoint_writer.kept if self._checkpoint_writer else None

    @property
    def file(self) -> str | None:
        """The report file that it was read from; None of a run that was at work here."""
        return None

    @property
    def note(self) -> str | None:
        """What there is to say besides errors: guesses, an early end, fields that some batches lack, a failing disk."""
        notes = [self._remark]
        if self._checkpoint_writer and self._checkpoint_writer.trouble:
            notes.append(self._checkpoint_writer.trouble)
        if self._work.settled:
            total = f" of {self.progress.total:,}" if self.progress.total is not None else ""
            notes.append(f"Stopped at {self._work.samples:,}{total} samples: all layers stable.")
        if self._work.coverage is not None:
            notes.append(self._work.coverage.note())
        return visible_lines(" ".join(filter(None, notes))) or None

    @property
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names."""
        return {name: task.kind for name, task in self._work.tasks.items()}

    @property
    def specs(self) -> Mapping[str, Any]:
        """Settings by the introspectors' names."""
        return {name: task.spec for name, task in self._work.tasks.items()}

    @property
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Samples since which a layer is stable, by introspector and layer, of those that are."""
        return {name: dict(task.stability.since) for name, task in self._work.tasks.items() if task.stability}

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers; before the first batch already when the producer is a pipeline with a model."""
        return self._responses or {}

    @property
    def made_of(self) -> Mapping[str, str]:
        """Fingerprint of the data, the stages and the model; empty until the run has begun."""
        return self._made_of

    @property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names; empty until the run has ended."""
        return Named("introspector", self._ending.results)

    @property
    def nbytes(self) -> int:
        """Bytes of those results that take much: covariance matrices."""
        return sum(getattr(result, "nbytes", 0) for result in self.results.values())

    @property
    def errors(self) -> tuple[RunError, ...]:
        """All that went wrong: the producer's error, and those of single introspectors."""
        return self._ending.errors

    @property
    def error(self) -> BaseException | None:
        """What made the run fail, else None."""
        return self.errors[0].exception if self.status == "failed" and self.errors else None

    def snapshot(self, name: str) -> Table:
        """Return the table of an introspector up to now. While it is made, the run waits with its next batch.

        Of an ended run it has everything: what was too costly for live tables is made now.

        Raises
        ------
        UnknownNameError
            when the run has no such introspector.
        RuntimeError
            when nothing has been counted yet.
        """
        task = self._task(name)
        with self._work.lock:
            task.snapshot(Budget.unlimited())
        if self.status in ENDED:
            task.complete(StandaloneContext())
        table = task.latest
        if table is None:
            when = "has no table before the end" if self.progress.batches else "has not counted its first batch yet"
            raise RuntimeError(f"Run {self.name!r} is {self.status}: {name} {when}.")
        return table

    def latest(self, name: str) -> Table | None:
        """Return the newest table of an introspector that was made, None if there was none; costs nothing."""
        return self._task(name).latest

    def sample_table(self, name: str) -> SampleTable | None:
        """Return what an introspector knows of each sample so far, None where it knows nothing of single samples."""
        return self._task(name).sample_table

    def is_whole(self, name: str) -> bool:
        """Return whether :meth:`latest` is the last table, and nothing is missing that was too costly so far."""
        return self._task(name).whole

    def complete_tables(self) -> None:
        """Make what the last tables of an ended run lack, and tell its watchers.

        At the end of a run that nobody watches, or that was stopped, no spectrum is computed only to be shown.
        """
        if self.status in ENDED:
            for task in self._work.tasks.values():
                if task.complete(StandaloneContext()):
                    self._show(task)

    def _task(self, name: str) -> IntrospectorTask:
        if name not in self._work.tasks:
            raise UnknownNameError("introspector", name, self._work.tasks)
        return self._work.tasks[name]

    # What anyone may do

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once; does nothing to an ended run."""
        if self._lifecycle.cancel():
            self._ending.make_results()
            self._let_go()
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
        return self._ending.handed_out(self.name, self.progress.samples, partial=self.status == "cancelled")

    def save(self, path: PathOrStr) -> Path:
        """Write the results of an ended run into a ``.dvreport`` file, which ``deepview_lab.open_report`` reads.

        Until the file is whole and on the disk, what was at ``path`` stays. All numbers come back exactly. Of PFA the
        spectra and the removal orders of all unit strategies are kept, not the covariance matrices; neither data nor
        weights are in the file, only their fingerprint.

        Raises
        ------
        DeepViewException
            when the run has not ended.
        ReportFileError
            when ``path`` does not end in ``.dvreport``.
        NoSpaceError
            (an OSError) when the disk is full.
        """
        # Files are above the engine, which works without them.
        saved: Path = import_module("deepview_lab.report.saving").save_run(self, path)
        return saved

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled or copied, and say what can be."""
        raise NotCopiedError(self.name)

    def __repr__(self) -> str:
        progress = self.progress
        total = f" of {progress.total}" if progress.total is not None else ""
        return f"<Run {self.id} {visible_text(repr(self.name))}: {self.status}, {progress.samples}{total} samples>"

    # What only the runner does

    def _know(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Begin to count, knowing these responses."""
        self._responses = dict(responses)
        self._work.begin(self._responses)
        self._notify(ResponsesKnown(self, self._responses))

    def _restore(self, known: Mapping[str, ResponseInfo], total: int | None) -> None:
        """Go on from the checkpoint, if there is something in it."""
        restored = self._checkpoint_writer.restore(self._work, known) if self._checkpoint_writer else None
        if restored is not None:
            self._responses, self._read_all = restored
            self._progress = Progress(batches=self._work.batches, samples=self._work.samples, total=total)

    def _keep(self, *, complete: bool) -> None:
        """Write the checkpoint, between two batches."""
        if self._checkpoint_writer is not None and self._responses is not None:
            before = self.kept, self.note
            self._checkpoint_writer.keep(self._work, self._responses, complete=complete)
            if (self.kept, self.note) != before:
                self._describe(done=False)
                self._notify(RunChanged(self))

    def _describe(self, *, done: bool) -> None:
        """Say in the checkpoint what run it is of."""
        if self._checkpoint_writer is not None:
            origin = self.origin
            self._checkpoint_writer.describe(
                CheckpointInfo(
                    self.name,
                    batches=self.kept or 0,
                    total_batches=self._progress.total_batches,
                    done=done,
                    code=origin.code if origin else None,
                    variable=origin.variable if origin else None,
                )
            )

    def _let_go(self) -> None:
        """Give up what only a run at work needs."""
        self._work.drop_rows()
        if self._checkpoint_writer is not None:
            self._checkpoint_writer.close()

    def _leave_to_parent(self) -> None:
        """Fail in a process that was forked while the run was at work: its thread is not here. What has ended stays."""
        status = self.status
        self._work.renew_locks()
        self._lifecycle = Lifecycle(lambda: self._notify(RunChanged(self)))
        if status not in ENDED:
            self._ending.fail(RunElsewhereError(self.name, os.getppid()))
            if self._checkpoint_writer is not None:
                self._checkpoint_writer.close()  # else the folder is locked as long as this process lives
        self._lifecycle.end(status if status in ENDED else "failed")

    def _publish(self, budget: Budget) -> None:
        for task in self._work.tasks.values():
            with self._work.lock:
                task.snapshot(budget)
            self._show(task)

    def _show(self, task: IntrospectorTask) -> None:
        if task.latest is not None:
            self._notify(SnapshotTaken(self, task.name, task.latest, task.whole))

    def _end(
        self, error: BaseException | None, *, complete: bool, seen: bool, listener: ProgressListener | None
    ) -> None:
        """Make the results of what was folded, whatever happened, and say how it ended."""
        status: Status = "failed"
        try:
            status = self._ending.reached(error, listener, complete=complete, seen=seen)
            self._describe(done=status == "done")
        finally:  # also when Ctrl-C does not wait for the results
            self._progress = replace(self._progress, stage=None, stage_done=None)
            self._let_go()
            self._lifecycle.end("cancelled" if status == "failed" and not self.errors else status)
