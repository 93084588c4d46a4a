"""Files in a folder of ours: nothing is read or written through a link, and what is no file of ours is refused.

A cache or a checkpoint may come from a stranger. A link in it could make us overwrite a file elsewhere, and a pipe
would never answer.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from deepview_lab.exceptions import ForeignFileError

__all__ = ["check_own", "open_own", "read_own", "remove_own", "replace_own", "size_of_own", "sync_folder", "write_all"]

# Where the system has no O_NOFOLLOW (Windows), making links takes rights that a stranger's file does not have.
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_MODE = 0o644


def check_own(path: Path) -> bool:
    """Return whether ``path`` is there.

    Raises
    ------
    ForeignFileError
        (an OSError) when it is no plain file.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    _check_mode(path, mode)
    return True


def size_of_own(path: Path) -> int:
    """Return the bytes of a file, 0 when it is not there.

    Raises
    ------
    ForeignFileError
        when it is no plain file.
    """
    return path.lstat().st_size if check_own(path) else 0


def open_own(path: Path, *, write: bool = False, create: bool = False) -> FileIO:
    """Open a file, unbuffered, at its beginning; with ``create`` it need not be there.

    Raises
    ------
    FileNotFoundError
        when it is not there.
    ForeignFileError
        when it is a link, a folder, a pipe or anything else but a plain file. This does not wait for a pipe.
    """
    check_own(path)  # for the message; what counts is looked at below, after opening
    flags = (os.O_RDWR if write else os.O_RDONLY) | (os.O_CREAT if create else 0) | _SAFE
    try:
        handle = os.open(path, flags, _MODE)
    except OSError:
        check_own(path)
        raise
    try:
        _check_mode(path, os.fstat(handle).st_mode)
    except BaseException:
        os.close(handle)
        raise
    return FileIO(handle, "r+" if write else "r")


def read_own(path: Path) -> bytes:
    """Return the bytes of a file; errors as of :func:`open_own`."""
    with open_own(path) as file:
        return file.readall()


@contextmanager
def replace_own(path: Path) -> Iterator[FileIO]:
    """Open a new file beside ``path`` that takes its place, on the disk, when the block ends well.

    A link at ``path`` is replaced, and what it points to stays. Whoever writes holds the lock of the folder.

    Raises
    ------
    ForeignFileError
        when a folder is in its place.
    OSError
        when it cannot be written; what was there is still there.
    """
    partial = path.with_name(f".{path.name}.partial")
    remove_own(partial)
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE, _MODE)
    try:
        with FileIO(handle, "r+") as file:
            yield file
            os.fsync(file.fileno())
        _refuse_folder(path)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_all(file: FileIO, data: bytes | memoryview) -> None:
    """Write all of ``data``, a memoryview of bytes: an unbuffered file may take a part only."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def remove_own(path: Path) -> None:
    """Remove a file if it is there, or a link in its place, and never what a link points to.

    Raises
    ------
    ForeignFileError
        when it is a folder.
    """
    _refuse_folder(path)
    path.unlink(missing_ok=True)


def _refuse_folder(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        raise ForeignFileError(path, "a folder")


def sync_folder(folder: Path) -> None:
    """Put the names of files on the disk, where the system has a way."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check_mode(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise ForeignFileError(path, _KINDS.get(stat.S_IFMT(mode), "no plain file"))


_KINDS = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
