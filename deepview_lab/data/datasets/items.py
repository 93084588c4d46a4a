"""Samples that are made one by one, put together in batches."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.element import chunk_of, described
from deepview_lab.data.labels import as_array, listed
from deepview_lab.data.stream_producer import StreamProducer
from deepview_lab.exceptions import DataError, UnknownNameError

__all__ = ["ItemProducer", "Items", "batched", "together"]

# Any: samples are whatever a data set makes.


class Items(Protocol):
    """Samples that can be made in any order."""

    def __len__(self) -> int: ...

    def read(self, rows: Sequence[int], /) -> Any:
        """Return the samples at ``rows`` as one element: an array, ``(x, y)`` or a dict of arrays."""
        ...


@final
class ItemProducer:
    """Serves the samples of a data set in batches, in their order; :meth:`take` makes some of them.

    ``deepview_lab.as_producer`` makes it. Labels and identifiers are those that come with the samples, unless the user
    gave others; samples are counted where there are none.
    """

    def __init__(
        self, items: Items, options: DataOptions, *, what: str, guessed: Sequence[str] = (), ids: Any = None
    ) -> None:
        count = len(items)
        if not count:
            raise DataError(f"The {what} has no sample, but at least one is needed.")
        self._items = items
        self._options = options
        self._ids = ids if options.ids is None else options.ids

        def chunks(batch_size: int) -> Iterator[Any]:
            return (items.read(range(at, min(at + batch_size, count))) for at in range(0, count, batch_size))

        said = described(items.read(range(1))) if options.labels is None else ""
        remarks = [*guessed, *([said] if said else [])]
        self._stream = StreamProducer(chunks, count, options, what=what, guessed=remarks)
        self.guessed = self._stream.guessed
        self.__name__ = what  # for the names of runs

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return True

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the samples in batches of ``batch_size``; the last may be shorter."""
        return self._stream(batch_size)

    def take(self, ids: Iterable[Hashable]) -> Batch:
        """Return the samples with these identifiers, in this order, without making the others.

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
        return self._stream.batch_of(chunk_of(self._items.read(rows), self._options.field), rows)

    @cached_property
    def _row_of(self) -> Mapping[Hashable, int]:
        ids = range(len(self)) if self._ids is None else listed("ids", self._ids)
        return {wanted: row for row, wanted in enumerate(ids)}

    def __repr__(self) -> str:
        return repr(self._stream)


def batched(samples: Iterable[Any], size: int) -> Iterator[Any]:
    """Yield ``size`` samples at a time as one element, the last may have fewer."""
    waiting = iter(samples)
    while some := list(islice(waiting, size)):
        yield together(some)


def together(samples: Sequence[Any]) -> Any:
    """Return samples as one element: arrays with the samples in dimension 0, in the structure that each has.

    Raises
    ------
    DataError
        when they differ in shape or structure.
    """
    first = samples[0]
    if isinstance(first, Mapping):
        if any(not isinstance(sample, Mapping) or sample.keys() != first.keys() for sample in samples):
            raise DataError("The samples have different keys, but all must be alike.")
        return {key: together([sample[key] for sample in samples]) for key in first}
    if isinstance(first, tuple):
        if any(not isinstance(sample, tuple) or len(sample) != len(first) for sample in samples):
            raise DataError("The samples have different numbers of parts, but all must be alike.")
        return tuple(together(parts) for parts in zip(*samples, strict=True))
    return _stacked(samples)


def _stacked(samples: Sequence[Any]) -> NDArray[Any]:
    arrays = [as_array(sample) for sample in samples]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        listed_shapes = " and ".join(sorted(map(str, shapes))[:3])
        raise DataError(
            f"The samples have the shapes {listed_shapes}, but all must be alike. Resize or pad them in the data set."
        )
    return np.stack(arrays)
