"""A finished cache as a producer."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import final

from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.base.cache.index import INDEX, JOURNAL, Index, damaged, field_file, read_index, write_index
from deepview_lab.base.cache.reader import Reader
from deepview_lab.base.cache.removal import is_cache, remove_cache
from deepview_lab.base.own_files import check_own, open_own, read_own, replace_own, write_all
from deepview_lab.exceptions import CacheError, DeepViewWarning
from deepview_lab.typing import PathOrStr, resolve_path_or_str
from deepview_lab.typing.numbers import whole_number

__all__ = ["CachedProducer"]

_CHUNK = 2**22


@final
class CachedProducer:
    """Serve what a :class:`~deepview_lab.processors.Cacher` has stored, in batches of any size.

    Arrays are views of memory-mapped files: nothing is copied. The first pass compares the checksum of each batch
    before it passes the batch on; later ones do not. Many processes may read one cache at a time.

    Parameters
    ----------
    storage_path : Path or str
        Folder of a finished cache.

    Raises
    ------
    CacheError
        (a DeepViewException) when there is no finished cache, or a file of it is damaged.

    Warns
    -----
    DeepViewWarning
        for a cache of format 1, whose arrays have no checksums.
    """

    def __init__(self, storage_path: PathOrStr) -> None:
        self._folder = resolve_path_or_str(storage_path)
        self._index = _complete(self._folder)
        if not self._index.checksums:
            warnings.warn(
                f"The cache in {self._folder} was written by an older version: damage of its arrays cannot be found. "
                f"Remove it with Cacher.clear({str(self._folder)!r}) to have it made again with checksums.",
                DeepViewWarning,
                stacklevel=2,
            )
        _check_journal(self._folder, self._index)
        self._reader = Reader(self._folder, self._index, self._index.samples)

    @property
    def storage_path(self) -> Path:
        """Folder of the cache."""
        return self._folder

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What the pipeline that made the cache knew of its fields: layers, kinds, unit axes."""
        return {name: response.info(name) for name, response in self._index.responses.items()}

    def is_of(self, index: Index) -> bool:
        """Return whether this is what ``index`` describes."""
        return self._index == index

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield batches of ``batch_size`` samples; the last may be shorter.

        Raises
        ------
        ValueError
            when ``batch_size`` is not positive.
        CacheError
            when the cache has been removed meanwhile, and while batches pass, when one is not what was written.
        """
        whole_number("batch_size", batch_size, write="batch_size=32")
        if not (self._folder / INDEX).exists():
            raise CacheError(f"The cache in {self._folder} has been removed. Let its pipeline make it again.")
        return self._reader.batches(batch_size)

    def __len__(self) -> int:
        return self._index.samples

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"CachedProducer({str(self._folder)!r}, {len(self)} samples)"

    def copy_to(self, new_path: PathOrStr, *, overwrite: bool = False) -> CachedProducer:
        """Copy the cache into another folder, which is made if need be, and return a producer of the copy.

        Parameters
        ----------
        new_path : Path or str
            The other folder.
        overwrite : bool
            Whether a cache that is there already may be replaced.

        Raises
        ------
        CacheError
            when there is one, and ``overwrite`` is False.
        """
        target = resolve_path_or_str(new_path)
        if target.resolve() == self._folder.resolve():
            raise CacheError(f"{target} is the cache itself. Copy it to another folder.")
        if is_cache(target):
            if not overwrite:
                raise CacheError(f"{target} holds a cache already. Choose another folder, or pass overwrite=True.")
            remove_cache(target)
        target.mkdir(parents=True, exist_ok=True)
        numbers = [field.number for section in self._index.sections for field in section.fields]
        for name in (JOURNAL, *map(field_file, numbers)):
            with open_own(self._folder / name) as source, replace_own(target / name) as copy:
                while chunk := source.read(_CHUNK):
                    write_all(copy, chunk)
        write_index(target, self._index)  # last: before it, there is no cache
        return CachedProducer(target)


def _complete(folder: Path) -> Index:
    index = read_index(folder)
    if index is None:
        hint = " That of DeepView is not read here, because opening it can run code." if _is_peers(folder) else ""
        raise CacheError(f"There is no cache in {folder}.{hint} Let a pipeline with a Cacher pass once to its end.")
    if not index.complete:
        raise CacheError(
            f"The cache in {folder} is not complete. Let its pipeline pass to its end; it resumes where it stopped."
        )
    return index


def _is_peers(folder: Path) -> bool:
    return (folder / ".dni_cache_dir").exists()


def _check_journal(folder: Path, index: Index) -> None:
    path = folder / JOURNAL
    raw = read_own(path) if check_own(path) else b""
    if len(raw) != index.journal_bytes or zlib.crc32(raw) != index.journal_crc:
        raise damaged(folder, f"{JOURNAL} is not what was written")
