"""Writing a cache: the fields of a batch first, then its line in the journal, which makes it count."""

from __future__ import annotations

import errno
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.cache.checksum import checksum
from deepview_lab.base.cache.index import JOURNAL, Index, damaged, field_file, write_index
from deepview_lab.base.cache.journal import entries, line_of
from deepview_lab.base.cache.layout import arrays_of, columns_of, sections_of
from deepview_lab.base.own_files import check_own, open_own, size_of_own, write_all
from deepview_lab.exceptions import NoSpaceError

__all__ = ["Writer"]

_SYNCED_BYTES = 256 * 2**20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Writer:
    """Appends batches to a cache, and goes on where an earlier writer was interrupted.

    Whoever makes one holds the lock of the folder.

    Parameters
    ----------
    folder : Path
        An existing folder.
    index : Index
        Of the interrupted cache, or a new one.
    boot : str
        Which start of the machine this is. What an earlier one had not brought to the disk safely is not trusted.
    expected : int or None
        How many samples will come, if that is known.
    """

    def __init__(self, folder: Path, index: Index, *, boot: str, expected: int | None) -> None:
        self._folder = folder
        self._expected = expected
        self.samples, self._journal_bytes, self._journal_crc = _found(folder, index, trusted=index.boot == boot != "")
        self.index = replace(index, boot=boot)
        self._unsynced = 0
        self._files: list[FileIO] = []
        write_index(folder, self.index)
        self._journal = _appending(folder / JOURNAL, self._journal_bytes)
        self._open_fields()

    def _open_fields(self) -> None:
        for section in self.index.sections:
            for field in section.fields:
                path = self._folder / field_file(field.number)
                self._files.append(_appending(path, self.samples * field.bytes_per_sample))

    def append(self, batch: Batch) -> None:
        """Add a batch.

        Raises
        ------
        CacheError
            when it has other parts than those before, or what a cache does not hold.
        ShapeChangedError
            when its samples have another shape.
        NoSpaceError
            (an OSError) when the disk is full. The batches before stay.
        """
        if not batch.batch_size:
            return
        if not self.index.sections:
            self.index = replace(self.index, sections=sections_of(batch))
            self._check_room(batch)
            write_index(self._folder, self.index)
            self._open_fields()
        columns = columns_of(batch, self.index.sections)
        arrays = [array for _, array in arrays_of(batch, self.index.sections)]
        line = line_of(batch.batch_size, columns, [checksum(array) for array in arrays])
        needed = sum(array.nbytes for array in arrays) + len(line)
        with self._room_for(needed):
            for file, array in zip(self._files, arrays, strict=True):
                _write(file, array)
            _write(self._journal, line)
        self.samples += batch.batch_size
        self._journal_bytes += len(line)
        self._journal_crc = zlib.crc32(line, self._journal_crc)
        self._unsynced += needed
        if self._unsynced >= _SYNCED_BYTES:
            self.sync()

    def _check_room(self, batch: Batch) -> None:
        """Refuse to begin when what is expected cannot fit."""
        if self._expected is None:
            return
        each = sum(field.bytes_per_sample for section in self.index.sections for field in section.fields)
        needed = each * max(self._expected, batch.batch_size)
        if needed > shutil.disk_usage(self._folder).free:
            raise self._no_space(needed)

    def _no_space(self, needed: int) -> NoSpaceError:
        free = shutil.disk_usage(self._folder).free
        kept = (
            f"Free some, or use another storage_path. {self.samples:,} samples are kept; the next pass resumes there."
        )
        return NoSpaceError(f"the cache in {self._folder}", needed, free, kept)

    @contextmanager
    def _room_for(self, needed: int) -> Iterator[None]:
        """Take back what does not count when the block cannot write."""
        try:
            yield
        except OSError as error:
            self._cut()
            if error.errno not in _FULL:
                raise
            raise self._no_space(needed) from error

    def _cut(self) -> None:
        """Take back what was written of a batch that does not count."""
        fields = [field for section in self.index.sections for field in section.fields]
        for file, field in zip(self._files, fields, strict=True):
            file.truncate(self.samples * field.bytes_per_sample)
        self._journal.truncate(self._journal_bytes)

    def sync(self, **changes: Any) -> None:
        """Bring all to the disk, then say so in the index; ``changes`` are further attributes of it."""
        safe = {
            "samples": self.samples,
            "journal_bytes": self._journal_bytes,
            "journal_crc": self._journal_crc,
        }
        with self._room_for(self._unsynced):
            for file in (*self._files, self._journal):
                os.fsync(file.fileno())
            self.index = replace(self.index, **safe, **changes)
            write_index(self._folder, self.index)
        self._unsynced = 0

    def finish(self, changes: Mapping[str, Any]) -> None:
        """Say that nothing is missing."""
        self.sync(state="complete", **changes)

    def close(self) -> None:
        """Close the files; what is written stays."""
        for file in (*self._files, self._journal):
            file.close()


def _found(folder: Path, index: Index, *, trusted: bool) -> tuple[int, int, int]:
    """Return how many samples an interrupted cache holds, and the bytes and checksum of their lines in the journal."""
    fields = [field for section in index.sections for field in section.fields]
    sizes = {field: size_of_own(folder / field_file(field.number)) for field in fields}
    samples = end = crc = 0
    path = folder / JOURNAL
    if not check_own(path) or not index.sections:
        return 0, 0, 0
    try:
        for entry in entries(path, None if trusted else index.journal_bytes):
            total = samples + entry.samples
            if any(size < total * field.bytes_per_sample for field, size in sizes.items()):
                break
            samples, end = total, entry.end
    except ValueError as error:
        raise damaged(folder, str(error)) from None
    with BufferedReader(open_own(path)) as file:
        crc = zlib.crc32(file.read(end))
    if samples < index.samples:
        raise damaged(folder, f"its index counts {index.samples:,} samples, its files hold {samples:,}")
    return samples, end, crc


def _appending(path: Path, size: int) -> FileIO:
    file = open_own(path, write=True, create=True)
    file.truncate(size)
    file.seek(size)
    return file


def _write(file: FileIO, data: NDArray[Any] | bytes) -> None:
    write_all(file, data if isinstance(data, bytes) else _bytes_of(data))


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view("u1").data if array.size else memoryview(b"")
