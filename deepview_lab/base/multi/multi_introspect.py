"""Several introspectors over one pass of a producer."""

from __future__ import annotations

import contextvars
import functools
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from typing import Any, TypeAlias, TypeVar, overload

from deepview_lab.base import Batch, Pipeline, PipelineStage, Producer, ResponseInfo
from deepview_lab.base.conversion import as_producer
from deepview_lab.base.multi.lane import Lane
from deepview_lab.base.producer import batches_of, known_responses
from deepview_lab.exceptions import DeepViewException

__all__ = ["MultiIntrospectError", "multi_introspect"]

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")
Introspection: TypeAlias = Callable[[Producer], T]

_IDLE_SECONDS = 0.25  # where a lock cannot be interrupted (Windows), Ctrl-C is heard that late


class MultiIntrospectError(DeepViewException):
    """One of several introspectors, or their producer, failed; ``__cause__`` is what it raised."""

    def __init__(self, who: str, cause: BaseException) -> None:
        super().__init__(f"multi_introspect has no results, because {who} failed: {cause}".rstrip(": "))


@overload
def multi_introspect(in1: Introspection[A], /, *, producer: Producer) -> tuple[A]: ...
@overload
def multi_introspect(in1: Introspection[A], in2: Introspection[B], /, *, producer: Producer) -> tuple[A, B]: ...
@overload
def multi_introspect(
    in1: Introspection[A], in2: Introspection[B], in3: Introspection[C], /, *, producer: Producer
) -> tuple[A, B, C]: ...
@overload
def multi_introspect(
    in1: Introspection[A], in2: Introspection[B], in3: Introspection[C], in4: Introspection[D], /, *, producer: Producer
) -> tuple[A, B, C, D]: ...
@overload
def multi_introspect(*introspectors: Introspection[Any], producer: Producer) -> tuple[Any, ...]: ...


def multi_introspect(*introspectors: Introspection[Any], producer: Producer) -> tuple[Any, ...]:
    """Give every introspector the batches of one pass over ``producer``, and return their results in order.

    For IUA and PFA alone, ``deepview_lab.start(producer, IUA.spec(), PFA.spec())`` does the same in the background.

    Parameters
    ----------
    *introspectors : callable
        Each takes a producer and returns its result: ``IUA.introspect``, ``functools.partial(PFA.introspect,
        pool="average")``, or any function that calls the producer once and iterates. Whoever returns early no longer
        takes part; the others continue.
    producer : Producer
        Where the batches come from. It is called once, and not at all when no introspector reads.

    Returns
    -------
    tuple
        One result for each introspector.

    Raises
    ------
    MultiIntrospectError
        (a DeepViewException) when an introspector or the producer raised, with that as ``__cause__``: for example a
        ValueError when they ask for different batch sizes. The others are told at their next batch, by a
        DeepViewException, and not waited for.
    DeepViewException
        when there is no introspector, or one that cannot be called.
    NotAProducerError
        when ``producer`` cannot be called.

    Notes
    -----
    The producer, and so a model in it, works on the calling thread: Ctrl-C is heard there and raises KeyboardInterrupt.
    Each introspector works on a thread of its own, in a copy of the caller's context. All get the same Batch objects,
    which are read-only. The pass begins when every introspector has asked for batches or has returned, and a batch is
    made when everyone has room for it, so that nobody is more than two batches ahead of the slowest reader.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.introspectors import IUA, PFA
    >>> from deepview_lab.samples import StubProducer
    >>> data = StubProducer({"dense": np.random.default_rng(0).standard_normal((100, 3))})
    >>> iua, pfa = multi_introspect(IUA.introspect, PFA.introspect, producer=data)
    >>> iua.results["dense"].mean_inactive, pfa.get_recipe()["dense"].recommended_output_count
    (0.0, 3)
    """
    producer = as_producer(producer)
    if not introspectors:
        raise DeepViewException("Nothing to compute: pass at least one introspector, for example IUA.introspect.")
    for introspector in introspectors:
        _check(introspector)
    return _Pass(introspectors, producer).results()


def _check(introspector: object) -> None:
    if callable(introspector) and not isinstance(introspector, type):
        return
    came = f"the class {introspector.__name__}" if isinstance(introspector, type) else type(introspector).__name__
    raise DeepViewException(
        f"An introspector is a function of a producer, such as IUA.introspect, but got {came}. Options go in with "
        "functools.partial(PFA.introspect, pool='average'); specs go to deepview_lab.start."
    )


