"""Starting runs: in the background, or blocking on the caller's thread."""

from __future__ import annotations

import operator
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from deepview_lab.base import Pipeline, Producer
from deepview_lab.base.conversion import as_producer
from deepview_lab.engine.checkpoint.folder import Checkpoint
from deepview_lab.engine.checkpoint.writer import CheckpointWriter, check_keepable, identity
from deepview_lab.engine.events import RunChanged
from deepview_lab.engine.job import RunJob
from deepview_lab.engine.origin import running_code, variable_of
from deepview_lab.engine.plan import RunPlan
from deepview_lab.engine.registry import registry
from deepview_lab.engine.run import Run
from deepview_lab.engine.run_view import RunView
from deepview_lab.engine.work.task import AnySpec, IntrospectorTask
from deepview_lab.engine.worker import drive
from deepview_lab.exceptions import DeepViewException, NotASpecError
from deepview_lab.run_saver import saver
from deepview_lab.typing import resolve_path_or_str
from deepview_lab.typing.numbers import whole_number

__all__ = ["introspect", "runs", "start"]


def start(
    producer: Producer,
    *specs: AnySpec,
    batch_size: int = 32,
    name: str | None = None,
    total: int | None = None,
    until_stable: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
) -> Run:
    """Start introspectors on a producer in the background and return at once.

    Background runs work one at a time, in the order of their start; the others are `pending`.

    Parameters
    ----------
    producer : Producer
        Where the batches come from, usually a pipeline that ends in a model. Data becomes a producer
        (``deepview_lab.as_producer``).
    *specs : Spec
        What to compute, all in one pass: ``IUA.spec()``, ``PFA.spec(pool="average")``. Two of one kind get the names
        ``iua`` and ``iua-2``.
    batch_size : int
        Samples per batch.
    name : str, optional
        For people; made of the introspectors and the variable or the kind of the data otherwise.
    total : int, optional
        How many samples will come, for a producer without a ``len``.
    until_stable : int, optional
        Stop when all layers have been stable at so many marks in a row; ``run.note`` says so. Marks are at 64, 128,
        256, ... samples; a layer is stable when none of its figures moved by a point (1 % of its units or values) since
        the mark before. 2 is a good choice. The answer does not depend on the batch size.
    checkpoint : path, optional
        A folder in which the run is kept while it works. The same call in another process resumes from there: what was
        counted is read again but does not pass the model, and the numbers are those of a run that was never
        interrupted. Of a run that had read all its data the results come at once; delete the folder to start anew.

    Returns
    -------
    Run
        ``run.wait()`` gives the results, ``run.snapshot("iua")`` the table so far, ``run.cancel()`` stops it.

    Raises
    ------
    NotAProducerError
        when ``producer`` is none and cannot become one.
    DeepViewException
        when there is no spec, or something that is none.
    CheckpointError
        when the checkpoint is damaged, in use, or of another run.
    OptionTypeError
        (a TypeError) when ``batch_size``, ``total`` or ``until_stable`` is no whole number, or ``checkpoint`` no path.
    ValueError
        when ``batch_size`` or ``until_stable`` is not positive, or no introspector can tell when it is stable.
    """
    options = _Options(batch_size, name, total, until_stable, checkpoint)
    return _started(*_prepared(producer, specs, options))


def start_remarked(producer: Producer, *specs: AnySpec, batch_size: int, name: str | None, remark: str) -> Run:
    """Start a run as :func:`start` does; ``remark`` stands in its note."""
    return _started(*_prepared(producer, specs, _Options(batch_size, name, None, None, None, remark)))


def _started(run: Run, job: RunJob, plan: RunPlan) -> Run:
    registry.queue.enter(job)
    threading.Thread(target=_take_turn, args=(job, plan), name=f"deepview-run-{run.id}", daemon=True).start()
    return run


def _take_turn(job: RunJob, plan: RunPlan) -> None:
    queue = registry.queue

    def rest(wait: Callable[[], None]) -> None:
        queue.leave(job)  # a paused run does not hold up the others
        wait()
        if not stopping():
            queue.enter(job)
            queue.wait(job, stopping)

    def stopping() -> bool:
        return job.lifecycle.stopping

    queue.wait(job, stopping)
    try:
        drive(job, plan, watched=registry.watched, seen=registry.shows, rest=rest, on_stop=queue.nudge)
    finally:
        queue.leave(job)


