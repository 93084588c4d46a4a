"""A Producer makes batches; anything that can be called with a batch size and iterates over Batch objects is one."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from deepview_lab.base.batch import Batch
from deepview_lab.base.remedies import instead_of_producer, is_model
from deepview_lab.base.response import ResponseInfo
from deepview_lab.exceptions import EmptyProducerError, NotAProducerError
from deepview_lab.typing.numbers import whole_number

__all__ = [
    "Producer",
    "batches_of",
    "check_producer",
    "is_callable_producer",
    "known_responses",
    "peek_first_batch",
    "sample_count",
]


@runtime_checkable
class Producer(Protocol):
    """A source of batches.

    Calling it starts from the beginning and yields finitely many batches of ``batch_size`` samples (the last may be
    shorter). A producer with a ``len`` promises that many samples; progress and ETA need it.
    """

    def __call__(self, batch_size: int, /) -> Iterable[Batch]:
        """Yield batches of ``batch_size`` samples."""
        ...


def batches_of(producer: Producer, batch_size: int) -> Iterator[Batch]:
    """Yield the batches of ``producer``, checking that they are batches.

    Raises
    ------
    NotAProducerError
        when the thing cannot be called or yields something else.
    ValueError
        when ``batch_size`` is not positive.
    """
    whole_number("batch_size", batch_size, write="batch_size=32")
    check_producer(producer)
    produced = producer(batch_size)
    if not isinstance(produced, Iterable):
        raise NotAProducerError(producer, f"it returned {_described(produced)}")
    for batch in produced:
        if not isinstance(batch, Batch):
            raise NotAProducerError(producer, f"it yielded {_described(batch)}")
        yield batch


def check_producer(producer: object, *, name: str | None = None) -> None:
    """Refuse what cannot be a producer, before anything runs.

    Raises
    ------
    NotAProducerError
        when it cannot be called, is a class or a model, or does not take a batch size. For models, arrays, tables and
        stages the message says what to write.
    """
    if isinstance(producer, type):
        raise NotAProducerError(producer, "it is a class; make an object of it", name=name)
    if not is_callable_producer(producer):
        came, remedy = instead_of_producer(producer) or ("it cannot be called", None)
        raise NotAProducerError(producer, came, name=name, remedy=remedy)
    try:
        inspect.signature(producer).bind(1)  # type: ignore[arg-type]  # it can be called
    except TypeError:
        raise NotAProducerError(producer, "it does not take one argument, the batch size", name=name) from None
    except ValueError:  # a callable of C without a signature: calling it will tell
        pass


def is_callable_producer(value: object) -> bool:
    """Return whether ``value`` can be called as a producer is, rather than as a model or a class."""
    return callable(value) and not isinstance(value, type) and not is_model(value)


def _described(value: object) -> str:
    return "None" if value is None else f"something of type {type(value).__name__}"


def peek_first_batch(producer: Producer, batch_size: int = 1) -> Batch:
    """Return the first batch.

    Raises
    ------
    EmptyProducerError
        when there is none.
    """
    for batch in batches_of(producer, batch_size):
        return batch
    raise EmptyProducerError(producer)


def sample_count(producer: Producer) -> int | None:
    """Return how many samples the producer promises by its ``len``, or None when it does not say."""
    try:
        return len(producer)  # type: ignore[arg-type]  # many producers have no len; that is the question
    except Exception:  # noqa: BLE001 - a len may be anybody's code, and only progress depends on it
        return None


def known_responses(producer: Producer) -> Mapping[str, ResponseInfo]:
    """Return what the producer tells in ``responses`` of the fields that it yields; nothing when it does not tell."""
    try:
        known = producer.responses  # type: ignore[attr-defined]  # most have none; that is the question
    except Exception:  # noqa: BLE001 - a property may be anybody's code
        return {}
    told = isinstance(known, Mapping) and all(isinstance(info, ResponseInfo) for info in known.values())
    return known if told else {}
