"""Single linkage up to a radius: which rows hang together by steps of at most some length."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.blas_threads import SharedMap, shared_among_threads
from deepview_lab.numerics.neighbours.nearest import NeighbourGraph, distances_between
from deepview_lab.numerics.neighbours.nearest_lists import chosen_pairs, left_side, right_side
from deepview_lab.numerics.neighbours.search import unheard
from deepview_lab.numerics.neighbours.union_find import Edges, leaf_order, spanning_forest

__all__ = ["radius_forest"]

_TILE = 2**11
_QUERIES = 512
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


class _Pairs(NamedTuple):
    first: NDArray[np.integer]
    second: NDArray[np.integer]
    distances: NDArray[np.float32]


class _Sweep:
    """Compares rows with all rows and keeps the forest."""

    def __init__(self, rows: NDArray[np.float32], forest: Edges, radius: float) -> None:
        self._rows = rows
        self._radius = np.float32(radius)
        self._forest = forest
        # What rounding may take from a distance, as a share of the squares of both rows.
        self._certain = np.float32(1 - 4 * rows.shape[1] * _EPSILON)
        self._pending: list[_Pairs] = []
        self._waiting = 0
        self._arrange()

    def over(self, queries: NDArray[np.intp], step: Callable[[float], None]) -> Edges:
        """Return the forest after ``queries`` have been compared with all rows."""
        queries = queries[np.argsort(self._position[queries])]  # rows that hang together come together
        with shared_among_threads() as each:
            for start in range(0, len(queries), _QUERIES):
                step(start / len(queries))
                self._compare(queries[start : start + _QUERIES], each)
        self._reduce()
        return self._forest

    def _arrange(self) -> None:
        order, gaps = leaf_order(len(self._rows), self._forest)
        self._position = np.empty(len(order), dtype=np.intp)
        self._position[order] = np.arange(len(order))
        self._widest = _widest(np.append(gaps, np.float32(0)))  # after the last leaf comes none

    def _compare(self, queries: NDArray[np.intp], each: SharedMap) -> None:
        centre = self._rows[queries].mean(axis=0)
        left = left_side(self._rows[queries] - centre)
        left[:, -2] *= self._certain
        for found in each(partial(self._shorter, queries, left, centre), range(0, len(self._rows), _TILE)):
            if len(found.distances):
                self._pending.append(found)
                self._waiting += len(found.distances)
        if self._waiting > _PENDING:
            self._reduce()
            self._arrange()

    def _shorter(
        self, queries: NDArray[np.intp], left: NDArray[np.float32], centre: NDArray[np.float32], start: int
    ) -> _Pairs:
        """Return the pairs of the queries with some rows that are within the radius and shorten a path."""
        right = right_side(self._rows[start : start + _TILE] - centre)
        right[:, -1] *= self._certain
        scores = left @ right.T
        query, column, score = chosen_pairs(scores >= -self._radius * self._radius / 2, scores)
        first, second = queries[query], column + start
        bound = self._longest_step(first, second)
        hopeful = (bound > 0) & (-2 * score <= bound * bound)
        first, second, bound = first[hopeful], second[hopeful], bound[hopeful]
        distances = distances_between(self._rows, first, second)
        shorter = (distances <= self._radius) & (distances < bound)
        return _Pairs(first[shorter], second[shorter], distances[shorter])

    def _longest_step(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the weight at which the rows of each pair are connected: 0 for a row and itself."""
        one, other = self._position[first], self._position[second]
        low, high = np.minimum(one, other), np.maximum(one, other)
        level = np.frexp(np.maximum(high - low, 1))[1] - 1
        longest = np.maximum(self._widest[level, low], self._widest[level, high - (1 << level)])
        longest[low == high] = 0
        return np.asarray(longest)

    def _reduce(self) -> None:
        if not self._pending:
            return
        first, second, distances = (np.concatenate(parts) for parts in zip(*self._pending, strict=True))
        self._forest = spanning_forest(len(self._rows), self._forest.joined(Edges(first, second, distances)))
        self._pending, self._waiting = [], 0


def _widest(gaps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 [levels, gaps]: the largest of the ``2**level`` gaps from each on.

    Two of them cover any stretch, so that its largest gap is found at once, however long it is.
    """
    levels = len(gaps).bit_length()
    widest = np.empty((levels, len(gaps)), dtype=np.float32)
    widest[0] = gaps
    for level in range(1, levels):
        half = 1 << (level - 1)
        widest[level] = widest[level - 1]
        np.maximum(widest[level - 1, :-half], widest[level - 1, half:], out=widest[level, :-half])
    return widest
