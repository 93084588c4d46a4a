"""What the parts of an expression are worth, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.expression.error import ExpressionError
from deepview_lab.analysis.expression.parse import Node
from deepview_lab.analysis.expression.table import Mask, MediaColumn, TextColumn

__all__ = ["Numbers", "Texts", "Truth", "Value", "quantile", "text_of", "wrong_type"]


@dataclass(frozen=True, eq=False)
class Numbers:
    """float64 [rows], or one for all rows."""

    values: NDArray[np.float64]
    constant: bool = False


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, or one text for all rows."""

    content: TextColumn | str


@dataclass(frozen=True, eq=False)
class Truth:
    """bool [rows]."""

    rows: Mask


Value = Numbers | Texts | Truth | MediaColumn


def described(value: Value) -> str:
    """Return the word for the type of a value."""
    match value:
        case Numbers():
            return "a number"
        case Texts():
            return "text"
        case Truth():
            return "a condition"
        case MediaColumn():
            return "media"


def wrong_type(text: str, node: Node, wanted: str, value: Value) -> ExpressionError:
    """Return the error that a part is of another type than it must be."""
    return ExpressionError(
        f"`{text_of(text, node)}` is {described(value)}, but {wanted} is needed here.", node.start, node.end
    )


def text_of(text: str, node: Node) -> str:
    """Return a part of an expression as the user wrote it."""
    return text[node.start : node.end]


def quantile(values: NDArray[np.float64], share: float) -> float:
    """Return a quantile of the finite values, between two by linear interpolation; NaN of none.

    Notes
    -----
    The formula of the TypeScript twin, to the last bit; ``numpy.quantile`` rounds otherwise.
    """
    finite = values[np.isfinite(values)] + 0.0
    if not len(finite):
        return float("nan")
    place = share * (len(finite) - 1)
    below = int(np.floor(place))
    if place == below:
        return float(np.partition(finite, below)[below])
    parts = np.partition(finite, [below, below + 1])
    low, high = float(parts[below]), float(parts[below + 1])
    return low + (high - low) * (place - below)
