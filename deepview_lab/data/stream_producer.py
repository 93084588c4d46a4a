"""A producer of data that can only be iterated, in parts of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.element import Chunk, chunk_of
from deepview_lab.data.labels import LABEL, SPLIT, dimensions, listed
from deepview_lab.data.sample_columns import SampleColumns, picked
from deepview_lab.exceptions import DataError
from deepview_lab.typing.numbers import whole_number

__all__ = ["Chunks", "StreamProducer"]

Chunks = Callable[[int], Iterable[Any]]


@final
class StreamProducer:
    """Serves what an iterable yields, in batches of the size that is asked for.

    ``deepview_lab.as_producer`` makes it. Each pass iterates from the beginning; whether it yields the same samples in
    the same order is up to the data.

    Parameters
    ----------
    chunks : callable
        Gets a batch size that suits, and returns an iterable of batches of any size: arrays, ``(x, y)``, or dicts.
    count : int, optional
        How many samples there are, None where that is not known.
    options : DataOptions
        What the user gave.
    what : str
        What the data is, for people.
    guessed : sequence of str
        What was decided without being asked.
    """

    def __init__(
        self, chunks: Chunks, count: int | None, options: DataOptions, *, what: str, guessed: Sequence[str] = ()
    ) -> None:
        self._chunks = chunks
        self._count = count
        self._what = what
        self._field = options.field
        self._given = _given(options, count)
        self._split = options.split if isinstance(options.split, str) else None
        self.guessed = tuple(guessed)
        self.__name__ = what  # for the names of runs

    def __len__(self) -> int:
        if self._count is None:
            raise TypeError(f"The {self._what} does not say how many samples it has.")
        return self._count

    def __bool__(self) -> bool:
        return True

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the samples in batches of ``batch_size``; the last may be shorter."""
        whole_number("batch_size", batch_size, write="batch_size=32")
        return self._batches(batch_size)

    def _batches(self, batch_size: int) -> Iterator[Batch]:
        start = 0
        for chunk in _recut(self._read(batch_size), batch_size):
            yield self.batch_of(chunk, range(start, start + len(chunk)))
            start += len(chunk)
        if self._given is not None:
            self._given.check(start)

    def _read(self, batch_size: int) -> Iterator[Chunk]:
        for element in self._chunks(batch_size):
            chunk = chunk_of(element, self._field)
            if len(chunk):
                yield chunk

    def batch_of(self, chunk: Chunk, rows: Sequence[int]) -> Batch:
        """Return some samples as a batch, with what is known of those at ``rows``."""
        columns = SampleColumns() if self._given is None else self._given
        labels = {name: picked(values, rows) for name, values in columns.labels.items()}
        own = chunk.labels is not None and not any(name != SPLIT for name in labels)
        ids = picked(columns.ids, rows) if columns.ids is not None else chunk.ids
        merged = SampleColumns(
            ids=rows if ids is None else ids,
            labels={
                **({LABEL: chunk.labels} if own and chunk.labels is not None else {}),
                **labels,
                **({SPLIT: [self._split] * len(chunk)} if self._split is not None else {}),
            },
        )
        builder = Batch.Builder(dict(chunk.fields))
        merged.write(builder, range(len(chunk)))
        return builder.make_batch()

    def __repr__(self) -> str:
        count = "Samples" if self._count is None else f"{self._count:,} samples"
        return "; ".join([f"{count} of {self._what}", *self.guessed]) + "."


def _given(options: DataOptions, count: int | None) -> SampleColumns | None:
    """Return the columns that the user gave beside the data."""
    for name in ("labels", "ids"):
        if isinstance(getattr(options, name), str):
            raise DataError(
                f"{name}={getattr(options, name)!r} names a column, but this data has none. Pass one value per sample."
            )
    made = SampleColumns()
    if options.labels is not None:
        made = replace(made, labels=dimensions(options.labels))
    if options.split is not None and not isinstance(options.split, str):
        made = replace(made, labels={**made.labels, SPLIT: listed("split", options.split)})
    if options.ids is not None:
        made = replace(made, ids=listed("ids", options.ids))
    if made == SampleColumns():
        return None
    if count is not None:
        made.check(count)
    return made


def _recut(chunks: Iterable[Chunk], size: int) -> Iterator[Chunk]:
    """Yield chunks of ``size`` samples, the last may be shorter. What has that size passes without a copy."""
    waiting: list[Chunk] = []
    held = 0
    for chunk in chunks:
        rest = chunk
        while held + len(rest) >= size:
            head, rest = rest.cut(size - held)
            yield _joined([*waiting, head])
            waiting, held = [], 0
        if len(rest):
            waiting.append(rest)
            held += len(rest)
    if waiting:
        yield _joined(waiting)


def _joined(chunks: list[Chunk]) -> Chunk:
    first = chunks[0]
    if len(chunks) == 1:
        return first
    if any(chunk.fields.keys() != first.fields.keys() for chunk in chunks):
        raise DataError("The data yields different fields from one batch to the next.")

    def together(name: str) -> NDArray[Any]:
        parts = [chunk.fields[name] for chunk in chunks]
        if len({part.shape[1:] for part in parts}) > 1:
            shapes = " and ".join(sorted({str(part.shape[1:]) for part in parts}))
            raise DataError(f"Samples of field {name!r} have the shapes {shapes}, but all must be alike.")
        return np.concatenate(parts)

    def column(values: list[list[Any] | None]) -> list[Any] | None:
        return None if any(part is None for part in values) else [item for part in values for item in part or ()]

    return Chunk(
        {name: together(name) for name in first.fields},
        column([chunk.labels for chunk in chunks]),
        column([chunk.ids for chunk in chunks]),
    )
