"""Text from files, models and the user's data as people are to see it: nothing in it is hidden or moves its neighbours.

The canvas does the same in ``js/src/store/shared/visible.ts``.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["visible_lines", "visible_part", "visible_text"]

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Scripts and emoji need them.
_JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
_FIRST, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# The blocks of scripts that are written from right to left.
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_IS_RIGHT_TO_LEFT = re.compile(f"[{_RIGHT_TO_LEFT}]")
# The first part has no letter of these scripts: otherwise a text without an end would take quadratic time.
_ISOLATED = re.compile(f"({_FIRST}[^{_FIRST}{_POP}{_RIGHT_TO_LEFT}]*[{_RIGHT_TO_LEFT}][^{_FIRST}{_POP}]*{_POP})")


def visible_text(text: str) -> str:
    """Return a name as people are to see it.

    Controls (escape sequences of terminals among them), line separators, bidirectional and other invisible marks are
    written as Python escapes them. A name with letters of a script that is written from right to left is put between
    marks that isolate it, so that the words around it stay where they are.
    """
    escaped = text.translate(_ESCAPES)
    return f"{_FIRST}{escaped}{_POP}" if _IS_RIGHT_TO_LEFT.search(escaped) else escaped


def visible_lines(text: str) -> str:
    """Return text of several lines in which names may stand, as people are to see it; what isolates names stays."""
    parts = _ISOLATED.split(text)
    # Every other part is an isolated one.
    return "".join(
        f"{_FIRST}{_lines(part[1:-1])}{_POP}" if index % 2 else _lines(part) for index, part in enumerate(parts)
    )


def visible_part(text: str) -> str:
    """Return text that stands among other words and may have isolated names in it."""
    seen = visible_lines(text)
    return f"{_FIRST}{seen}{_POP}" if _IS_RIGHT_TO_LEFT.search(seen) and not _ISOLATED.search(text) else seen


def _lines(text: str) -> str:
    return "\n".join(line.translate(_ESCAPES) for line in text.split("\n"))


class _Escapes(dict[int, str]):
    """What is written for each letter. Made when a letter is first met: Unicode has a million."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        hidden = unicodedata.category(letter) in _HIDDEN and letter not in _JOINERS
        shown = ascii(letter)[1:-1] if hidden else letter
        if len(self) < _MOST_REMEMBERED:
            self[point] = shown
        return shown


_MOST_REMEMBERED = 4096
_ESCAPES = _Escapes()
