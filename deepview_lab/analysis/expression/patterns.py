"""Searching texts: a part of the text in any case, or a regular expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["MatchTexts", "is_regular", "match_texts"]

# What not every engine has: look-around, back-references, named groups, flags.
_NOT_SHARED = re.compile(r"(?:^|[^\\])(?:\\\\)*(?:\(\?(?!:)|\\[1-9k])")


class MatchTexts(Protocol):
    """A search by regular expression, such as one of linear time."""

    def __call__(self, words: Sequence[str], pattern: str, /) -> NDArray[np.bool_]:
        """Return bool [words]: where the pattern is found."""
        ...


def is_regular(pattern: str) -> bool:
    """Return whether a text is a regular expression that both languages understand."""
    if _NOT_SHARED.search(pattern):
        return False
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def match_texts(words: Sequence[str], pattern: str) -> NDArray[np.bool_]:
    """Search with Python's own engine, which takes exponential time for some patterns."""
    search = re.compile(pattern, re.ASCII).search
    return np.fromiter((search(word) is not None for word in words), dtype=bool, count=len(words))
