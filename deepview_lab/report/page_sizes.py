"""What the pages of a Parquet column unpack to, read from the pages themselves.

A reader allocates what a page says of its own size and number of values; the footer may say less. Apache Arrow offers
no way to bound that, so the headers of the pages are read before it sees them.

References
----------
Apache Parquet, ``parquet.thrift`` (PageHeader, DataPageHeader, DataPageHeaderV2); Apache Thrift, compact protocol.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["PageSizes", "page_sizes"]

_MOST_PAGES: Final = 100_000
_MOST_DEPTH: Final = 8
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS: Final = frozenset({4, 5, 6})
_UNCOMPRESSED, _COMPRESSED, _DATA_V1, _DATA_V2, _NUMBER = 2, 3, 5, 8, 1


class PageSizes(NamedTuple):
    """Bytes that the pages unpack to, and values of its data pages."""

    unpacked: int
    values: int


def page_sizes(raw: memoryview) -> PageSizes:
    """Return what the pages in ``raw``, the bytes of one column chunk, unpack to.

    Raises
    ------
    ValueError
        when they are no pages, or more than 100,000.
    """
    headers = _Compact(raw)
    unpacked = values = pages = 0
    while headers.position < len(raw):
        pages += 1
        if pages > _MOST_PAGES:
            raise ValueError(f"a column has more than {_MOST_PAGES:,} pages")
        header = headers.struct({_DATA_V1, _DATA_V2})
        size, packed = header.get(_UNCOMPRESSED, -1), header.get(_COMPRESSED, -1)
        number = max(header.get(_DATA_V1, 0), header.get(_DATA_V2, 0))
        if min(size, packed, number) < 0:
            raise ValueError("the header of a page is none")
        headers.move(packed)
        unpacked += size
        values += number
    return PageSizes(unpacked, values)


class _Compact:
    """Reads Thrift's compact protocol, as much of it as page headers need."""

    def __init__(self, raw: memoryview) -> None:
        self._raw = raw
        self.position = 0

    def move(self, count: int) -> None:
        self.position += count
        if not 0 <= count <= len(self._raw) or self.position > len(self._raw):
            raise ValueError("a page ends behind its column")

    def struct(self, wanted: set[int], depth: int = 0) -> dict[int, int]:
        """Return the integers of a struct by field, and field 1 of each struct that is ``wanted``."""
        found: dict[int, int] = {}
        field = 0
        while (head := self._byte()) != _STOP:
            field = field + (head >> 4) if head >> 4 else self._integer()
            kind = head & 0x0F
            if kind in _INTEGERS:
                found[field] = self._integer()
            elif kind == _STRUCT and field in wanted:
                found[field] = self.struct(set(), depth + 1).get(_NUMBER, -1)
            else:
                self._skip(kind, depth, in_struct=True)
        return found

    def _byte(self) -> int:
        start = self.position
        self.move(1)
        return self._raw[start]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the bit that says that more follows
                return value
            shift += 7
            if shift > 63:  # noqa: PLR2004 - bits of the longest integer
                raise ValueError("an integer in the header of a page is too long")

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int, depth: int, *, in_struct: bool = False) -> None:
        if depth > _MOST_DEPTH:
            raise ValueError("the header of a page is too deeply nested")
        if kind in (_TRUE, _FALSE):
            self.move(0 if in_struct else 1)
        elif kind in _INTEGERS:
            self._integer()
        elif kind == _STRUCT:
            self.struct(set(), depth + 1)
        elif kind in (_LIST, _SET):
            head = self._byte()
            for _ in range(self._counted(self._unsigned() if head >> 4 == 0x0F else head >> 4)):  # noqa: PLR2004
                self._skip(head & 0x0F, depth + 1)
        elif kind == _MAP:
            raise ValueError("the header of a page has a map, which it never has")
        else:
            self.move({_BYTE: 1, _DOUBLE: 8}.get(kind, -1) if kind != _BINARY else self._counted(self._unsigned()))

    def _counted(self, count: int) -> int:
        if count > len(self._raw):
            raise ValueError("the header of a page counts more than there is")
        return count
