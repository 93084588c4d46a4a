"""A file that only grows, and of which it is known how much of it counts."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from deepview_lab.base.own_files import open_own, write_all

__all__ = ["AppendFile"]

_CHUNK = 2**22


class AppendFile:
    """Appends bytes to a file, and checks those that are there.

    What a process that was killed wrote beyond the bytes that count is overwritten.

    Parameters
    ----------
    path : Path
        The file; made when something is appended.
    size, checksum : int
        Bytes that count, and their CRC-32.
    """

    def __init__(self, path: Path, size: int = 0, checksum: int = 0) -> None:
        self.path = path
        self.size = size
        self.checksum = checksum

    def append(self, *parts: bytes | memoryview) -> None:
        """Put ``parts`` behind the bytes that count, and onto the disk. When this raises, they do not count.

        Raises
        ------
        ForeignFileError
            (an OSError) when a link or anything else but a plain file is in the place of the file.
        OSError
            when it cannot be written.
        """
        size, checksum = self.size, self.checksum
        with open_own(self.path, write=True, create=True) as file:
            file.seek(size)
            file.truncate()
            for part in parts:
                write_all(file, part)
                size += len(part)
                checksum = zlib.crc32(part, checksum)
            os.fsync(file.fileno())
        self.size, self.checksum = size, checksum

    def facts(self) -> list[int]:
        """Return size and checksum, as JSON values."""
        return [self.size, self.checksum]

    def chunks(self, length: int = _CHUNK) -> Iterator[bytes]:
        """Yield the bytes that count, ``length`` at a time.

        Raises
        ------
        ValueError
            when bytes are missing or others than were written; at the end at the latest.
        ForeignFileError
            (an OSError) as of :meth:`append`.
        """
        left, checksum = self.size, 0
        if left < 0:
            raise ValueError(f"{self.path.name} cannot have {left} bytes")
        with open_own(self.path) as file:
            while left:
                chunk = file.read(min(length, left))
                if not chunk:
                    raise ValueError(f"{self.path.name} ends {left} bytes too early")
                left -= len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
        if checksum != self.checksum:
            raise ValueError(f"{self.path.name} has other bytes than were written")
