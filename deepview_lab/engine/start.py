"""Starting runs: in the background, or blocking on the caller's thread."""

from __future__ import annotations

import operator
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from deepview_lab.base import Pipeline, Producer
from deepview_lab.base.producer import check_producer
from deepview_lab.engine.events import RunChanged
from deepview_lab.engine.fold import AnySpec, Fold
from deepview_lab.engine.plan import Plan
from deepview_lab.engine.registry import registry
from deepview_lab.engine.run import Run
from deepview_lab.engine.runner import drive
from deepview_lab.exceptions import DeepViewException

__all__ = ["introspect", "runs", "start"]


def start(
    producer: Producer, *specs: AnySpec, batch_size: int = 32, name: str | None = None, total: int | None = None
) -> Run:
    """Start introspectors on a producer in the background and return at once.

    Background runs work one at a time, in the order of their start; the others are `pending`.

    Parameters
    ----------
    producer : Producer
        Where the batches come from, usually a pipeline that ends in a model.
    *specs : Spec
        What to compute, all in one pass: ``IUA.spec()``, ``PFA.spec(pool="average")``. Two of one kind get the names
        ``iua`` and ``iua-2``.
    batch_size : int
        Samples per batch.
    name : str, optional
        For people; made of the introspectors and the source otherwise.
    total : int, optional
        How many samples will come, for a producer without a ``len``.

    Returns
    -------
    Run
        ``run.wait()`` gives the results, ``run.snapshot("iua")`` the table so far, ``run.cancel()`` stops it.

    Raises
    ------
    NotAProducerError
        when ``producer`` cannot be called.
    DeepViewException
        when there is no spec, or something that is none.
    ValueError
        when ``batch_size`` is not positive.
    """
    run, plan = _prepared(producer, specs, batch_size, name, total)

    registry.turns.enter(run)
    threading.Thread(target=_take_turn, args=(run, plan), name=f"deepview-run-{run.id}", daemon=True).start()
    return run


def _take_turn(run: Run, plan: Plan) -> None:
    turns = registry.turns

    def rest(wait: Callable[[], None]) -> None:
        turns.leave(run)  # a paused run does not hold up the others
        wait()
        if not stopping():
            turns.enter(run)
            turns.wait(run, stopping)

    def stopping() -> bool:
        return run._lifecycle.stopping

    turns.wait(run, stopping)
    try:
        drive(run, plan, watched=registry.watched, rest=rest, on_stop=turns.nudge)
    finally:
        turns.leave(run)


def introspect(producer: Producer, *specs: AnySpec, batch_size: int = 32, name: str | None = None) -> Mapping[str, Any]:
    """Run on the calling thread and return the results by name; the run is also in :func:`runs`, live.

    Ctrl-C stops after the current batch and raises KeyboardInterrupt; partial results are in ``runs()[-1].results``.
    A second Ctrl-C interrupts at once. A run that is cancelled elsewhere returns its partial results with a warning.
    Parameters and errors are those of :func:`start`; whatever the producer raises is raised here.
    """
    run, plan = _prepared(producer, specs, batch_size, name, None)
    with _interrupt_cancels(run) as interrupted:
        drive(run, plan, watched=registry.watched)
    if interrupted.is_set():
        raise KeyboardInterrupt
    return run.wait()


def runs() -> list[Run]:
    """Return the runs of this process, oldest first."""
    return registry.runs()


def _prepared(
    producer: Producer, specs: tuple[AnySpec, ...], batch_size: int, name: str | None, total: int | None
) -> tuple[Run, Plan]:
    check_producer(producer)
    batch_size = operator.index(batch_size)  # a NumPy integer has no place in messages
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, but is {batch_size}.")
    if not specs:
        raise DeepViewException("Nothing to compute: pass at least one spec, for example IUA.spec().")
    folds = _named(specs)
    run = Run(
        str(name) if name else f"{'+'.join(fold.name for fold in folds)} · {_source_name(producer)}",
        folds,
        batch_size=batch_size,
        created=time.time(),
        notify=registry.notify,
    )
    plan = Plan.of(producer, None if total is None else operator.index(total))
    registry.add(run)
    registry.notify(RunChanged(run))
    return run, plan


def _named(specs: tuple[AnySpec, ...]) -> list[Fold]:
    seen: Counter[str] = Counter()
    folds = []
    for spec in specs:
        if isinstance(spec, type) or not hasattr(spec, "create"):
            given = spec.__name__ if isinstance(spec, type) else type(spec).__name__
            raise DeepViewException(f"A spec is needed, but {given} is none. Write {given}.spec() to make one.")
        seen[spec.kind] += 1
        count = seen[spec.kind]
        folds.append(Fold(spec.kind if count == 1 else f"{spec.kind}-{count}", spec))
    return folds


def _source_name(producer: Producer) -> str:
    source = producer.source if isinstance(producer, Pipeline) else producer
    return str(getattr(source, "__name__", type(source).__name__))


@contextmanager
def _interrupt_cancels(run: Run) -> Iterator[threading.Event]:
    """While the block runs, the first Ctrl-C cancels ``run`` between two batches, so that no batch is half counted."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler  # None: set by something other than Python

    def on_interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the form of a signal handler
        interrupted.set()
        signal.signal(signal.SIGINT, before)
        run._lifecycle.interrupt()

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
