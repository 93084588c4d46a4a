"""Neighbour graphs that several analyses of a run ask for: each is searched once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.neighbours.nearest import NeighbourGraph, compares_all, neighbour_graph
from deepview_lab.numerics.neighbours.search import unheard

__all__ = ["NeighbourGraphs"]

# As many as UMAP asks for by default. Duplicates and label problems ask for ten, and the four more cost a fiftieth of
# their search.
_LISTED = 14


class NeighbourGraphs:
    """Searches neighbours, and keeps what it found for who asks for the same.

    Graphs are kept by what the points are, not by where they come from: analyses share one when they look at the same
    samples in the same space, and cannot be given one of other points. An exact search lists at least 14 neighbours,
    whoever asks, so that nobody's result depends on who asked before.

    Examples
    --------
    >>> graphs = NeighbourGraphs()
    >>> points = np.array([[0.0], [1.0], [3.0]], dtype=np.float32)
    >>> graphs.of(points, 1).indices.ravel()
    array([1, 0, 1], dtype=int32)
    >>> graphs.of(points, 2).indices[:, 1]  # without a new search
    array([2, 2, 0], dtype=int32)
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], NeighbourGraph] = {}

    def of(
        self,
        points: NDArray[np.float32],
        k: int,
        *,
        exact: bool | None = None,
        step: Callable[[float], None] = unheard,
    ) -> NeighbourGraph:
        """Return the ``k`` nearest neighbours of every point, as :func:`neighbour_graph` does."""
        listed = max(k, _LISTED) if compares_all(points, exact=exact) else k
        key = (hashlib.blake2b(np.ascontiguousarray(points).data).digest(), points.dtype, points.shape, listed, exact)
        if key not in self._kept:
            self._kept[key] = neighbour_graph(points, listed, exact=exact, step=step)
        return self._kept[key].first(k)

    def clear(self) -> None:
        """Give up what is kept."""
        self._kept.clear()
