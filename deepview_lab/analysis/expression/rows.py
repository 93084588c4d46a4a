"""The rows of columns for which something holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deepview_lab.analysis.expression.table import (
    ExpressionColumn,
    Mask,
    MediaColumn,
    NumberColumn,
    SetColumn,
    TextColumn,
    TruthColumn,
)
from deepview_lab.analysis.expression.values import Texts

__all__ = ["equal_texts", "missing_rows", "rows_of_codes", "rows_of_words"]


def missing_rows(column: ExpressionColumn) -> Mask:
    """Return the rows without a value."""
    match column:
        case NumberColumn(values):
            missing: Mask = np.isnan(values)
        case SetColumn(values):
            missing = values < 0
        case TruthColumn(values, unknown):
            missing = np.zeros(len(values), dtype=bool) if unknown is None else unknown
        case TextColumn(codes):
            missing = codes < 0
        case MediaColumn(values):
            missing = values == 1
    return missing


def rows_of_words(value: Texts, rows: int, holds: Callable[[str], bool]) -> Mask:
    """Return the rows whose text something holds for; it is asked once a word."""
    content = value.content
    if isinstance(content, str):
        return np.full(rows, holds(content))
    return rows_of_codes(content, np.array([holds(word) for word in content.words], dtype=bool))


def rows_of_codes(column: TextColumn, found: Mask) -> Mask:
    """Return the rows whose word was found, bool [words]."""
    rows: Mask = np.append(found, False)[column.codes]
    return rows


def equal_texts(one: Texts, other: Texts, rows: int) -> Mask:
    """Return the rows in which two texts are equal; missing ones are equal to nothing."""
    if isinstance(one.content, str):
        first = one.content
        return rows_of_words(other, rows, lambda word: word == first)
    if isinstance(other.content, str):
        second = other.content
        return rows_of_words(one, rows, lambda word: word == second)
    number = {word: code for code, word in enumerate(one.content.words)}
    as_one = np.array([*(number.get(word, -2) for word in other.content.words), -2])
    equal: Mask = one.content.codes == as_one[other.content.codes]
    return equal
