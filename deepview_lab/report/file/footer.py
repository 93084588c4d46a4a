"""The footer of a Parquet file: which columns it has and where they are.

It is read and checked before Apache Arrow sees it. Arrow (26) ends the process at a codec or a type that it does not
know, and follows nested types without a bound.

References
----------
Apache Parquet, ``parquet.thrift`` (FileMetaData, SchemaElement, RowGroup, ColumnChunk, ColumnMetaData).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from deepview_lab.report.file.thrift import Compact, Wanted

__all__ = ["Chunk", "Footer", "read_footer"]

_MAGIC: Final = b"PAR1"
_TAIL: Final = 8
_MOST_BYTES: Final = 2 * 2**20
_MOST_COLUMNS: Final = 4096
_MOST_ROW_GROUPS: Final = 4096
# The root, a column, and the two levels of a list.
_MOST_LEVELS: Final = 4
_MOST_TYPE: Final = 7
_CODECS: Final = {0: "UNCOMPRESSED", 6: "ZSTD"}
_WRITER: Final = b"parquet-cpp-arrow"

_SCHEMA, _ROWS, _GROUPS, _CREATED_BY = 2, 3, 4, 6
_CHILDREN = 5
_COLUMNS = 1
_FILE_PATH, _COLUMN = 1, 3
_TYPE, _PATH, _CODEC, _SIZE, _DATA, _DICTIONARY = 1, 3, 4, 7, 9, 11
_FOOTER: Final[Wanted] = {
    _SCHEMA: {_CHILDREN: None},
    _ROWS: None,
    _GROUPS: {
        _COLUMNS: {_FILE_PATH: None, _COLUMN: dict.fromkeys((_TYPE, _PATH, _CODEC, _SIZE, _DATA, _DICTIONARY))},
    },
    _CREATED_BY: None,
}


class Chunk(NamedTuple):
    """Where a column of a row group is: its name, and its first and last byte."""

    column: str
    start: int
    stop: int


class Footer(NamedTuple):
    """Rows and columns of a file."""

    rows: int
    chunks: Sequence[Chunk]


def read_footer(raw: memoryview) -> Footer:
    """Return the footer of a Parquet file.

    Raises
    ------
    ValueError
        when there is none, or one that no writer of ours makes.
    """
    size = len(raw)
    length = int.from_bytes(raw[size - _TAIL : size - 4], "little") if size > _TAIL else size
    if bytes(raw[:4]) != _MAGIC or bytes(raw[-4:]) != _MAGIC or length > size - _TAIL - len(_MAGIC):
        raise ValueError("it is no Parquet")
    if length > _MOST_BYTES:
        raise ValueError(f"its footer takes {length:,} bytes, and at most {_MOST_BYTES:,} are read")
    end = size - _TAIL
    try:
        found = Compact(raw[end - length : end]).struct(_FOOTER)
        if not found[_CREATED_BY].startswith(_WRITER):
            raise ValueError("it was not written by Apache Arrow, which writes all tables of reports")
        _check_schema(found[_SCHEMA])
        groups = found.get(_GROUPS, [])
        if len(groups) > _MOST_ROW_GROUPS:
            raise ValueError(f"it has more than {_MOST_ROW_GROUPS:,} row groups")
        rows = int(found[_ROWS])
        # Without rows a column has no data pages, and what stands in their place is not read.
        chunks = [_chunk(column, end) for group in groups for column in group.get(_COLUMNS, [])] if rows else []
        return Footer(rows, chunks)
    except (LookupError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"its footer is none ({type(error).__name__}: {error})") from None


def _check_schema(elements: Sequence[dict[int, Any]]) -> None:
    """Refuse types that are nested more deeply than lists."""
    if elements[0].get(_CHILDREN, 0) > _MOST_COLUMNS:
        raise ValueError(f"it has more than {_MOST_COLUMNS:,} columns")
    left: list[int] = []
    for element in elements:
        if left:
            left[-1] -= 1
        left.append(element.get(_CHILDREN, 0))
        if len(left) > _MOST_LEVELS or left[-1] < 0:
            raise ValueError("its columns are nested too deeply")
        while left and left[-1] == 0:
            left.pop()
    if left:
        raise ValueError("its schema counts more columns than it has")


def _chunk(column: dict[int, Any], end: int) -> Chunk:
    told = column[_COLUMN]
    if _FILE_PATH in column or told[_CODEC] not in _CODECS:
        raise ValueError(f"it is not compressed by one of {', '.join(_CODECS.values())}, or is in another file")
    if not 0 <= told[_TYPE] <= _MOST_TYPE:
        raise ValueError("a column is of an unknown type")
    data = told[_DATA]
    start = told.get(_DICTIONARY, data)
    stop = start + told[_SIZE]
    # Arrow begins at the smaller of the two: what is bounded must be what it reads.
    if not len(_MAGIC) <= start <= data <= stop <= end:
        raise ValueError("a column is not where a writer puts it")
    return Chunk(told[_PATH][0].decode(), start, stop)
