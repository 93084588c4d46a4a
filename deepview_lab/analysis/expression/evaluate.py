"""Expressions over the columns of a table; interpreted, never run as code."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import numpy as np

from deepview_lab.analysis.expression.error import ExpressionError, nearest
from deepview_lab.analysis.expression.functions import FUNCTIONS
from deepview_lab.analysis.expression.parse import Node, parse
from deepview_lab.analysis.expression.patterns import MatchTexts, is_regular, match_texts
from deepview_lab.analysis.expression.rows import equal_texts, missing_rows, rows_of_codes, rows_of_words
from deepview_lab.analysis.expression.table import (
    ExpressionTable,
    Mask,
    MediaColumn,
    NumberColumn,
    SetColumn,
    TextColumn,
    TruthColumn,
)
from deepview_lab.analysis.expression.values import Numbers, Texts, Truth, Value, quantile, text_of, wrong_type

__all__ = ["evaluate"]

_ORDERS: Mapping[str, Callable[..., Mask]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_ARITHMETIC: Mapping[str, Callable[..., np.ndarray]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_LITERALS = frozenset({"number", "text"})
_CONDITIONS = frozenset({"truth", "not", "state", "in"})
_BROKEN = 2


def evaluate(text: str, table: ExpressionTable, *, match: MatchTexts = match_texts) -> Mask:
    """Return the rows for which an expression holds.

    Parameters
    ----------
    text : str
        For example ``familiarity < q(0.05) and not duplicate``; `docs/dataset.md` has the grammar.
    table : ExpressionTable
        The columns.
    match : MatchTexts
        How to search by regular expression. The default takes exponential time for some patterns.

    Returns
    -------
    numpy.ndarray
        bool [rows].

    Raises
    ------
    ExpressionError
        when the expression cannot be read or does not fit the columns; with the position.

    Notes
    -----
    A missing value is equal to nothing, and neither less nor greater than anything. ``!=`` and ``not in`` are the
    opposites of ``==`` and ``in``, so that they hold for it. Numbers are compared as float64.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.analysis.expression import ExpressionTable, NumberColumn
    >>> table = ExpressionTable(3, {"score": NumberColumn(np.array([1.0, np.nan, 3.0]))})
    >>> evaluate("score < 2 or score is missing", table)
    array([ True,  True, False])
    """
    with np.errstate(all="ignore"):
        return _Evaluator(text, table, match).condition(parse(text))


class _Evaluator:
    def __init__(self, text: str, table: ExpressionTable, match: MatchTexts) -> None:
        self.text = text
        self.table = table
        self._match = match

    def condition(self, node: Node) -> Mask:
        value = self.value(node)
        if not isinstance(value, Truth):
            raise wrong_type(self.text, node, "a condition", value)
        return value.rows

    def numbers(self, node: Node) -> Numbers:
        value = self.value(node)
        if not isinstance(value, Numbers):
            raise wrong_type(self.text, node, "a number", value)
        return value

    def value(self, node: Node) -> Value:
        if node.kind in _CONDITIONS:
            return Truth(self._condition_of(node))
        if node.kind in _LITERALS:
            return Texts(node.value) if isinstance(node.value, str) else self.constant(node.value)
        match node.kind:
            case "name":
                return self._column(node)
            case "call":
                return self._call(node)
            case "minus":
                operand = self.numbers(node.operands[0])
                return Numbers(-operand.values, operand.constant)
            case _:
                return self._binary(node)

    def _condition_of(self, node: Node) -> Mask:
        match node.kind:
            case "truth":
                return np.full(self.table.rows, node.value == "true")
            case "not":
                return ~self.condition(node.operands[0])
            case "state":
                return self._state(node)
            case _:
                return self._in(node)

    def constant(self, value: float) -> Numbers:
        return Numbers(np.array(value, dtype=np.float64), constant=True)

    def _column(self, node: Node) -> Value:
        match self._found(node):
            case NumberColumn(values):
                return Numbers(values.astype(np.float64))
            case SetColumn(values):
                return Truth(values >= 0)
            case TruthColumn(values, missing):
                return Truth(values if missing is None else values & ~missing)
            case TextColumn() as column:
                return Texts(column)
            case MediaColumn() as column:
                return column

    def _found(self, node: Node) -> NumberColumn | TruthColumn | TextColumn | SetColumn | MediaColumn:
        column = self.table.columns.get(str(node.value))
        if column is None:
            near = nearest(str(node.value), self.table.columns)
            hint = f" Did you mean `{near}`?" if near else ""
            raise ExpressionError(f"Unknown column `{node.value}`.{hint}", node.start, node.end)
        return column

    def _call(self, node: Node) -> Value:
        function = FUNCTIONS.get(str(node.value))
        if function is None:
            near = nearest(str(node.value), FUNCTIONS)
            hint = f"Did you mean `{near}`?" if near else f"There are {', '.join(f'`{name}`' for name in FUNCTIONS)}."
            raise ExpressionError(
                f"Unknown function `{node.value}`. {hint}", node.start, node.start + len(str(node.value))
            )
        return function(self, node)

    def _binary(self, node: Node) -> Value:
        left, right = node.operands
        name = str(node.value)
        if name in {"and", "or"}:
            one, other = self.condition(left), self.condition(right)
            return Truth(one & other if name == "and" else one | other)
        if name in {"contains", "matches"}:
            return Truth(self._search(node))
        if name in _ARITHMETIC:
            first, second = self.numbers(left), self.numbers(right)
            return Numbers(_ARITHMETIC[name](first.values, second.values), first.constant and second.constant)
        return Truth(self._compared(node))

    def _compared(self, node: Node) -> Mask:
        left, right = node.operands
        name = str(node.value)
        one, other = self._sides(left, right)
        if isinstance(one, Texts) and isinstance(other, Texts) and name in {"==", "!="}:
            equal = equal_texts(one, other, self.table.rows)
            return equal if name == "==" else ~equal
        for value, side in ((one, left), (other, right)):
            if isinstance(value, Truth | MediaColumn) or (isinstance(value, Texts) and name not in {"==", "!="}):
                raise wrong_type(self.text, side, "a number", value)
        if not isinstance(one, Numbers) or not isinstance(other, Numbers):
            raise self._mixed(node, one)
        compared = _ORDERS["==" if name == "!=" else name](one.values, other.values)
        rows = np.broadcast_to(compared, self.table.rows)
        return ~rows if name == "!=" else rows.copy()

    def _sides(self, left: Node, right: Node) -> tuple[Value, Value]:
        """Evaluate both sides; ``q(0.05)`` is that of the other one."""
        if _is_relative(left) and not _is_relative(right):
            other = self.value(right)
            return self._quantile_of(left, right, other), other
        one = self.value(left)
        return one, self._quantile_of(right, left, one) if _is_relative(right) else self.value(right)

    def _quantile_of(self, call: Node, node: Node, value: Value) -> Numbers:
        if not isinstance(value, Numbers):
            raise wrong_type(self.text, node, "a number", value)
        return self.constant(quantile(np.broadcast_to(value.values, self.table.rows), self.share(call.operands[0])))

    def share(self, node: Node) -> float:
        if node.kind != "number" or not 0 <= float(node.value) <= 1:
            raise ExpressionError("Write a share from 0 to 1, such as `q(0.05)`.", node.start, node.end)
        return float(node.value)

    def _mixed(self, node: Node, one: Value) -> ExpressionError:
        left, right = node.operands
        text, number = (left, right) if isinstance(one, Texts) else (right, left)
        hint = f' Write `"{text_of(self.text, number)}"`.' if number.kind == "number" else ""
        return ExpressionError(
            f"`{text_of(self.text, text)}` is text, but `{text_of(self.text, number)}` is a number.{hint}",
            node.start,
            node.end,
        )

    def _in(self, node: Node) -> Mask:
        left, *items = node.operands
        value = self.value(left)
        if not isinstance(value, Numbers | Texts):
            raise wrong_type(self.text, left, "a number or text", value)
        wanted = "number" if isinstance(value, Numbers) else "text"
        for item in items:
            if item.kind != wanted:
                raise ExpressionError(
                    f"`{text_of(self.text, left)}` is {'a number' if wanted == 'number' else 'text'}, but "
                    f"`{text_of(self.text, item)}` is {'text' if wanted == 'number' else 'a number'}.",
                    item.start,
                    item.end,
                )
        if isinstance(value, Numbers):
            found = np.isin(np.broadcast_to(value.values, self.table.rows), [float(item.value) for item in items])
        else:
            words = {str(item.value) for item in items}
            found = rows_of_words(value, self.table.rows, lambda word: word in words)
        return ~found if node.negated else found

    def _search(self, node: Node) -> Mask:
        left, right = node.operands
        value = self.value(left)
        if not isinstance(value, Texts):
            raise wrong_type(self.text, left, "text", value)
        if right.kind != "text":
            raise ExpressionError(f"Write a text in quotes after `{node.value}`.", right.start, right.end)
        wanted = str(right.value)
        if node.value == "contains":
            part = wanted.lower()
            return rows_of_words(value, self.table.rows, lambda word: part in word.lower())
        if not is_regular(wanted):
            raise ExpressionError(
                f"`{wanted}` is not a regular expression, or uses look-around, back-references or flags.",
                right.start,
                right.end,
            )
        content = value.content
        if isinstance(content, str):
            return np.full(self.table.rows, bool(self._match([content], wanted)[0]))
        return rows_of_codes(content, self._match(content.words, wanted))

    def _state(self, node: Node) -> Mask:
        operand = node.operands[0]
        if operand.kind != "name":
            raise ExpressionError(f"Write the name of a column before `is {node.value}`.", operand.start, operand.end)
        column = self._found(operand)
        if node.value == "broken":
            if not isinstance(column, MediaColumn):
                raise wrong_type(self.text, operand, "media", self._column(operand))
            rows: Mask = column.values == _BROKEN
        else:
            rows = missing_rows(column)
        return ~rows if node.negated else rows


def _is_relative(node: Node) -> bool:
    return node.kind == "call" and node.value == "q" and len(node.operands) == 1
