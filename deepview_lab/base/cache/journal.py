"""The journal of a cache: a line for each batch (size, metadata, checksums of its arrays), which makes it count."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from deepview_lab.base.own_files import open_own
from deepview_lab.base.plain_values import Column

__all__ = ["Entry", "entries", "line_of"]

_CRC_DIGITS = 8
_PARTS_OF_FORMAT_1 = 2
_Samples = Annotated[int, msgspec.Meta(ge=0)]
_Line1 = tuple[_Samples, list[list[Column]]]
_Line = tuple[_Samples, list[list[Column]], list[int]]


class Entry(NamedTuple):
    """A line of the journal.

    Attributes
    ----------
    samples : int
        Of the batch.
    columns : list of list of Column
        Its metadata by section.
    checksums : list of int or None
        Of the array of each field; None in a cache of format 1, which has none.
    end : int
        Where the line ends.
    """

    samples: int
    columns: list[list[Column]]
    checksums: list[int] | None
    end: int


def line_of(samples: int, columns: list[list[Column]], checksums: list[int]) -> bytes:
    """Return the line for a batch.

    Raises
    ------
    ValueError
        when a number is too large for JSON.
    """
    text = json.dumps([samples, columns, checksums], separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def entries(path: Path, end: int | None = None, *, checked: bool = False) -> Iterator[Entry]:
    """Yield the entries up to byte ``end``, or up to the first that is not whole.

    With ``checked``, all are known to be whole: their checksums are not computed again.

    Raises
    ------
    ValueError
        when a line that is whole is none that :func:`line_of` makes.
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
            yield _entry(text, position)


def _entry(text: bytes, end: int) -> Entry:
    try:
        parts = _decoded(text)
        if len(parts) == _PARTS_OF_FORMAT_1:
            before = msgspec.convert(parts, _Line1)
            return Entry(before[0], before[1], None, end)
        line = msgspec.convert(parts, _Line)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"a line of the journal is none ({error})") from None
    return Entry(line[0], line[1], line[2], end)


def _decoded(text: bytes) -> Any:  # Any: JSON
    try:
        return msgspec.json.decode(text)  # three times as fast
    except msgspec.DecodeError:  # not for NaN, infinity and halves of surrogate pairs
        return json.loads(text)
