"""Replacing a file: at any moment the old one is there or the new one, whole."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter
from pathlib import Path
from typing import BinaryIO

from deepview_lab.base.cache.lock import lock_file
from deepview_lab.base.own_files import open_own, sync_folder
from deepview_lab.exceptions import ForeignFileError, NoSpaceError

__all__ = ["replacing"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a hidden file beside ``path`` that takes its place when the block ends well, and is removed otherwise.

    What a killed process has left of an earlier attempt is removed as well.

    Raises
    ------
    NoSpaceError
        (an OSError) when the disk is full; what was at ``path`` stays.
    """
    _remove_leftovers(path)
    partial, file = _locked_partial(path)
    with file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            written = file.tell()
            _discard(file, partial)
            if error.errno not in _FULL:
                raise
            free = shutil.disk_usage(path.parent).free
            kept = "What was there before stays. Free some, or save it elsewhere."
            raise NoSpaceError(path, max(written, 1), free, kept) from error
        except BaseException:
            _discard(file, partial)
            raise
    sync_folder(path.parent)


def _locked_partial(path: Path) -> tuple[Path, BufferedWriter]:
    """Return a new file beside ``path``, which is locked, so that nobody takes it for a leftover."""
    while True:
        partial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.partial")
        file = partial.open("xb")
        try:
            lock_file(file.fileno())
            there = os.fstat(file.fileno()).st_nlink > 0
        except OSError:
            there = False
        except BaseException:
            file.close()
            partial.unlink(missing_ok=True)
            raise
        if there:
            return partial, file
        file.close()  # before it was locked, somebody else who saves has removed it: the next one, then
        partial.unlink(missing_ok=True)


def _discard(file: BufferedWriter, partial: Path) -> None:
    try:
        partial.unlink()
    except FileNotFoundError:  # it is in its place already, when Ctrl-C comes just then
        return
    os.ftruncate(file.fileno(), 0)
    file.raw.close()  # without what is buffered, for which there is no room


def _remove_leftovers(path: Path) -> None:
    for leftover in path.parent.glob(f".{path.name.replace('[', '[[]')}.*.partial"):
        try:
            file = open_own(leftover, write=True)
        except (FileNotFoundError, ForeignFileError):  # who wrote it has just ended, or it is none of ours
            continue
        with file:
            try:
                lock_file(file.fileno())
            except OSError:  # somebody is writing it
                continue
            if os.name == "posix":  # while it is locked, so that nobody who has just made it goes on without it
                leftover.unlink(missing_ok=True)
        if os.name != "posix":  # there, open files stay: ours, and that of somebody who has just made it
            with suppress(OSError):
                leftover.unlink()
