"""The grammar of expressions. ``js/src/store/dataset/expression/parse.ts`` makes the same trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from deepview_lab.analysis.expression.error import ExpressionError
from deepview_lab.analysis.expression.syntax import check_syntax
from deepview_lab.analysis.expression.tokens import Token, tokenize

__all__ = ["Node", "NodeKind", "names_in", "parse"]

NodeKind = Literal["number", "text", "truth", "name", "call", "minus", "not", "binary", "in", "state"]

_NEGATION = 3
_PRECEDENCE = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in", "not in", "contains", "matches"), 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_STATE = 4
_LITERALS = frozenset({"number", "text"})


@dataclass(frozen=True)
class Node:
    """A part of an expression, and where it stands.

    Attributes
    ----------
    value : str or float
        A literal's value; the name of a column, function or operator; of ``state`` ``missing`` or ``broken``.
    negated : bool
        Of ``in`` and ``state``: whether ``not`` is in it.
    operands : tuple of Node
        Of ``in`` the value and then the list.
    """

    kind: NodeKind
    value: str | float
    start: int
    end: int
    operands: tuple[Node, ...] = ()
    negated: bool = False


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises
    ------
    ExpressionError
        when it cannot be read; with the position.

    Examples
    --------
    >>> parse("a < 2").operands[0]
    Node(kind='name', value='a', start=0, end=1, operands=(), negated=False)
    """
    tokens = tokenize(text)
    check_syntax(text, tokens)
    return _Parser(tokens).expression(0)


def names_in(node: Node) -> list[str]:
    """Return the columns that an expression needs, each once, in the order in which they come."""
    own = [str(node.value)] if node.kind == "name" else []
    return list(dict.fromkeys(own + [name for operand in node.operands for name in names_in(operand)]))


class _Parser:
    """Precedence climbing over tokens whose order was checked."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def expression(self, least: int) -> Node:
        left = self._operand()
        while (token := self._peek()) is not None and token.kind in {"operator", "state"}:
            precedence = _STATE if token.kind == "state" else _PRECEDENCE[str(token.value)]
            if precedence <= least:
                break
            self._place += 1
            if token.kind == "state":
                left = Node("state", token.value, left.start, token.end, (left,), negated=token.negated)
            elif token.value in {"in", "not in"}:
                left = self._in(left, token)
            else:
                right = self.expression(precedence)
                left = Node("binary", token.value, left.start, right.end, (left, right))
        return left

    def _operand(self) -> Node:
        token = self._next()
        if token.kind == "operator":
            negation = token.value == "not"
            operand = self.expression(_NEGATION - 1) if negation else self._operand()
            return Node("not" if negation else "minus", token.value, token.start, operand.end, (operand,))
        if token.kind == "(":
            inner = self.expression(0)
            self._next()
            return inner
        following = self._peek()
        if token.kind == "name" and not token.quoted and following is not None and following.kind == "(":
            arguments, end = self._list()
            return Node("call", token.value, token.start, end, arguments)
        if token.kind == "number" or token.kind == "text" or token.kind == "truth":  # noqa: PLR1714 - narrows
            return Node(token.kind, token.value, token.start, token.end)
        return Node("name", token.value, token.start, token.end)

    def _in(self, left: Node, token: Token) -> Node:
        items, end = self._list()
        values = tuple(_literal(item) for item in items)
        return Node("in", "in", left.start, end, (left, *values), negated=token.value == "not in")

    def _list(self) -> tuple[tuple[Node, ...], int]:
        self._next()
        items: list[Node] = []
        while (token := self._peek()) is not None and token.kind != ")":
            if token.kind == ",":
                self._place += 1
            else:
                items.append(self.expression(0))
        return tuple(items), self._next().end

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _next(self) -> Token:
        token = self._tokens[self._place]
        self._place += 1
        return token


def _literal(item: Node) -> Node:
    if item.kind == "minus" and item.operands[0].kind == "number":
        return Node("number", -float(item.operands[0].value), item.start, item.end)
    if item.kind not in _LITERALS:
        raise ExpressionError("A list holds numbers and texts only.", item.start, item.end)
    return item