class _Reader:
    """An introspector on its thread."""

    def __init__(self, introspector: Introspection[Any], position: int, lane: Lane, source: Producer) -> None:
        named = introspector.func if isinstance(introspector, functools.partial) else introspector
        self.name = f"introspector {position} ({getattr(named, '__qualname__', type(named).__name__)})"
        self.lane = lane
        self.result: Any = None  # Any: whatever the introspector returns
        self._work = functools.partial(introspector, source)
        self._thread_name = f"deepview-introspector-{position}"

    def start(self, ended: Callable[[_Reader, BaseException | None], None]) -> None:
        """Begin; ``ended`` is called on the reader's thread with what was raised, if anything."""

        def run() -> None:
            error = None
            try:
                self.result = self._work()
            except BaseException as raised:  # noqa: BLE001 - raised again on the calling thread
                error = raised
            ended(self, error)

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(run,), name=self._thread_name, daemon=True).start()


class _Pass:
    """One pass, driven on the calling thread."""

    def __init__(self, introspectors: Sequence[Introspection[Any]], producer: Producer) -> None:
        self._producer = producer
        self._changed = threading.Condition()
        self._failed: list[tuple[_Reader, BaseException]] = []
        self._ended = 0
        source = producer.source if isinstance(producer, Pipeline) else producer
        known = _Known(known_responses(producer))
        self._readers = []
        for position, introspector in enumerate(introspectors, start=1):
            lane = Lane(self._changed, source)
            self._readers.append(_Reader(introspector, position, lane, Pipeline(lane, [known])))

    def results(self) -> tuple[Any, ...]:
        """Make the pass."""
        reason = "multi_introspect has ended, so that its producer yields nothing any more."
        try:
            for reader in self._readers:
                reader.start(self._on_end)
            self._deliver()
            self._wait(lambda: self._ended == len(self._readers))
        except MultiIntrospectError as error:
            reason = error.message
            raise
        finally:
            with self._changed:
                for reader in self._readers:
                    reader.lane.end(reason)
        return tuple(reader.result for reader in self._readers)

    def _on_end(self, reader: _Reader, error: BaseException | None) -> None:
        with self._changed:
            if error is not None:
                self._failed.append((reader, error))
            self._ended += 1
            reader.lane.close()

    def _deliver(self) -> None:
        lanes = [reader.lane for reader in self._readers]
        self._wait(lambda: all(lane.batch_size is not None or not lane.open for lane in lanes))
        size = self._batch_size()
        if size is None:
            return
        with closing(self._batches(size)) as batches:
            while self._all_ready(lanes) and (batch := next(batches, None)) is not None:
                with self._changed:
                    for lane in lanes:
                        lane.feed(batch)
        with self._changed:
            for lane in lanes:
                lane.end()

    def _all_ready(self, lanes: Sequence[Lane]) -> bool:
        """Wait until every lane has room, and return whether anybody reads."""
        self._wait(lambda: all(lane.ready() for lane in lanes))
        return any(lane.open for lane in lanes)

    def _batches(self, batch_size: int) -> Generator[Batch]:
        try:
            yield from batches_of(self._producer, batch_size)
        except Exception as error:
            raise MultiIntrospectError("the producer", error) from error

    def _batch_size(self) -> int | None:
        """Return what everybody who reads has asked for, None when nobody reads."""
        asked = {reader.name: reader.lane.batch_size for reader in self._readers if reader.lane.batch_size is not None}
        if len(set(asked.values())) > 1:
            listed = ", ".join(f"{name} asked for {size}" for name, size in asked.items())
            error = ValueError(
                f"All introspectors of one pass must ask for the same batch size, but {listed}. Give each the same "
                "batch_size, for example functools.partial(IUA.introspect, batch_size=64)."
            )
            raise MultiIntrospectError("the choice of a batch size", error) from error
        return next(iter(asked.values()), None)

    def _wait(self, ready: Callable[[], bool]) -> None:
        """Wait until ``ready``, or raise what an introspector raised."""
        with self._changed:
            while not self._failed and not ready():
                self._changed.wait(_IDLE_SECONDS)
            if not self._failed:
                return
            reader, error = self._failed[0]
        if isinstance(error, Exception):
            raise MultiIntrospectError(reader.name, error) from error
        raise error


class _Known(PipelineStage):
    """Passes batches on and tells what the shared producer tells of its responses."""

    def __init__(self, responses: Mapping[str, ResponseInfo]) -> None:
        self._responses = responses

    def _pipeline(self, producer: Producer) -> Producer:
        return producer

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:  # noqa: ARG002
        """Return the responses of the shared producer."""
        return self._responses
