"""Reading what a cache holds: slices of memory-mapped fields, and metadata from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.batch import Fields, assemble
from deepview_lab.base.metadata import Metadata
from deepview_lab.base.own_files import check_own, open_own, size_of_own
from deepview_lab.base.plain_values import decoded
from deepview_lab.exceptions import CacheError
from deepview_lab.processors.cache.index import JOURNAL, FieldSchema, Index, Section, field_file
from deepview_lab.processors.cache.journal import Entry, entries
from deepview_lab.processors.cache.layout import keys_of, metadata_of

__all__ = ["Reader"]

# Any: fields of all dtypes, metadata of all types.
Columns = list[list[tuple[Any, ...]]]


class Reader:
    """The first ``samples`` samples of a cache as batches.

    Parameters
    ----------
    folder : Path
        Where it is.
    index : Index
        What it holds.
    samples : int
        How many samples to offer; their files must hold them.

    Raises
    ------
    CacheError
        when a file is missing or too short.
    """

    def __init__(self, folder: Path, index: Index, samples: int) -> None:
        self._folder = folder
        self._samples = samples
        self._checked = index.complete  # then the checksum of the whole journal has been looked at
        self._sections = [_Section(folder, section, samples) for section in index.sections]

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield batches of ``batch_size`` samples; the last may be shorter. Their arrays are views of the files."""
        metadata = _Metadata(entries(self._folder / JOURNAL, checked=self._checked))
        for start in range(0, self._samples, batch_size):
            stop = min(start + batch_size, self._samples)
            yield self._batch(start, stop, metadata.take(stop - start))

    def _batch(self, start: int, stop: int, columns: Columns) -> Batch:
        parts = {
            section.snapshot: (
                Fields({name: array[start:stop] for name, array in section.arrays.items()}),
                Metadata(metadata_of(section.keys, held)),
            )
            for section, held in zip(self._sections, columns, strict=True)
        }
        snapshots = {name: assemble(*part, {}) for name, part in parts.items() if name is not None}
        return assemble(*parts[None], snapshots)


class _Section:
    def __init__(self, folder: Path, section: Section, samples: int) -> None:
        self.snapshot = section.snapshot
        self.keys = keys_of(section)
        self.arrays = {field.name: _mapped(folder, field, samples) for field in section.fields}


def _mapped(folder: Path, field: FieldSchema, samples: int) -> NDArray[Any]:
    path = folder / field_file(field.number)
    needed = samples * field.bytes_per_sample
    shape = (samples, *field.shape)
    size = size_of_own(path) if check_own(path) else -1
    if size < needed:
        there = f"has {size:,} bytes instead of {needed:,}" if size >= 0 else "is not there"
        raise CacheError(
            f"The cache in {folder} is damaged: {path.name}, which holds field {field.name!r}, {there}. Remove it "
            f"with Cacher.clear({str(folder)!r}) and let it be made again."
        )
    if needed == 0:  # nothing cannot be mapped
        return np.empty(shape, field.numpy_dtype())
    # A plain array: slices of numpy.memmap take three times as long.
    with open_own(path) as file:
        return np.memmap(file, field.numpy_dtype(), mode="r", shape=shape).view(np.ndarray)


class _Metadata:
    """Gives the columns of the next samples, whatever the batches in which they were written."""

    def __init__(self, journal: Iterator[Entry]) -> None:
        self._entries = journal
        self._current: Columns = []
        self._size = self._left = 0

    def take(self, samples: int) -> Columns:
        """Return the columns of the next ``samples`` samples by section."""
        parts = []
        while samples:
            if self._left == 0:
                self._next()
            count = min(samples, self._left)
            start = self._size - self._left
            parts.append(_cut(self._current, start, start + count) if count < self._size else self._current)
            self._left -= count
            samples -= count
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _next(self) -> None:
        entry: Entry | None = next(self._entries, None)
        if entry is None:
            raise CacheError("The journal of the cache ends before its data. Remove the cache with Cacher.clear.")
        self._current = [[decoded(column) for column in section] for section in entry.columns]
        self._size = self._left = entry.samples


def _cut(columns: Columns, start: int, stop: int) -> Columns:
    return [[values[start:stop] for values in section] for section in columns]


def _joined(parts: list[Columns]) -> Columns:
    return [
        [tuple(chain.from_iterable(pieces)) for pieces in zip(*sections, strict=True)]
        for sections in zip(*parts, strict=True)
    ]
