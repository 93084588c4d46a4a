"""Single linkage up to a radius: which rows hang together by steps of at most some length."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.neighbour_search import unheard
from deepview_lab.numerics.neighbours import NeighbourGraph, distances_between
from deepview_lab.numerics.union_find import Edges, leaf_order, spanning_forest

__all__ = ["radius_forest"]

_TILE = 2**14
_CELLS = 2**24
_PENDING = 2**20
_EPSILON = float(np.finfo(np.float32).eps)


def radius_forest(
    rows: NDArray[np.float32],
    graph: NeighbourGraph,
    radius: float,
    *,
    step: Callable[[float], None] = unheard,
) -> Edges:
    """Return a lightest spanning forest of all pairs of rows that are at most ``radius`` apart.

    Its edges up to any smaller distance tell the clusters at that distance: the transitive closure of {distance <= T}.

    Parameters
    ----------
    rows : numpy.ndarray
        float32 [rows, columns], finite.
    graph : NeighbourGraph
        Nearest neighbours of these rows.
    radius : float
        Largest distance of a pair.
    step : callable
        Called with the share done (0..1) while this works; may raise to stop it.

    Returns
    -------
    Edges
        At most rows - 1 of them, whatever the number of pairs.

    Notes
    -----
    A row whose listed neighbours do not all lie within the radius has no other neighbours within it, so the graph
    tells all its pairs (if the graph is exact). The other rows, few unless the radius is large, are compared with all
    rows, in whole products of tiles. A pair that is no shorter than the longest step of a known path between its ends
    cannot change any cluster and is dropped at once.
    """
    count = len(rows)
    if count < 2:  # noqa: PLR2004 - a pair
        return Edges.none()
    close = graph.distances <= np.float32(radius)
    first, column = np.nonzero(close)
    forest = spanning_forest(count, Edges(first, graph.indices[first, column], graph.distances[first, column]))
    cut = _cut_short(rows, graph, radius)
    if not len(cut):
        return forest
    return _Sweep(rows, forest, radius).over(cut, step)


def _cut_short(rows: NDArray[np.float32], graph: NeighbourGraph, radius: float) -> NDArray[np.intp]:
    """Return the rows that may have more neighbours within the radius than the graph lists."""
    count, width = rows.shape
    if graph.indices.shape[1] >= count - 1:
        return np.empty(0, dtype=np.intp)
    centre = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    norms = np.empty(count)
    for start in range(0, count, _TILE):
        norms[start : start + _TILE] = np.linalg.norm(rows[start : start + _TILE] - centre, axis=1)
    # The search compared |x|^2 - 2xy + |y|^2 in float32, so that the list may miss one that is a little closer.
    rounding = 4 * width * _EPSILON * (norms**2 + (norms + radius) ** 2)
    return np.flatnonzero(graph.distances.max(axis=1).astype(np.float64) ** 2 - rounding <= radius**2)


class _Sweep:
    """Compares rows with all rows and keeps the forest."""

    def __init__(self, rows: NDArray[np.float32], forest: Edges, radius: float) -> None:
        self._rows = rows
        self._radius = np.float32(radius)
        self._forest = forest
        self._pending: list[tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.float32]]] = []
        self._waiting = 0
        self._arrange()

    def over(self, queries: NDArray[np.intp], step: Callable[[float], None]) -> Edges:
        """Return the forest after ``queries`` have been compared with all rows."""
        queries = queries[np.argsort(self._position[queries])]  # rows that hang together come together
        size = int(np.clip(_CELLS // len(self._rows), 16, 256))
        for start in range(0, len(queries), size):
            step(start / len(queries))
            self._compare(queries[start : start + size])
        self._reduce()
        return self._forest

    def _arrange(self) -> None:
        self._order, self._gaps = leaf_order(len(self._rows), self._forest)
        self._position = np.empty(len(self._order), dtype=np.int32)
        self._position[self._order] = np.arange(len(self._order), dtype=np.int32)

    def _compare(self, queries: NDArray[np.intp]) -> None:
        bounds = np.stack([self._longest_step(int(self._position[query])) for query in queries])
        centre = self._rows[queries].mean(axis=0)
        own = self._rows[queries] - centre
        own_squares = np.einsum("ij,ij->i", own, own)
        for start in range(0, len(self._rows), _TILE):
            ids = self._order[start : start + _TILE]
            others = self._rows[ids] - centre
            squares = own_squares[:, None] + np.einsum("ij,ij->i", others, others)[None, :]
            rounding = np.float32(4 * own.shape[1] * _EPSILON)
            bound = bounds[:, start : start + _TILE]
            reach = np.minimum(bound, self._radius)
            near = squares * (1 - rounding) - 2 * (own @ others.T) <= reach * reach
            query, column = np.nonzero(near & (bound > 0))
            if len(query):
                self._note(queries[query], ids[column], bound[query, column])
        if self._waiting > _PENDING:
            self._reduce()
            self._arrange()

    def _longest_step(self, position: int) -> NDArray[np.float32]:
        """Return, in the order of the leaves, the weight at which each row is connected with the one there."""
        longest = np.zeros(len(self._order), dtype=np.float32)
        np.maximum.accumulate(self._gaps[position:], out=longest[position + 1 :])
        longest[:position] = np.maximum.accumulate(self._gaps[:position][::-1])[::-1]
        return longest

    def _note(self, first: NDArray[np.integer], second: NDArray[np.integer], bound: NDArray[np.float32]) -> None:
        distances = distances_between(self._rows, first, second)
        shorter = (distances <= self._radius) & (distances < bound)
        if shorter.any():
            self._pending.append((first[shorter], second[shorter], distances[shorter]))
            self._waiting += int(shorter.sum())

    def _reduce(self) -> None:
        if not self._pending:
            return
        first, second, distances = (np.concatenate(parts) for parts in zip(*self._pending, strict=True))
        self._forest = spanning_forest(len(self._rows), self._forest.joined(Edges(first, second, distances)))
        self._pending, self._waiting = [], 0
