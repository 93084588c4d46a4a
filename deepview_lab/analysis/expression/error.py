"""What is wrong with an expression, and where."""

from __future__ import annotations

from collections.abc import Iterable

from deepview_lab.exceptions import DeepViewException

__all__ = ["ExpressionError", "nearest"]


class ExpressionError(DeepViewException, ValueError):
    """An expression cannot be read, or does not fit the table.

    Parameters
    ----------
    message : str
        A sentence for the user.
    start, end : int
        The characters that it is about; ``end`` is exclusive.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant: the shortest that continues it, else one with few edits.

    Examples
    --------
    >>> nearest("famil", ["familiarity", "label"])
    'familiarity'
    >>> nearest("lable", ["familiarity", "label"])
    'label'
    """
    wanted = name.lower()
    names = list(known)
    longer = [other for other in names if other.lower().startswith(wanted)]
    if longer:
        return min(longer, key=len)
    most = max(1, len(name) // 3)
    edits = [_edits(wanted, other.lower()) for other in names]
    return names[edits.index(min(edits))] if edits and min(edits) <= most else None


def _edits(one: str, other: str) -> int:
    """Return the Levenshtein distance, in which two neighbours that changed places count 1."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        following = [i + 1]
        for j, second in enumerate(other):
            cost = min(row[j] + (letter != second), row[j + 1] + 1, following[j] + 1)
            if i and j and letter == other[j - 1] and one[i - 1] == second:
                cost = min(cost, before[j - 1] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
