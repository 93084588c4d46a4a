"""Metadata values as JSON that gives them back with their types. No class is looked up by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Column", "UnstorableValueError", "decoded", "encoded"]

# Any: a value may be of any type, and JSON is as nested as it.
Column: TypeAlias = list[Any]

_JSON = {int: "int", str: "str", float: "float", bool: "bool", type(None): "none"}
_JSON_TAGS = frozenset(_JSON.values())
_SCALARS = {
    np.dtype(name).str: np.dtype(name)
    for name in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
}


class UnstorableValueError(TypeError):
    """A value of a type that a cache does not hold; its message names the type."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"a value of type {type(value).__module__}.{type(value).__qualname__}, but a cache holds int, float, str, "
            "bool, None, bytes, Path, NumPy numbers, and tuples, lists, dicts and frozensets of these"
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


_ENCODERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    np.str_: ("numpy str", str),
    type(Path()): ("path", str),
    bytes: ("bytes", bytes.hex),
    tuple: ("tuple", _members),
    list: ("list", _members),
    frozenset: ("frozenset", _members),
    dict: ("dict", _items),
}


def _dict(pair: Any) -> dict[Hashable, Any]:
    keys, values = pair
    return dict(zip(decoded(keys), decoded(values), strict=True))


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "mixed": lambda column: decoded(column)[0],
    "numpy str": np.str_,
    "path": Path,
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
    ValueError, TypeError, KeyError
        when ``column`` is nothing that :func:`encoded` makes.
    """
    tag, values = column
    if tag in _JSON_TAGS:
        return tuple(values)
    if tag in _SCALARS:
        return tuple(np.array(values, _SCALARS[tag]))
    return tuple(map(_DECODERS[tag], values))
