"""The functions that an expression may call; there are no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from deepview_lab.analysis.expression.error import ExpressionError
from deepview_lab.analysis.expression.parse import Node
from deepview_lab.analysis.expression.table import ExpressionTable
from deepview_lab.analysis.expression.values import Numbers, Texts, Truth, Value, quantile, wrong_type

__all__ = ["FUNCTIONS", "Evaluates"]


class Evaluates(Protocol):
    """What a function needs to know of the rest of the expression."""

    text: str
    table: ExpressionTable

    def value(self, node: Node) -> Value:
        """Return what a part is worth."""
        ...

    def numbers(self, node: Node) -> Numbers:
        """Return what a part is worth, which must be numbers."""
        ...

    def share(self, node: Node) -> float:
        """Return a literal from 0 to 1."""
        ...

    def constant(self, value: float) -> Numbers:
        """Return one number for all rows."""
        ...


def _absolute(evaluator: Evaluates, node: Node) -> Value:
    (argument,) = _arguments(node, 1, "abs(a - b)")
    numbers = evaluator.numbers(argument)
    return Numbers(np.abs(numbers.values), numbers.constant)


def _length(evaluator: Evaluates, node: Node) -> Value:
    (argument,) = _arguments(node, 1, "length(text)")
    value = evaluator.value(argument)
    if not isinstance(value, Texts):
        raise wrong_type(evaluator.text, argument, "text", value)
    if isinstance(value.content, str):
        return evaluator.constant(len(value.content))
    lengths = np.array([*(len(word) for word in value.content.words), np.nan])
    return Numbers(lengths[value.content.codes])


def _quantile(evaluator: Evaluates, node: Node) -> Value:
    if len(node.operands) == 1:
        raise ExpressionError(
            "`q` of one value stands beside `<` or `>`. Elsewhere, write `q(column, 0.05)`.", node.start, node.end
        )
    column, share = _arguments(node, 2, "q(column, 0.05)")
    values = np.broadcast_to(evaluator.numbers(column).values, evaluator.table.rows)
    return evaluator.constant(quantile(values, evaluator.share(share)))


def _similar(evaluator: Evaluates, node: Node) -> Value:
    (argument,) = _arguments(node, 1, "similar(9188)")
    if argument.kind not in {"number", "text"}:
        raise ExpressionError("Write the id of a sample, such as `similar(9188)`.", argument.start, argument.end)
    sample = str(argument.value) if argument.kind == "text" else evaluator.text[argument.start : argument.end]
    rows = evaluator.table.similar(sample)
    if rows is None:
        raise ExpressionError(f"Samples similar to `{sample}` are not known here.", argument.start, argument.end)
    return Truth(rows)


def _tagged(evaluator: Evaluates, node: Node) -> Value:
    (argument,) = _arguments(node, 1, 'tagged("night")')
    if argument.kind != "text":
        raise ExpressionError('Write a tag in quotes, such as `tagged("night")`.', argument.start, argument.end)
    rows = evaluator.table.tags.get(str(argument.value))
    return Truth(np.zeros(evaluator.table.rows, dtype=bool) if rows is None else rows)


FUNCTIONS: Mapping[str, Callable[[Evaluates, Node], Value]] = {
    "abs": _absolute,
    "length": _length,
    "q": _quantile,
    "similar": _similar,
    "tagged": _tagged,
}


def _arguments(node: Node, count: int, example: str) -> tuple[Node, ...]:
    if len(node.operands) != count:
        raise ExpressionError(
            f"`{node.value}` takes {count} value{'' if count == 1 else 's'}, as in `{example}`.", node.start, node.end
        )
    return node.operands
