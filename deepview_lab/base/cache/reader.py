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
from deepview_lab.base.cache.checksum import checksum
from deepview_lab.base.cache.index import JOURNAL, FieldSchema, Index, Section, damaged, field_file
from deepview_lab.base.cache.journal import Entry, entries
from deepview_lab.base.cache.layout import keys_of, metadata_of
from deepview_lab.base.metadata import Metadata
from deepview_lab.base.own_files import check_own, open_own, size_of_own
from deepview_lab.base.plain_values import UNDECODABLE, decoded

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
        self._fields = [field for section in index.sections for field in section.fields]
        self._compares = index.checksums
        self._compared = 0

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield batches of ``batch_size`` samples; the last may be shorter. Their arrays are views of the files.

        Raises
        ------
        CacheError
            when the journal or an array is not what was written. Arrays are compared once.
        """
        metadata = _Metadata(self._folder, self._whole_entries(), self._sections)
        for start in range(0, self._samples, batch_size):
            stop = min(start + batch_size, self._samples)
            yield self._batch(start, stop, metadata.take(stop - start))

    def _whole_entries(self) -> Iterator[Entry]:
        """Yield the entries of the journal, each after its arrays have been compared with their checksums."""
        stop = 0
        journal = entries(self._folder / JOURNAL, checked=self._checked)
        while stop < self._samples:
            try:
                entry = next(journal, None)
            except ValueError as error:
                raise damaged(self._folder, str(error)) from None
            if entry is None:
                raise damaged(self._folder, "its journal ends before its data")
            start, stop = stop, stop + entry.samples
            if self._compares and stop > self._compared:
                self._compare(start, stop, entry.checksums)
                self._compared = stop
            yield entry

    def _compare(self, start: int, stop: int, checksums: list[int] | None) -> None:
        arrays = [array for section in self._sections for array in section.arrays.values()]
        if checksums is None or len(checksums) != len(arrays) or stop > self._samples:
            raise damaged(self._folder, f"its journal does not fit the samples {start:,} to {stop - 1:,}")
        for field, array, expected in zip(self._fields, arrays, checksums, strict=True):
            if checksum(array[start:stop]) != expected:
                raise damaged(
                    self._folder,
                    f"the samples {start:,} to {stop - 1:,} of {field_file(field.number)}, which holds field "
                    f"{field.name!r}, are not what was written",
                )

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
        raise damaged(folder, f"{path.name}, which holds field {field.name!r}, {there}")
    if needed == 0:  # nothing cannot be mapped
        return np.empty(shape, field.numpy_dtype())
    # A plain array: slices of numpy.memmap take three times as long.
    with open_own(path) as file:
        return np.memmap(file, field.numpy_dtype(), mode="r", shape=shape).view(np.ndarray)


class _Metadata:
    """Gives the columns of the next samples, whatever the batches in which they were written."""

    def __init__(self, folder: Path, journal: Iterator[Entry], sections: list[_Section]) -> None:
        self._folder = folder
        self._entries = journal
        self._widths = [len(section.keys) for section in sections]
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
        entry = next(self._entries)
        try:
            self._current = [[decoded(column) for column in section] for section in entry.columns]
        except UNDECODABLE as error:
            raise damaged(self._folder, f"its journal holds metadata that is none ({error})") from None
        lengths = {len(values) for section in self._current for values in section}
        if list(map(len, self._current)) != self._widths or not lengths <= {entry.samples}:
            raise damaged(self._folder, "its journal holds other metadata than its index tells")
        self._size = self._left = entry.samples


def _cut(columns: Columns, start: int, stop: int) -> Columns:
    return [[values[start:stop] for values in section] for section in columns]


def _joined(parts: list[Columns]) -> Columns:
    return [
        [tuple(chain.from_iterable(pieces)) for pieces in zip(*sections, strict=True)]
        for sections in zip(*parts, strict=True)
    ]
