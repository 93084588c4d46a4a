"""Whether tokens stand in an order that can be read. ``js/src/store/dataset/expression/syntax.ts`` says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from deepview_lab.analysis.expression.error import ExpressionError
from deepview_lab.analysis.expression.tokens import Token

__all__ = ["check_syntax"]

_MOST_OPERATORS = 200
_DEEPEST = 50
_OPERANDS = frozenset({"number", "text", "truth", "name"})
_ARITHMETIC = frozenset({"+", "-", "*", "/"})
_BEFORE_NOT = frozenset({"and", "or", "not"})


def check_syntax(text: str, tokens: Sequence[Token]) -> None:
    """Raise an :class:`ExpressionError` unless values and operators take turns and parentheses close.

    What passes can be parsed: all errors of syntax are found here, with the same words in both languages.
    """
    if not tokens:
        raise ExpressionError("Write a condition, such as `familiarity < q(0.05)`.", 0, len(text))
    _Reader(text, tokens).read()


class _Reader:
    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._open: list[tuple[Literal["group", "call", "list"], Token]] = []
        self._wants_value = True
        self._after_condition = False

    def read(self) -> None:
        before: Token | None = None
        operators = 0
        for place, token in enumerate(self._tokens):
            following = self._tokens[place + 1] if place + 1 < len(self._tokens) else None
            if self._wants_value:
                self._value(token, before, following)
            else:
                self._after_value(token)
            operators += token.kind in {"operator", "state"}
            if operators > _MOST_OPERATORS:
                raise ExpressionError(f"An expression has at most {_MOST_OPERATORS} operators.", token.start, token.end)
            self._check_list(token, following)
            before = token
        self._end()

    def _value(self, token: Token, before: Token | None, following: Token | None) -> None:
        if token.kind in _OPERANDS:
            self._wants_value = False
            if token.kind == "name" and not token.quoted and following is not None and following.kind == "(":
                self._wants_value = True
        elif token.kind == "(":
            self._push(token, before)
        elif token.kind == ")" and before is not None and before.kind == "(" and self._open[-1][0] == "call":
            self._open.pop()
            self._wants_value = False
        elif token.kind != "operator" or not (token.value == "-" or (token.value == "not" and _may_be_negated(before))):
            raise ExpressionError(f"Expected a value before `{self._source(token)}`.", token.start, token.end)

    def _push(self, token: Token, before: Token | None) -> None:
        if len(self._open) == _DEEPEST:
            raise ExpressionError(f"Parentheses go at most {_DEEPEST} deep.", token.start, token.end)
        if before is not None and before.kind == "name":
            self._open.append(("call", token))
        else:
            self._open.append(("list" if before is not None and _takes_list(before) else "group", token))

    def _after_value(self, token: Token) -> None:
        if self._after_condition and token.value in _ARITHMETIC:
            raise ExpressionError(f"Expected `and` or `or` before `{token.value}`.", token.start, token.end)
        self._after_condition = token.kind == "state" or (token.kind == ")" and self._closes_list())
        separates = token.kind == "," and bool(self._open) and self._open[-1][0] != "group"
        if separates or (token.kind == "operator" and token.value != "not"):
            self._wants_value = True
        elif token.kind == ")" and self._open:
            self._open.pop()
        elif token.kind != "state":
            source = self._source(token)
            wrong = "has no meaning here" if token.kind in {")", ","} else None
            raise ExpressionError(
                f"`{source}` {wrong}." if wrong else f"Expected an operator before `{source}`.", token.start, token.end
            )

    def _closes_list(self) -> bool:
        return bool(self._open) and self._open[-1][0] == "list"

    def _check_list(self, token: Token, following: Token | None) -> None:
        if _takes_list(token) and (following is None or following.kind != "("):
            raise ExpressionError(
                f'Write the values after `{token.value}` in parentheses: `("a", "b")`.', token.start, token.end
            )

    def _end(self) -> None:
        if self._wants_value:
            last = self._tokens[-1]
            raise ExpressionError(f"Expected a value after `{self._source(last)}`.", last.start, last.end)
        if self._open:
            _, token = self._open[-1]
            raise ExpressionError("`(` is not closed.", token.start, token.end)

    def _source(self, token: Token) -> str:
        return self._text[token.start : token.end]


def _takes_list(token: Token) -> bool:
    return token.kind == "operator" and token.value in {"in", "not in"}


def _may_be_negated(before: Token | None) -> bool:
    return before is None or before.kind in {"(", ","} or before.value in _BEFORE_NOT
