"""The loop that drives a run: read, infer, fold, tell. It runs on a worker thread or on the caller's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from deepview_lab.base import Batch, Producer
from deepview_lab.engine.job import RunJob
from deepview_lab.engine.plan import RunPlan, responses_of
from deepview_lab.engine.prefetch import Prefetch
from deepview_lab.engine.progress import Speedometer
from deepview_lab.engine.run_view import RunView
from deepview_lab.engine.work.publisher import SnapshotPublisher
from deepview_lab.exceptions import EmptyProducerError

__all__ = ["drive"]

PREFETCH_DEPTH = 2


Rest: TypeAlias = Callable[[Callable[[], None]], None]


def drive(
    job: RunJob,
    plan: RunPlan,
    *,
    watched: Callable[[], bool],
    seen: Callable[[RunView], bool],
    rest: Rest = lambda wait: wait(),
    on_stop: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run to the end. Errors of the producer and of introspectors end up in the run; nothing is raised.

    Parameters
    ----------
    job : RunJob
        Of a pending run.
    plan : RunPlan
        Where its batches come from.
    watched : callable
        Tells whether anybody wants snapshots; without a watcher none are made.
    seen : callable
        Tells whether anybody sees the run, and wants all of its last tables.
    rest : callable
        Called with a function that waits while the run is paused; calls it, and may do more before and after.
    on_stop : callable
        Called when the run is cancelled, on the thread that cancels it.
    clock : callable
        Returns seconds.
    """
    reading: list[Prefetch] = []
    publisher = SnapshotPublisher(job, watched, clock)

    def read(producer: Producer, batch_size: int) -> Iterator[Batch]:
        reading.append(Prefetch(producer, batch_size, PREFETCH_DEPTH, loop.while_waiting))
        if job.lifecycle.stopping:  # cancelled between the beginning and this read
            reading[-1].stop()
        return reading[-1]

    def stop() -> None:
        for prefetch in reading:
            prefetch.stop()
        on_stop()

    if not job.lifecycle.begin(stop):
        return
    error: BaseException | None = None
    complete = False
    loop = _Loop(job, _speedometer(job, plan, clock), publisher, rest)
    try:
        job.made_of = plan.made_of
        _tell_what_is_known(job, plan, publisher)
        complete = job.read_all or job.work.settled
        if not complete:
            complete = loop.task(plan.batches(read, job.run.batch_size, job.work.batches))
        if complete and job.progress.batches == 0:
            error = EmptyProducerError(plan.source)
    except KeyboardInterrupt:  # one that does not wait for the batch to end
        raise
    except BaseException as raised:  # noqa: BLE001 - a producer may raise anything, SystemExit included
        error = raised
    finally:
        stop()
        try:
            job.keep(complete=complete and not job.work.settled)
        finally:
            job.end(error, complete=complete, seen=seen(job.run), listener=loop)


def _tell_what_is_known(job: RunJob, plan: RunPlan, publisher: SnapshotPublisher) -> None:
    if job.tell_responses():  # out of a checkpoint
        publisher.tell(at_once=True)
    elif plan.responses:
        job.know(plan.responses)


def _speedometer(job: RunJob, plan: RunPlan, clock: Callable[[], float]) -> Speedometer:
    done = job.work
    return Speedometer(plan.total, job.run.batch_size, clock, batches=done.batches, samples=done.samples)


class _Loop:
    """Folds the batches of one run until they end, it is cancelled, or no introspector works any more."""

    def __init__(self, job: RunJob, speed: Speedometer, publisher: SnapshotPublisher, rest: Rest) -> None:
        self._job = job
        self._speed = speed
        self._herald = publisher
        self._rest = rest

    def task(self, batches: Iterator[Batch]) -> bool:
        """Fold all ``batches``; return whether they came to their end."""
        lifecycle, work = self._job.lifecycle, self._job.work
        self._job.progress = self._speed.progress()
        for batch in batches:
            # Of the batch at which a run was settled, those samples are left that were not taken.
            self._fold_one(batch.elements[work.extra :] if work.extra else batch)
            self._herald.tell(at_once=lifecycle.resting)
            self._keep_if_due()
            self._rest_if_asked()
            if work.settled:
                return True
            if lifecycle.stopping or not work.working:
                return False
            lifecycle.works()
        return not lifecycle.stopping

    def _fold_one(self, batch: Batch) -> None:
        job = self._job
        if job.responses is None:
            job.know(responses_of(batch))
        if job.checkpoint_writer is not None:
            job.checkpoint_writer.check(job.work, batch)
        self._speed.passed(job.work.fold_in(batch))
        job.progress = self._speed.progress()

    def while_waiting(self) -> None:
        """Do, while the next batch is not there, what else would be done behind it."""
        self._herald.tell()
        self._keep_if_due()

    def _keep_if_due(self) -> None:
        checkpoint_writer = self._job.checkpoint_writer
        if checkpoint_writer is not None and (checkpoint_writer.due() or self._job.lifecycle.resting):
            self._job.keep(complete=False)

    def stage(self, name: str, done: float | None) -> None:
        """Tell what is being done after the last batch; rest when asked to."""
        changed = name != self._job.progress.stage
        self._job.progress = self._speed.progress(name, done)
        self._herald.tell_stage(at_once=changed or self._job.lifecycle.resting)
        self._rest_if_asked()
        if not self._job.lifecycle.stopping:
            self._job.lifecycle.works()

    def _rest_if_asked(self) -> None:
        lifecycle = self._job.lifecycle
        if lifecycle.resting:
            self._speed.rest(lambda: self._rest(lifecycle.rest))
