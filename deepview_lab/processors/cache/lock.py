"""One writer at a time: a lock that the system gives back when its process ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from deepview_lab.processors.cache.index import LOCK

__all__ = ["FolderLock", "lock_file"]


class FolderLock:
    """Holds the right to write into a folder until it is closed.

    Use :meth:`take`. Two locks exclude each other in one process as well.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> FolderLock | None:
        """Return the lock of ``folder``, None when another holds it."""
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            lock_file(handle)
        except OSError:
            os.close(handle)
            return None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        return cls(handle)

    @staticmethod
    def holder(folder: Path) -> str:
        """Return the number of the process that took the lock last, for messages."""
        try:
            return (folder / LOCK).read_text().strip()[:20] or "?"
        except OSError:
            return "?"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self._handle)


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
