"""Ids, labels and other metadata as JSON that gives them back with their types. No class is looked up by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np

__all__ = ["UNDECODABLE", "Column", "UnstorableValueError", "decoded", "encoded", "plain_dtype"]

# What decoding something else than a column raises.
UNDECODABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)

# Any: a value may be of any type, and JSON is as nested as it.
Column: TypeAlias = list[Any]

_JSON = {int: "int", str: "str", float: "float", bool: "bool", type(None): "none"}
_JSON_KINDS = {tag: kind for kind, tag in _JSON.items()}
# What numpy.dtype understands besides may be of any length, or is evaluated.
_PLAIN_DTYPE = re.compile(
    r"[<>=|]?(b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[SU]\d{1,9}|[mM]8(\[\d{0,9}[a-zA-Zμ]{1,2}\])?)"
)
_NUMPY_TIME = re.compile(r"[<>=][mM]8(\[\d{0,9}[a-zA-Zμ]{1,2}\])?")
_SCALARS = {
    np.dtype(name).str: np.dtype(name)
    for name in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
}


class UnstorableValueError(TypeError):
    """A value of a type that has no exact plain form; its message names the type."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"a value of type {type(value).__module__}.{type(value).__qualname__}, but only int, float, complex, str, "
            "bool, None, bytes, Path, UUID, Decimal, Fraction, dates and times (naive or UTC), NumPy numbers, texts "
            "and times, and tuples, lists, dicts and frozensets of these can be written exactly"
        )


def encoded(values: Sequence[Any]) -> Column:
    """Return ``values`` as a tag and a list that JSON holds.

    Raises
    ------
    UnstorableValueError
        (a TypeError) for a value of another type, a subclass included: what it adds would be lost.
    """
    kinds = set(map(type, values))
    if len(kinds) != 1:
        return ["mixed", [encoded((value,)) for value in values]]
    kind = kinds.pop()
    if kind in _JSON:
        return [_JSON[kind], list(values)]
    if issubclass(kind, np.generic) and np.dtype(kind).str in _SCALARS:
        return [np.dtype(kind).str, [value.item() for value in values]]
    if kind not in _ENCODERS:
        raise UnstorableValueError(values[0])
    tag, encode = _ENCODERS[kind]
    return [tag, list(map(encode, values))]


def _members(value: Any) -> Column:
    return encoded(tuple(value))


def _items(value: Any) -> list[Column]:
    return [encoded(tuple(value)), encoded(tuple(value.values()))]


def _moment(value: datetime | time) -> list[Any]:
    # Its text would lose which of two equal hours of a clock that is put back is meant.
    if value.tzinfo not in (None, UTC):
        raise UnstorableValueError(value)
    return [value.replace(tzinfo=None, fold=0).isoformat(), value.fold, value.tzinfo is not None]


def _numpy_time(value: Any) -> list[Any]:
    return [value.dtype.str, int(value.view(np.int64))]


_ENCODERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    np.str_: ("numpy str", str),
    np.bytes_: ("numpy bytes", bytes.hex),
    np.datetime64: ("numpy time", _numpy_time),
    np.timedelta64: ("numpy time", _numpy_time),
    complex: ("complex", lambda value: [value.real, value.imag]),
    UUID: ("uuid", str),
    Decimal: ("decimal", str),
    Fraction: ("fraction", lambda value: [value.numerator, value.denominator]),
    date: ("date", date.isoformat),
    time: ("time", _moment),
    datetime: ("datetime", _moment),
    timedelta: ("timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    type(Path()): ("path", str),
    PurePosixPath: ("posix path", str),
    PureWindowsPath: ("windows path", str),
    bytes: ("bytes", bytes.hex),
    tuple: ("tuple", _members),
    list: ("list", _members),
    frozenset: ("frozenset", _members),
    dict: ("dict", _items),
}


def _dict(pair: Any) -> dict[Hashable, Any]:
    keys, values = pair
    return dict(zip(decoded(keys), decoded(values), strict=True))


def _moment_of(kind: Any) -> Callable[[Any], Any]:
    def decode(parts: Any) -> Any:
        text, fold, utc = parts
        return kind.fromisoformat(text).replace(fold=fold, tzinfo=UTC if utc else None)

    return decode


def _numpy_time_of(parts: Any) -> Any:
    text, count = parts
    if not _NUMPY_TIME.fullmatch(text):
        raise ValueError(f"no time: {text}")
    dtype = np.dtype(text)
    return np.array(count, np.int64).astype(np.dtype("i8").newbyteorder(dtype.byteorder)).view(dtype)[()]


def _fraction(parts: Any) -> Fraction:
    if [type(part) for part in parts] != [int, int]:  # a text such as 1e999999999 would take for ever
        raise ValueError("a fraction is two whole numbers")
    return Fraction(*parts)


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "mixed": lambda column: decoded(column)[0],
    "numpy str": np.str_,
    "numpy bytes": lambda text: np.bytes_(bytes.fromhex(text)),
    "numpy time": _numpy_time_of,
    "complex": lambda parts: complex(*parts),
    "uuid": UUID,
    "decimal": Decimal,
    "fraction": _fraction,
    "date": date.fromisoformat,
    "time": _moment_of(time),
    "datetime": _moment_of(datetime),
    "timedelta": lambda parts: timedelta(*parts),
    "path": Path,
    "posix path": PurePosixPath,
    "windows path": PureWindowsPath,
    "bytes": bytes.fromhex,
    "tuple": lambda column: decoded(column),  # noqa: PLW0108 - defined below
    "list": lambda column: list(decoded(column)),
    "frozenset": lambda column: frozenset(decoded(column)),
    "dict": _dict,
}


def decoded(column: Column) -> tuple[Any, ...]:
    """Return the values that :func:`encoded` was given.

    Raises
    ------
    UNDECODABLE
        when ``column`` is nothing that :func:`encoded` makes.
    """
    tag, values = column
    if not isinstance(values, list):
        raise TypeError(f"a column of {type(values).__name__} in place of a list")
    if tag in _JSON_KINDS:
        if not set(map(type, values)) <= {_JSON_KINDS[tag]}:
            raise TypeError(f"a column of {tag} holds something else")
        return tuple(values)
    if tag in _SCALARS:
        found = np.array(values, _SCALARS[tag])
        if found.ndim != 1:
            raise ValueError(f"a column of {tag} has {found.ndim} dimensions")
        return tuple(found)
    return tuple(map(_DECODERS[tag], values))


def plain_dtype(text: str) -> np.dtype[Any]:
    """Return the dtype that ``text``, the ``str`` of a dtype of numbers, text or times, names. Nothing is evaluated.

    Raises
    ------
    ValueError
        when it is none.
    """
    if not _PLAIN_DTYPE.fullmatch(text):
        raise ValueError(f"no dtype of plain values: {text[:80]!r}")
    try:
        return np.dtype(text)
    except TypeError as error:
        raise ValueError(f"no dtype: {text[:80]!r}") from error
