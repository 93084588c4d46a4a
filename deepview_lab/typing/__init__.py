"""Types of arguments that may be one thing or many, and how to resolve them."""

from __future__ import annotations

import os
from collections.abc import Collection, Hashable
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from deepview_lab.exceptions import OptionTypeError

__all__ = [
    "OneManyOrNone",
    "OneOrMany",
    "PathOrStr",
    "StringLike",
    "TrainTestSplitType",
    "resolve_one_many_or_none",
    "resolve_one_or_many",
    "resolve_one_or_many_to_list",
    "resolve_path_or_str",
]

T = TypeVar("T", bound=Hashable)

OneOrMany: TypeAlias = T | Collection[T]
OneManyOrNone: TypeAlias = T | Collection[T] | None
PathOrStr: TypeAlias = Path | str
StringLike: TypeAlias = str | Path
_Split: TypeAlias = tuple[NDArray[np.generic], NDArray[np.generic]]
TrainTestSplitType: TypeAlias = tuple[_Split, _Split]


def resolve_one_or_many_to_list(value: OneOrMany[T], kind: type[T]) -> list[T]:
    """Return ``value`` as a list in its order; a single ``kind`` becomes a list of one."""
    if isinstance(value, kind):
        return [value]
    return list(value)  # type: ignore[arg-type]  # not one, so many


def resolve_one_or_many(value: OneOrMany[T], kind: type[T]) -> frozenset[T]:
    """Return ``value`` as a set; a single ``kind`` becomes a set of one."""
    return frozenset(resolve_one_or_many_to_list(value, kind))


def resolve_one_many_or_none(value: OneManyOrNone[T], kind: type[T]) -> frozenset[T] | None:
    """Return ``value`` as a set, or None (which means: all)."""
    return None if value is None else resolve_one_or_many(value, kind)


def resolve_path_or_str(value: PathOrStr | os.PathLike[str], *, example: str = "folder/file") -> Path:
    """Return ``value`` as a Path with ``~`` resolved.

    Raises
    ------
    OptionTypeError
        (a TypeError) when it is no path.
    """
    if not isinstance(value, str | os.PathLike):
        raise OptionTypeError("A path", "a str or pathlib.Path", value, f"it as text, such as {example!r}")
    return Path(value).expanduser()
