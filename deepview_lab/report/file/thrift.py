"""Reads Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages.

A file of a stranger is read here before Apache Arrow sees it: Arrow ends the process at some values that it does not
know, and allocates what the file says.

References
----------
Apache Thrift, compact protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

__all__ = ["Compact", "Wanted"]

_MOST_DEPTH: Final = 8
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS: Final = frozenset({4, 5, 6})
_LONG_LIST: Final = 0x0F
_BITS: Final = 63

# Fields of a struct: None for an integer, a text or a list of these, their own fields for a struct or a list of them.
Wanted: TypeAlias = "Mapping[int, Wanted | None]"


class Compact:
    """A reader at a place in ``raw``."""

    def __init__(self, raw: memoryview) -> None:
        self._raw = raw
        self.position = 0

    def move(self, count: int) -> None:
        """Pass over bytes."""
        self.position += count
        if not 0 <= count <= len(self._raw) or self.position > len(self._raw):
            raise ValueError("a page or a field ends behind the bytes that there are")

    def struct(self, wanted: Wanted, depth: int = 0) -> dict[int, Any]:  # Any: as ``wanted`` says
        """Return the wanted fields of a struct, those that are there.

        Raises
        ------
        ValueError
            when there is none, or a field is of another kind.
        """
        if depth > _MOST_DEPTH:
            raise ValueError("it is too deeply nested")
        found: dict[int, Any] = {}
        field = 0
        while (head := self._byte()) != _STOP:
            field = field + (head >> 4) if head >> 4 else self._integer()
            kind = head & 0x0F
            if kind in (_TRUE, _FALSE):
                continue
            if field in wanted:
                found[field] = self._value(kind, wanted[field], depth)
            else:
                self._skip(kind, depth)
        return found

    def _value(self, kind: int, wanted: Wanted | None, depth: int) -> Any:
        if kind == _LIST:
            inner, count = self._list()
            return [self._value(inner, wanted, depth) for _ in range(count)]
        if kind == _STRUCT and wanted is not None:
            return self.struct(wanted, depth + 1)
        if kind in _INTEGERS and wanted is None:
            return self._integer()
        if kind == _BINARY and wanted is None:
            start = self._binary()
            return bytes(self._raw[start : self.position])
        raise ValueError("one of its fields is of another kind")

    def _skip(self, kind: int, depth: int) -> None:
        if kind in _INTEGERS:
            self._integer()
        elif kind == _STRUCT:
            self.struct({}, depth + 1)
        elif kind in (_LIST, _SET):
            if depth > _MOST_DEPTH:
                raise ValueError("it is too deeply nested")
            inner, count = self._list()
            for _ in range(count):
                self._skip(inner, depth + 1)
        elif kind == _BINARY:
            self._binary()
        elif kind in (_TRUE, _FALSE, _BYTE):  # in a list a truth value takes a byte
            self.move(1)
        elif kind == _DOUBLE:
            self.move(8)
        else:
            raise ValueError("it has a field that Parquet never has")

    def _list(self) -> tuple[int, int]:
        head = self._byte()
        count = self._unsigned() if head >> 4 == _LONG_LIST else head >> 4
        if count > len(self._raw) - self.position:
            raise ValueError("it counts more than there is")
        return head & 0x0F, count

    def _binary(self) -> int:
        count = self._unsigned()
        start = self.position
        self.move(count)
        return start

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
            if shift > _BITS:
                raise ValueError("one of its integers is too long")

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
