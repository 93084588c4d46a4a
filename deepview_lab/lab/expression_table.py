"""Tables of samples as what expressions read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from deepview_lab.analysis.expression import (
    ExpressionColumn,
    ExpressionTable,
    NumberColumn,
    SetColumn,
    TextColumn,
    evaluate,
    names_in,
    parse,
)
from deepview_lab.analysis.expression.table import Mask
from deepview_lab.analysis.sample_table import Categories, SampleColumn, SampleTable

__all__ = ["rows_of"]


def rows_of(expression: str, table: SampleTable, tags: Mapping[str, Mask]) -> Mask:
    """Return the samples for which an expression holds, bool [rows]; all of an empty one.

    Raises
    ------
    ExpressionError
        (a ValueError) when it is wrong: it says where, and what to write.
    """
    if not expression.strip():
        return np.ones(table.rows, dtype=bool)
    named = set(names_in(parse(expression)))
    return evaluate(expression, ExpressionTable(table.rows, _columns(table.columns, named), tags))


def _columns(columns: Iterable[SampleColumn], named: set[str]) -> dict[str, ExpressionColumn]:
    """Return all columns, since errors suggest names; only of those that are named are texts looked through."""
    nothing = TextColumn(np.empty(0, dtype=np.int32), ())
    return {column.name: _column(column) if column.name in named else nothing for column in columns}


def _column(column: SampleColumn) -> ExpressionColumn:
    values = column.values
    if isinstance(values, Categories):
        return TextColumn(values.codes, values.words)
    if column.role == "set":
        return SetColumn(values)
    if column.type != "text":
        return NumberColumn(values)
    texts = Categories.of(values.tolist(), len(values))
    return TextColumn(texts.codes, texts.words)