def introspect(
    producer: Producer,
    *specs: AnySpec,
    batch_size: int = 32,
    name: str | None = None,
    until_stable: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
) -> Mapping[str, Any]:
    """Run on the calling thread and return the results by name; the run is also in :func:`runs`, live.

    Ctrl-C stops after the current batch and raises KeyboardInterrupt; partial results are in ``runs()[-1].results``.
    A second Ctrl-C interrupts at once. A run that is cancelled elsewhere returns its partial results with a warning.
    Parameters and errors are those of :func:`start`; whatever the producer raises is raised here.
    """
    options = _Options(batch_size, name, None, until_stable, checkpoint)
    run, job, plan = _prepared(producer, specs, options)
    with _interrupt_cancels(job) as interrupted:
        drive(job, plan, watched=registry.watched, seen=registry.shows)
    if interrupted.is_set():
        raise KeyboardInterrupt
    return run.wait()


def runs() -> list[RunView]:
    """Return the runs of this process, oldest first."""
    return registry.runs()


@dataclass(frozen=True)
class _Options:
    """What :func:`start` was asked for, checked."""

    batch_size: int
    name: str | None
    total: int | None
    until_stable: int | None
    checkpoint: str | os.PathLike[str] | None
    remark: str = ""

    def __post_init__(self) -> None:
        whole_number("batch_size", self.batch_size, write="batch_size=32")
        if self.until_stable is not None:
            whole_number("until_stable", self.until_stable, write="until_stable=2")
        if self.total is not None:
            whole_number("total", self.total, least=0, write="total=10_000, or leave it out")
        if self.checkpoint is not None:
            resolve_path_or_str(self.checkpoint, example="deepview-checkpoints/audit")


def _prepared(producer: Producer, specs: tuple[AnySpec, ...], options: _Options) -> tuple[Run, RunJob, RunPlan]:
    given, producer = producer, as_producer(producer)
    if not specs:
        raise DeepViewException("Nothing to compute: pass at least one spec, for example IUA.spec().")
    tasks = _named(specs)
    if options.until_stable is not None and not any(task.stability for task in tasks):
        raise ValueError("until_stable needs an introspector of layers, such as IUA or PFA, but there is none.")
    plan = RunPlan.of(producer, None if options.total is None else operator.index(options.total))
    batch_size = operator.index(options.batch_size)  # a NumPy integer has no place in messages
    job = RunJob(
        tasks,
        notify=registry.notify,
        until_stable=options.until_stable,
        checkpoint_writer=_checkpoint_writer(producer, tasks, batch_size, options.checkpoint),
    )
    run = Run(
        str(options.name) if options.name else f"{'+'.join(task.name for task in tasks)} · {_source_name(given)}",
        job,
        batch_size=batch_size,
        created=time.time(),
        saver=saver(),
        origin=running_code(),
        remark=options.remark,
    )
    try:
        job.restore(plan.responses, plan.total)
    except BaseException:
        job.let_go()
        raise
    registry.add(run, job)
    registry.notify(RunChanged(run))
    return run, job, plan


def _checkpoint_writer(
    producer: Producer, tasks: list[IntrospectorTask], batch_size: int, path: str | os.PathLike[str] | None
) -> CheckpointWriter | None:
    if path is None:
        return None
    check_keepable(tasks)
    return CheckpointWriter(Checkpoint.open(path), producer, identity(producer, tasks, batch_size))


def _named(specs: tuple[AnySpec, ...]) -> list[IntrospectorTask]:
    seen: Counter[str] = Counter()
    tasks = []
    for spec in specs:
        if isinstance(spec, type) or not hasattr(spec, "create"):
            raise NotASpecError(spec)
        seen[spec.kind] += 1
        count = seen[spec.kind]
        tasks.append(IntrospectorTask(spec.kind if count == 1 else f"{spec.kind}-{count}", spec))
    return tasks


def _source_name(producer: Producer) -> str:
    source = producer.source if isinstance(producer, Pipeline) else producer
    called = variable_of(producer) or variable_of(source)
    return called or str(getattr(source, "__name__", type(source).__name__))


@contextmanager
def _interrupt_cancels(job: RunJob) -> Iterator[threading.Event]:
    """While the block runs, the first Ctrl-C cancels the run between two batches, so that no batch is half counted."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler  # None: set by something other than Python

    def on_interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the form of a signal handler
        interrupted.set()
        signal.signal(signal.SIGINT, before)
        job.lifecycle.interrupt()

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
