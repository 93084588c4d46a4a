"""The journal of a cache: a line for each batch (its size, its metadata, a checksum), which makes it count."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from deepview_lab.base.own_files import open_own
from deepview_lab.base.plain_values import Column

__all__ = ["Entry", "entries", "line_of"]

_CRC_DIGITS = 8


class Entry(NamedTuple):
    """A line of the journal: samples of the batch, its columns by section, and where the line ends."""

    samples: int
    columns: list[list[Column]]
    end: int


def line_of(samples: int, columns: list[list[Column]]) -> bytes:
    """Return the line for a batch.

    Raises
    ------
    ValueError
        when a number is too large for JSON.
    """
    text = json.dumps([samples, columns], separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def entries(path: Path, end: int | None = None, *, checked: bool = False) -> Iterator[Entry]:
    """Yield the entries up to byte ``end``, or up to the first that is not whole.

    With ``checked``, all are known to be whole: their checksums are not computed again.
    """
    position = 0
    with BufferedReader(open_own(path)) as file:
        while end is None or position < end:
            line = file.readline()
            position += len(line)
            text = line[_CRC_DIGITS + 1 : -1]
            whole = checked or (line[-1:] == b"\n" and line[:_CRC_DIGITS] == b"%08x" % zlib.crc32(text))
            if not line or not whole:
                return
            samples, columns = _decoded(text)
            yield Entry(samples, columns, position)


def _decoded(text: bytes) -> Any:  # Any: JSON
    try:
        return msgspec.json.decode(text)  # three times as fast
    except msgspec.DecodeError:  # not for NaN, infinity and halves of surrogate pairs
        return json.loads(text)
