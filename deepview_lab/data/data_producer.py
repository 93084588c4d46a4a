"""A producer of samples that can be read in any order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, final, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.sample_columns import SampleColumns
from deepview_lab.exceptions import DataError, UnknownNameError
from deepview_lab.typing.numbers import whole_number

__all__ = ["DataProducer", "Fields", "Rows"]

Fields = Mapping[str, NDArray[Any]]


class Rows(Protocol):
    """Samples that can be read by their row."""

    def __len__(self) -> int: ...

    def read(self, rows: Sequence[int], /) -> tuple[Fields, Sequence[int]]:
        """Return the fields of the samples at ``rows``, and which rows these are: all, or those that can be read.

        ``rows`` is a range where they follow each other.
        """
        ...


@runtime_checkable
class Resizable(Protocol):
    """Rows of pictures that can be resized while they are read."""

    size: tuple[int, int] | None


@final
class DataProducer:
    """Serves samples in batches, in their order; :meth:`take` reads some of them.

    ``deepview_lab.as_producer`` makes it. Batches have the metadata ``IDENTIFIER`` (the row where no other is known),
    and ``LABELS`` and ``PATH`` where they are known.

    Parameters
    ----------
    rows : Rows
        The samples.
    columns : SampleColumns
        What is known of each besides its fields.
    options : DataOptions
        What the user gave, which overrules ``columns``.
    what : str
        What the data is, for people.
    guessed : sequence of str
        What was decided without being asked.
    """

    def __init__(
        self,
        rows: Rows,
        columns: SampleColumns,
        options: DataOptions,
        *,
        what: str,
        guessed: Sequence[str] = (),
    ) -> None:
        if not len(rows):
            raise DataError(f"The {what} has no sample, but at least one is needed.")
        self._rows = rows
        self._columns = columns.overruled(options, len(rows))
        self._what = what
        self.__name__ = what  # for the names of runs
        self.guessed = tuple(guessed)

    @property
    def resizable(self) -> bool:
        """Whether the samples are pictures that are read in any size."""
        return isinstance(self._rows, Resizable)

    def __len__(self) -> int:
        return len(self._rows)

    def __bool__(self) -> bool:
        return True

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the samples in batches of ``batch_size``; the last may be shorter."""
        whole_number("batch_size", batch_size, write="batch_size=32")
        return self._batches(batch_size)

    def take(self, ids: Iterable[Hashable]) -> Batch:
        """Return the samples with these identifiers, in this order, without reading the others.

        Raises
        ------
        UnknownNameError
            (a KeyError) for an identifier that no sample has.
        """
        known = self._row_of
        rows = []
        for wanted in ids:
            if wanted not in known:
                raise UnknownNameError("sample", wanted, known)
            rows.append(known[wanted])
        batch = self._batch(rows)
        if batch is None:
            raise DataError("None of these samples can be read.")
        return batch

    @cached_property
    def _row_of(self) -> Mapping[Hashable, int]:
        ids = self._columns.ids
        return {wanted: row for row, wanted in enumerate(range(len(self)) if ids is None else ids)}

    def _batches(self, batch_size: int) -> Iterator[Batch]:
        count = len(self)
        for start in range(0, count, batch_size):
            batch = self._batch(range(start, min(start + batch_size, count)))
            if batch is not None:
                yield batch

    def _batch(self, rows: Sequence[int]) -> Batch | None:
        fields, kept = self._rows.read(rows)
        if not len(kept):
            return None
        builder = Batch.Builder({name: np.asarray(values) for name, values in fields.items()})
        self._columns.write(builder, kept)
        return builder.make_batch()

    def __repr__(self) -> str:
        columns = self._columns
        carried = [str(name) for name in columns.labels]
        parts = [f"{len(self):,} samples of {self._what}", *([f"labels: {', '.join(carried)}"] if carried else [])]
        return "; ".join([*parts, *self.guessed]) + "."
