"""Removing caches, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from deepview_lab.base.cache.index import FILES, read_index
from deepview_lab.base.cache.lock import FolderLock
from deepview_lab.base.own_files import remove_own
from deepview_lab.exceptions import CacheError, ForeignFileError

__all__ = ["PREFIX", "caches_in", "is_cache", "remove_cache"]

PREFIX = "deepview-cacher-"


def is_cache(folder: Path) -> bool:
    """Return whether ``folder`` holds a cache, finished or not, damaged or not."""
    try:
        return read_index(folder) is not None
    except CacheError as error:
        return "is no index" not in error.message


def caches_in(folder: Path | None) -> Iterator[Path]:
    """Yield the caches in ``folder`` and in the folders directly in it; without one, those that Cacher() made.

    Raises
    ------
    NotADirectoryError
        when it is no folder.
    """
    if folder is None:
        for path in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
            if path.is_dir() and not path.is_symlink() and (is_cache(path) or not any(path.iterdir())):
                yield path
        return
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder, so there is no cache in it.")
    for path in (folder, *sorted(folder.iterdir())):
        if path.is_dir() and (path == folder or not path.is_symlink()) and is_cache(path):
            yield path


def remove_cache(folder: Path) -> None:
    """Remove the files of a cache, and its folder when nothing else is in it.

    Raises
    ------
    CacheError
        when it is being written.
    ForeignFileError
        (an OSError) when a folder has the name of one of its files.
    """
    lock = FolderLock.take(folder)
    if lock is None:
        raise CacheError(f"The cache in {folder} is being written by process {FolderLock.holder(folder)}: it stays.")
    with lock:
        found = [path for pattern in FILES for path in folder.glob(pattern)]
        for path in found:  # all or none
            if path.is_dir() and not path.is_symlink():
                raise ForeignFileError(path, "a folder")
        for path in found:
            remove_own(path)
    if not any(folder.iterdir()):
        folder.rmdir()
