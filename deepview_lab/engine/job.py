"""A run as its worker sees it: what changes while it works, and the steps that change it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from deepview_lab.analysis.contract import Budget
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.checkpoint.info import CheckpointInfo
from deepview_lab.engine.checkpoint.writer import CheckpointWriter
from deepview_lab.engine.events import Event, ResponsesKnown, RunChanged, SnapshotTaken
from deepview_lab.engine.lifecycle import ENDED, Lifecycle, Status
from deepview_lab.engine.progress import Progress
from deepview_lab.engine.run_view import RunView
from deepview_lab.engine.work.finalizer import Finalizer
from deepview_lab.engine.work.finish_context import ProgressListener
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask
from deepview_lab.exceptions import RunElsewhereError

__all__ = ["RunJob"]


class RunJob:
    """The work of one run. Only the worker, :func:`deepview_lab.start` and the run itself use it.

    Attributes
    ----------
    run : RunView
        What everybody else sees of it; set by the run.
    work : RunWork
        Its introspectors and their accumulators.
    lifecycle : Lifecycle
        Its status, and whether it is to stop or to pause.
    finalizer : Finalizer
        Makes the results.
    checkpoint_writer : CheckpointWriter or None
        Keeps it on disk.
    progress : Progress
        How far it is.
    responses : mapping of str to ResponseInfo, or None
        The layers, once they are known.
    read_all : bool
        Whether the checkpoint that it goes on from has read all data.
    made_of : mapping of str to str
        Fingerprint of the data, the stages and the model.
    """

    run: RunView

    def __init__(
        self,
        tasks: Sequence[IntrospectorTask],
        *,
        notify: Callable[[Event], None],
        until_stable: int | None = None,
        checkpoint_writer: CheckpointWriter | None = None,
    ) -> None:
        self.work = RunWork(tasks, until_stable)
        self.checkpoint_writer = checkpoint_writer
        self.lifecycle = Lifecycle(self.tell_change)
        self.finalizer = Finalizer(self.work, self.show, lambda: self.lifecycle.stopping)
        self.progress = Progress()
        self.responses: Mapping[str, ResponseInfo] | None = None
        self.read_all = False
        self.made_of: Mapping[str, str] = {}
        self._notify = notify

    def tell_change(self) -> None:
        """Tell the watchers that status, progress or errors changed."""
        self._notify(RunChanged(self.run))

    def know(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Begin to count, knowing these responses."""
        self.responses = dict(responses)
        self.work.begin(self.responses)
        self._notify(ResponsesKnown(self.run, self.responses))

    def tell_responses(self) -> bool:
        """Tell the watchers the layers; return False when they are not known yet."""
        if self.responses is None:
            return False
        self._notify(ResponsesKnown(self.run, self.responses))
        return True

    def restore(self, known: Mapping[str, ResponseInfo], total: int | None) -> None:
        """Go on from the checkpoint, if there is something in it."""
        restored = self.checkpoint_writer.restore(self.work, known) if self.checkpoint_writer else None
        if restored is not None:
            self.responses, self.read_all = restored
            self.progress = Progress(batches=self.work.batches, samples=self.work.samples, total=total)

    def keep(self, *, complete: bool) -> None:
        """Write the checkpoint, between two batches."""
        if self.checkpoint_writer is not None and self.responses is not None:
            before = self.run.kept, self.run.note
            self.checkpoint_writer.keep(self.work, self.responses, complete=complete)
            if (self.run.kept, self.run.note) != before:
                self._describe(done=False)
                self.tell_change()

    def _describe(self, *, done: bool) -> None:
        """Say in the checkpoint what run it is of."""
        if self.checkpoint_writer is not None:
            origin = self.run.origin
            self.checkpoint_writer.describe(
                CheckpointInfo(
                    self.run.name,
                    batches=self.run.kept or 0,
                    total_batches=self.progress.total_batches,
                    done=done,
                    code=origin.code if origin else None,
                    variable=origin.variable if origin else None,
                )
            )

    def publish(self, budget: Budget) -> None:
        """Make the tables that fit into a budget, and tell the watchers."""
        for task in self.work.tasks.values():
            with self.work.lock:
                task.snapshot(budget)
            self.show(task)

    def show(self, task: IntrospectorTask) -> None:
        """Tell the watchers the newest table of an introspector."""
        if task.latest is not None:
            self._notify(SnapshotTaken(self.run, task.name, task.latest, task.whole))

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once; does nothing to an ended run."""
        if self.lifecycle.cancel():
            self.finalizer.make_results()
            self.let_go()
            self.lifecycle.end("cancelled")

    def end(
        self, error: BaseException | None, *, complete: bool, seen: bool, listener: ProgressListener | None
    ) -> None:
        """Make the results of what was counted, whatever happened, and say how it ended."""
        status: Status = "failed"
        try:
            status = self.finalizer.reached(error, listener, complete=complete, seen=seen)
            self._describe(done=status == "done")
        finally:  # also when Ctrl-C does not wait for the results
            self.progress = replace(self.progress, stage=None, stage_done=None)
            self.let_go()
            self.lifecycle.end("cancelled" if status == "failed" and not self.finalizer.errors else status)

    def let_go(self) -> None:
        """Give up what only a run at work needs."""
        self.work.drop_rows()
        if self.checkpoint_writer is not None:
            self.checkpoint_writer.close()

    def leave_to_parent(self) -> None:
        """Fail in a process that was forked while the run was at work: its thread is not here. What has ended stays."""
        status = self.lifecycle.status
        self.work.renew_locks()
        self.lifecycle = Lifecycle(self.tell_change)
        if status not in ENDED:
            self.finalizer.fail(RunElsewhereError(self.run.name, os.getppid()))
            if self.checkpoint_writer is not None:
                self.checkpoint_writer.close()  # else the folder is locked as long as this process lives
        self.lifecycle.end(status if status in ENDED else "failed")
