"""How duplicates are searched: our search, by DeepView's names too, or one of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.neighbours.nearest import distances_between
from deepview_lab.numerics.neighbours.union_find import Edges, spanning_forest

__all__ = ["KNN", "DuplicatesStrategyType", "KNNAnnoy", "KNNFaiss", "own_links"]


@dataclass(frozen=True)
class KNN:
    """Nearest neighbours by Euclidean distance.

    Parameters
    ----------
    exact : bool or None
        Compare all samples with all; None does so where it is a matter of seconds, and searches approximately above.
        An approximate search finds nearly all close pairs, and tells which share of all neighbours it found.
    """

    exact: bool | None = None


@dataclass(frozen=True)
class KNNAnnoy(KNN):
    """DeepView's name; the search is that of :class:`KNN`, which finds more of the true neighbours than Annoy does."""


@dataclass(frozen=True)
class KNNFaiss(KNN):
    """DeepView's name; the search is that of :class:`KNN`. Distances are not squared, unlike DeepView's here."""


@runtime_checkable
class DuplicatesStrategyType(Protocol):
    """A search of one's own: DeepView's protocol."""

    def __call__(
        self, vectors: NDArray[np.float32], threshold: Callable[[NDArray[np.float64]], float], /
    ) -> Sequence[Sequence[int]]:
        """Return sets of row numbers of ``vectors``, whose columns have norm 1; sets that overlap are joined."""
        ...


def own_links(
    strategy: DuplicatesStrategyType,
    points: NDArray[np.float32],
    threshold: Callable[[NDArray[np.float64]], float],
) -> Edges:
    """Return links that join the sets which a strategy of one's own has found, each set in its own order.

    Raises
    ------
    ValueError
        when a set holds something that is not the number of a row.
    """
    parts = [Edges.none()]
    for found in strategy(points, threshold):
        members = np.asarray(found)
        if members.ndim != 1 or members.dtype.kind not in "iu" or not np.isin(members, np.arange(len(points))).all():
            raise ValueError(
                f"strategy must return sets of row numbers from 0 to {len(points) - 1}, but one of {strategy!r} is "
                f"{found!r}."
            )
        parts.append(Edges(members[:-1], members[1:], distances_between(points, members[:-1], members[1:])))
    first, second, weight = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "second", "weight")
    )
    return spanning_forest(len(points), Edges(first, second, weight))
