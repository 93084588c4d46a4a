"""What the labels say of sets of duplicates: leaks between splits, and conflicts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from deepview_lab.analysis.duplicates.candidate import DuplicateSetCandidate

__all__ = ["MixedSet", "mixed_sets"]


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
