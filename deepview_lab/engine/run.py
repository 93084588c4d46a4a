"""A run at work here: introspectors at work on a producer. Everybody may read it, anyone may steer it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepview_lab.analysis.contract import Budget, StandaloneContext, Table
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.checkpoint.folder import Kept
from deepview_lab.engine.job import RunJob
from deepview_lab.engine.lifecycle import ENDED, Status
from deepview_lab.engine.origin import Origin
from deepview_lab.engine.progress import Progress
from deepview_lab.engine.run_view import RunView
from deepview_lab.engine.work.task import IntrospectorTask, RunError
from deepview_lab.exceptions import UnknownNameError
from deepview_lab.run_saver import Saver
from deepview_lab.typing import PathOrStr
from deepview_lab.typing.named import Named
from deepview_lab.visible_text import visible_lines

__all__ = ["ENDED", "Run", "Status"]


class Run(RunView):
    """Introspectors at work on a producer.

    Made by :func:`deepview_lab.start` and by the introspectors' ``introspect``; not by hand. What can be read of it is
    described in :class:`RunView`.
    """

    def __init__(
        self,
        name: str,
        job: RunJob,
        *,
        batch_size: int,
        created: float,
        saver: Saver,
        origin: Origin | None = None,
        remark: str = "",
    ) -> None:
        super().__init__(name, batch_size=batch_size, created=created, origin=origin)
        self._job = job
        self._saver = saver
        job.run = self
        self._remark = remark

    # What everybody may read

    @property
    def status(self) -> Status:
        """`pending`, `running`, `paused`, `cancelling`, `done`, `failed` or `cancelled`."""
        return self._job.lifecycle.status

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._job.progress

    @property
    def checkpoint(self) -> str | None:
        """The folder in which it is kept, None without."""
        writer = self._job.checkpoint_writer
        return writer.path if writer else None

    @property
    def on_disk(self) -> Kept | None:
        """What is kept on disk: how many batches, in how many bytes, and since when; None as of :attr:`kept`."""
        writer = self._job.checkpoint_writer
        return writer.kept if writer else None

    @property
    def note(self) -> str | None:
        """What there is to say besides errors: guesses, an early end, fields that some batches lack, a failing disk."""
        writer, work = self._job.checkpoint_writer, self._job.work
        notes = [self._remark]
        if writer and writer.trouble:
            notes.append(writer.trouble)
        if work.settled:
            total = f" of {self.progress.total:,}" if self.progress.total is not None else ""
            notes.append(f"Stopped at {work.samples:,}{total} samples: all layers stable.")
        if work.coverage is not None:
            notes.append(work.coverage.note())
        return visible_lines(" ".join(filter(None, notes))) or None

    @property
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names."""
        return {name: task.kind for name, task in self._job.work.tasks.items()}

    @property
    def specs(self) -> Mapping[str, Any]:
        """Settings by the introspectors' names."""
        return {name: task.spec for name, task in self._job.work.tasks.items()}

    @property
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Samples since which a layer is stable, by introspector and layer, of those that are."""
        return {name: dict(task.stability.since) for name, task in self._job.work.tasks.items() if task.stability}

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers; before the first batch already when the producer is a pipeline with a model."""
        return self._job.responses or {}

    @property
    def made_of(self) -> Mapping[str, str]:
        """Fingerprint of the data, the stages and the model; empty until the run has begun."""
        return self._job.made_of

    @property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names; empty until the run has ended."""
        return Named("introspector", self._job.finalizer.results)

    @property
    def errors(self) -> tuple[RunError, ...]:
        """All that went wrong: the producer's error, and those of single introspectors."""
        return self._job.finalizer.errors

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
        with self._job.work.lock:
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
            for task in self._job.work.tasks.values():
                if task.complete(StandaloneContext()):
                    self._job.show(task)

    def _task(self, name: str) -> IntrospectorTask:
        if name not in self._job.work.tasks:
            raise UnknownNameError("introspector", name, self._job.work.tasks)
        return self._job.work.tasks[name]

    # What anyone may do

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once; does nothing to an ended run."""
        self._job.cancel()

    def pause(self) -> None:
        """Pause after the current batch, so that other runs can work. Returns at once; only a running run pauses."""
        self._job.lifecycle.pause()

    def resume(self) -> None:
        """Continue when it is this run's turn. Returns at once; does nothing to a run that is not paused."""
        self._job.lifecycle.resume()

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:
        """Wait for the end and return the results by the introspectors' names.

        Of a cancelled run these are partial results, with a :class:`PartialResultWarning`. The result of an
        introspector that failed is left out, with a :class:`DeepViewWarning` that says why; what it had is in
        :attr:`results`.

        Raises
        ------
        TimeoutError
            when it has not ended after ``timeout`` seconds; it continues.
        Exception
            whatever made the run fail; partial results stay in :attr:`results`.
        """
        if not self._job.lifecycle.wait(timeout):
            raise TimeoutError(f"Run {self.name!r} is still {self.status} after {timeout} seconds; it continues.")
        if self.error is not None:
            raise self.error
        return self._job.finalizer.handed_out(self.name, self.progress.samples, partial=self.status == "cancelled")

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
        return self._saver(self, path)
