"""A Producer makes batches; anything that can be called with a batch size and iterates over Batch objects is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from deepview_lab.base.batch import Batch
from deepview_lab.exceptions import EmptyProducerError, NotAProducerError

__all__ = ["Producer", "batches_of", "peek_first_batch", "sample_count"]


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
    if batch_size <= 0:
        raise ValueError(f"batch_size must be at least 1, but is {batch_size}.")
    if not callable(producer) or isinstance(producer, type):
        raise NotAProducerError(producer)
    produced = producer(batch_size)
    if not isinstance(produced, Iterable):
        raise NotAProducerError(producer, produced)
    for batch in produced:
        if not isinstance(batch, Batch):
            raise NotAProducerError(producer, batch)
        yield batch


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
    """Return how many samples the producer promises by its ``len``, or None."""
    try:
        return len(producer)  # type: ignore[arg-type]  # many producers have no len; that is the question
    except TypeError:
        return None
