"""The words of an expression. ``js/src/store/dataset/expression/tokens.ts`` cuts the same ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deepview_lab.analysis.expression.error import ExpressionError

__all__ = ["Token", "TokenKind", "tokenize"]

TokenKind = Literal["number", "text", "truth", "name", "operator", "state", "(", ")", ","]

_WORD = "A-Za-z_\u0080-\U0010ffff"
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<text>\"(?:[^\"\\]|\\[\s\S])*\"|'(?:[^'\\]|\\[\s\S])*')"
    r"|(?P<quoted>`[^`]+`)"
    rf"|(?P<word>[{_WORD}][0-9{_WORD}]*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/(),])"
)
_AFTER_NUMBER = re.compile(rf"[0-9.{_WORD}]+")
_ESCAPE = re.compile(r"\\([\s\S])")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_PUNCTUATION: Mapping[str, TokenKind] = {"(": "(", ")": ")", ",": ","}
_TRUTHS = frozenset({"true", "false"})
_OPERATORS = frozenset(
    {"and", "or", "not", "in", "contains", "matches", "<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/"}
)
_HINTS = {
    "&": "Write `and` instead of `&`.",
    "|": "Write `or` instead of `|`.",
    "!": "Write `not` instead of `!`.",
    "=": "Write `==` to compare.",
    ".": "Write a name with a dot in backticks.",
    "`": "A name in backticks begins here and does not end.",
    '"': "A text begins here and does not end.",
    "'": "A text begins here and does not end.",
}
_LONGEST = 200_000


@dataclass(frozen=True)
class Token:
    """A word, number, text or sign, and where it stands.

    Attributes
    ----------
    value : str or float
        Of a number its value, of a text what is between the quotes, of a name the name, of an operator its words with
        single spaces, of a state ``missing`` or ``broken``, of a truth ``true`` or ``false``.
    negated : bool
        Of a state: whether ``not`` is in it.
    quoted : bool
        Of a name: whether it is in backticks.
    """

    kind: TokenKind
    value: str | float
    start: int
    end: int
    negated: bool = False
    quoted: bool = False


def tokenize(text: str) -> list[Token]:
    """Cut an expression into tokens.

    Raises
    ------
    ExpressionError
        when a character has no meaning, or a text does not end.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"An expression has at most {_LONGEST} characters.", 0, 0)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            hint = _HINTS.get(text[place], f"`{text[place]}` has no meaning here.")
            raise ExpressionError(hint, place, place + 1)
        token = _token(match)
        if token is not None:
            tokens.append(token)
        place = match.end()
    return _joined(tokens)


def _token(match: re.Match[str]) -> Token | None:
    word, (start, end) = match.group(), match.span()
    if match.lastgroup == "number":
        after = _AFTER_NUMBER.match(match.string, end)
        if after is not None:
            raise ExpressionError("Write a name that begins with a digit in backticks.", start, after.end())
        return Token("number", float(word), start, end)
    if match.lastgroup == "text":
        value = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), word[1:-1])
        return Token("text", value, start, end)
    if match.lastgroup == "quoted":
        return Token("name", word[1:-1], start, end, quoted=True)
    return None if match.lastgroup == "space" else Token(_kind(word), word, start, end)


def _kind(word: str) -> TokenKind:
    if word in _PUNCTUATION:
        return _PUNCTUATION[word]
    if word in _TRUTHS:
        return "truth"
    return "operator" if word in _OPERATORS else "name"


def _joined(tokens: list[Token]) -> list[Token]:
    """Join what is one operator in several words: ``not in``, ``is missing``, ``is not broken``."""
    joined: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if _is(token, "not") and _is(_at(tokens, place + 1), "in"):
            joined.append(Token("operator", "not in", token.start, tokens[place + 1].end))
            place += 2
        elif _is(token, "is"):
            negated = _is(_at(tokens, place + 1), "not")
            state = _at(tokens, place + 1 + negated)
            if not (_is(state, "missing") or _is(state, "broken")) or state is None:
                raise ExpressionError("After `is` comes `missing`, `broken` or `not`.", token.start, token.end)
            joined.append(Token("state", state.value, token.start, state.end, negated=negated))
            place += 2 + negated
        else:
            joined.append(token)
            place += 1
    return joined


def _at(tokens: list[Token], place: int) -> Token | None:
    return tokens[place] if place < len(tokens) else None


def _is(token: Token | None, word: str) -> bool:
    return token is not None and token.kind in {"name", "operator"} and not token.quoted and token.value == word
