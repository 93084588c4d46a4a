"""What the labels say of sets of duplicates: leaks between splits, and conflicts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from deepview_lab.analysis.duplicates.candidate import DuplicateSetCandidate
from deepview_lab.visible_text import visible_text

__all__ = ["MixedSet", "MixedSets", "mixed_sets"]

_HEADS = ("response", "labels", "samples", "ids")
_SHOWN_SETS = 50
_SHOWN_IDS = 6


@dataclass(frozen=True, eq=False)
class MixedSet:
    """Duplicates that do not all have the same label.

    Attributes
    ----------
    response : str
        Whose duplicates.
    number : int
        Position of the set among the candidates of that response.
    candidate : DuplicateSetCandidate
        The set.
    dimension : hashable
        The label dimension: "dataset", "digit".
    values : sequence of hashable
        The different labels, in the order of their first samples; samples without a label do not count.
    """

    response: str
    number: int
    candidate: DuplicateSetCandidate
    dimension: Hashable
    values: Sequence[Hashable]


class MixedSets(list[MixedSet]):
    """A list of such sets that prints as a table.

    Parameters
    ----------
    sets : iterable of MixedSet
        The sets.
    ids : sequence of hashable
        The id of each sample, by the numbers that the sets have.
    """

    def __init__(self, sets: Iterable[MixedSet], ids: Sequence[Hashable]) -> None:
        super().__init__(sets)
        self._ids = ids

    def __repr__(self) -> str:
        if not self:
            return "No duplicates with different labels."
        lines = [_HEADS, *map(self._cells, self[:_SHOWN_SETS])]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        more = len(self) - _SHOWN_SETS
        return "\n".join([*text, *([f"... {more:,} more"] if more > 0 else [])])

    def _cells(self, mixed: MixedSet) -> tuple[str, ...]:
        members = mixed.candidate.members
        shown = [str(self._ids[index]) for index in members[:_SHOWN_IDS]]
        ids = ", ".join([*shown, *(["..."] if len(members) > _SHOWN_IDS else [])])
        values = ", ".join(map(str, mixed.values))
        cells = (mixed.response, f"{mixed.dimension}: {values}", f"{mixed.candidate.size:,}", ids)
        return tuple(visible_text(cell) for cell in cells)


def mixed_sets(
    response: str, candidates: Iterable[DuplicateSetCandidate], dimension: Hashable, labels: Sequence[Hashable]
) -> list[MixedSet]:
    """Return the sets whose samples have different labels."""
    found = []
    for number, candidate in enumerate(candidates):
        values = tuple(dict.fromkeys(labels[index] for index in candidate.members if labels[index] is not None))
        if len(values) > 1:
            found.append(MixedSet(response, number, candidate, dimension, values))
    return found
