"""The columns that an expression can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ExpressionColumn",
    "ExpressionTable",
    "Mask",
    "MediaColumn",
    "NumberColumn",
    "SetColumn",
    "TextColumn",
    "TruthColumn",
]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """Numbers: [rows], NaN where missing."""

    values: NDArray[np.number]


@dataclass(frozen=True, eq=False)
class TruthColumn:
    """Yes or no: bool [rows], and where neither is known."""

    values: Mask
    missing: Mask | None = None


@dataclass(frozen=True, eq=False)
class TextColumn:
    """Texts or categories: for each row an index into the words, -1 where missing."""

    codes: NDArray[np.integer]
    words: Sequence[str]


@dataclass(frozen=True, eq=False)
class SetColumn:
    """The number of the set that each row is in, such as that of its duplicates: int [rows], negative for none."""

    values: NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class MediaColumn:
    """Pictures and the like: uint8 [rows], 0 for usable, 1 for missing, 2 for broken."""

    values: NDArray[np.uint8]


ExpressionColumn = NumberColumn | TruthColumn | TextColumn | SetColumn | MediaColumn


def _unknown(_id: str) -> None:
    return None


@dataclass(frozen=True, eq=False)
class ExpressionTable:
    """What an expression is evaluated over.

    Attributes
    ----------
    rows : int
        Number of samples.
    columns : mapping of str to column
        By name.
    tags : mapping of str to numpy.ndarray
        bool [rows]: the samples of each tag, for ``tagged("night")``.
    similar : callable
        Takes an id and returns the samples that are similar, bool [rows], or None when that is not known.
    """

    rows: int
    columns: Mapping[str, ExpressionColumn]
    tags: Mapping[str, Mask] = field(default_factory=dict)
    similar: Callable[[str], Mask | None] = _unknown
