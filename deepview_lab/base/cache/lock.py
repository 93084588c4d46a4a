"""One writer at a time: a lock that the system gives back when its process ends, however it ends."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deepview_lab.base.cache.index import LOCK
from deepview_lab.base.own_files import open_own
from deepview_lab.exceptions import ForeignFileError

__all__ = ["FolderLock", "lock_file"]

_MOST_DIGITS: Final = 20


class FolderLock:
    """Holds the right to write into a folder until it is closed.

    Use :meth:`take`. Two locks exclude each other in one process as well.
    """

    def __init__(self, file: FileIO) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: Path) -> FolderLock | None:
        """Return the lock of ``folder``, None when another holds it.

        Raises
        ------
        ForeignFileError
            (an OSError) when its file is a link, or somebody else's.
        """
        path = folder / LOCK
        while True:
            file = open_own(path, write=True, create=True)
            try:
                lock_file(file.fileno())
            except OSError:
                file.close()
                return None
            try:
                if _is_at(path, file):
                    _sign(path, file)
                    return cls(file)
            except BaseException:
                file.close()
                raise
            file.close()  # whoever held it has removed it: the next one, then

    @staticmethod
    def holder(folder: Path) -> str:
        """Return the number of the process that took the lock last, for messages."""
        try:
            with open_own(folder / LOCK) as file:
                holder = file.read(_MOST_DIGITS + 1)
        except OSError:
            return "?"
        return holder.decode() if _is_number(holder) else "?"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()


def _is_at(path: Path, file: FileIO) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _sign(path: Path, file: FileIO) -> None:
    """Write the number of this process over that of an earlier one, and over nothing else."""
    before = file.read(_MOST_DIGITS + 1)
    if before and not _is_number(before):
        raise ForeignFileError(path, "the file of another program")
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()).encode())


def _is_number(text: bytes) -> bool:
    return text.isdigit() and len(text) <= _MOST_DIGITS


def lock_file(handle: int) -> None:
    """Lock an open file until it is closed.

    Raises
    ------
    OSError
        when it is locked already.
    """
    try:
        import fcntl  # noqa: PLC0415 - where the system has it
    except ImportError:  # Windows
        import msvcrt  # noqa: PLC0415

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
