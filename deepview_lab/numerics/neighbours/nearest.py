"""The nearest neighbours of every row, for duplicates, projections and label problems."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepview_lab.exceptions import DeepViewWarning
from deepview_lab.numerics.neighbours.all_pairs import nearest_of_all
from deepview_lab.numerics.neighbours.search import BLOCK, approximate_lists, exact_lists, unheard

__all__ = ["NeighbourGraph", "compares_all", "distances_between", "exact_is_fast", "neighbour_graph"]

# Multiplications and comparisons that take a few seconds on two cores.
_FAST_WORK = 4e11
_LIST_COST = 40  # keeping a list of the nearest costs as much as so many more columns
_LEAST_APPROXIMATE = 10_000
_RECALL_ROWS = 200


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """The nearest neighbours of every row, nearest first; no row is its own neighbour.

    Attributes
    ----------
    indices : numpy.ndarray
        int32 [rows, k]: numbers of the neighbours. There are fewer columns when there are not so many other rows.
    distances : numpy.ndarray
        float32 [rows, k]: Euclidean distances, ascending, computed from the differences of the rows.
    exact : bool
        Whether every row was compared with every other one.
    recall : float or None
        Which share (0..1) of the true neighbours an approximate search found, measured on some rows; None if exact.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    exact: bool
    recall: float | None = None

    def first(self, k: int) -> NeighbourGraph:
        """Return the graph of the ``k`` nearest of these neighbours."""
        if self.indices.shape[1] <= k:
            return self
        return NeighbourGraph(self.indices[:, :k].copy(), self.distances[:, :k].copy(), self.exact, self.recall)

    def with_self(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return indices and distances with each row itself in front at distance 0: the form that umap-learn takes."""
        count = len(self.indices)
        indices = np.hstack([np.arange(count, dtype=np.int32)[:, None], self.indices])
        return indices, np.hstack([np.zeros((count, 1), dtype=np.float32), self.distances])


def neighbour_graph(
    rows: NDArray[np.floating],
    k: int,
    *,
    exact: bool | None = None,
    step: Callable[[float], None] = unheard,
) -> NeighbourGraph:
    """Return the ``k`` nearest neighbours of every row by Euclidean distance.

    Parameters
    ----------
    rows : numpy.ndarray
        float [rows, columns], finite; taken as float32.
    k : int
        Neighbours of a row, without itself.
    exact : bool or None
        Compare all rows with all; None does so where it is a matter of seconds (:func:`exact_is_fast`). Below 10,000
        rows, and where faiss is not installed, there is no other way.
    step : callable
        Called with the share done (0..1) after each block of rows; may raise to stop the search.

    Raises
    ------
    ValueError
        when ``rows`` is not a table, ``k`` is not positive, or a value is not finite.

    Warns
    -----
    DeepViewWarning
        when faiss is not installed and there are so many rows that the search is long.

    Notes
    -----
    The search compares centred rows in float32 by whole products, whose rounding is up to 1e-7 of the squared distance
    from the centre; the distances of those found are then computed anew from differences. Neighbours that are equally
    far up to that rounding may be taken for each other;
    :func:`~deepview_lab.numerics.neighbours.radius.radius_forest` allows for it.

    Examples
    --------
    >>> graph = neighbour_graph(np.array([[0.0], [1.0], [3.0]]), 2)
    >>> graph.indices
    array([[1, 2],
           [0, 2],
           [1, 0]], dtype=int32)
    >>> graph.distances
    array([[1., 3.],
           [1., 2.],
           [2., 3.]], dtype=float32)
    """
    if rows.ndim != 2:  # noqa: PLR2004 - a table
        raise ValueError(f"rows must be a table [rows, columns], but has the shape {rows.shape}.")
    if k < 1:
        raise ValueError(f"k must be at least 1, but is {k}.")
    count = len(rows)
    k = min(k, max(count - 1, 0))
    if not k:
        return NeighbourGraph(np.empty((count, 0), np.int32), np.empty((count, 0), np.float32), exact=True)
    given, scale = _scaled(rows)
    centred = given - given.mean(axis=0, dtype=np.float64).astype(np.float32)
    lists = None
    if not compares_all(rows, exact=exact):
        lists = approximate_lists(centred, k + 1, step)
        if lists is None and not exact_is_fast(*rows.shape):
            warnings.warn(
                f"Without faiss, all of {count:,} rows are compared with all, which takes several times as long. "
                "Install it: pip install 'deepview_lab[report]'.",
                DeepViewWarning,
                stacklevel=2,
            )
    found_all = lists is None
    others = nearest_of_all(centred, k, step) if lists is None else _without_self(lists, k)
    indices, distances = _measured(given, others)
    recall = None if found_all else _recall(given, centred, distances)
    return NeighbourGraph(indices, distances / np.float32(scale), exact=found_all, recall=recall)


def compares_all(rows: NDArray[np.floating], *, exact: bool | None) -> bool:
    """Return whether :func:`neighbour_graph` compares all rows with all when asked like this, faiss or not."""
    return len(rows) < _LEAST_APPROXIMATE or (exact_is_fast(*rows.shape) if exact is None else exact)


def exact_is_fast(rows: int, columns: int) -> bool:
    """Return whether comparing all rows with all is a matter of seconds: up to about 62,000 rows of 64 columns."""
    return float(rows) ** 2 * (columns + _LIST_COST) <= _FAST_WORK


def distances_between(
    rows: NDArray[np.float32], first: NDArray[np.integer], second: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Return float32 [pairs]: the Euclidean distances of pairs of rows, from their differences."""
    distances = np.empty(len(first), dtype=np.float32)
    size = max(1, 2**20 // max(1, rows.shape[1]))  # what stays in the cache
    for start in range(0, len(first), size):
        part = slice(start, start + size)
        difference = rows[first[part]]
        difference -= rows[second[part]]
        distances[part] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return distances


def _scaled(rows: NDArray[np.floating]) -> tuple[NDArray[np.float32], float]:
    """Return the rows, multiplied by a power of two if their squares would leave the range of float32."""
    largest = max(
        (float(np.abs(rows[start : start + BLOCK]).max(initial=0)) for start in range(0, len(rows), BLOCK)), default=0.0
    )
    if not math.isfinite(largest):
        raise ValueError("rows must be finite, but some value is NaN or infinite: leave those rows out.")
    if largest == 0 or 1e-6 < largest < 1e12:  # noqa: PLR2004 - far from the limits, about 1e-19 and 1e19
        return np.ascontiguousarray(rows, dtype=np.float32), 1.0
    scale = 2.0 ** -math.frexp(largest)[1]
    return np.ascontiguousarray(rows * np.asarray(scale, dtype=np.float64), dtype=np.float32), scale


def _without_self(lists: NDArray[np.integer], k: int) -> NDArray[np.int32]:
    """Return the first ``k`` of each list that are not the row itself; equal rows may have pushed it out."""
    others = lists != np.arange(len(lists))[:, None]
    others[others.all(axis=1), -1] = False
    return np.asarray(lists[others].reshape(len(lists), k), dtype=np.int32)


def _measured(rows: NDArray[np.float32], indices: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    count, k = indices.shape
    first = np.repeat(np.arange(count, dtype=np.int32), k)
    distances = distances_between(rows, first, indices.reshape(-1)).reshape(count, k)
    order = np.lexsort((indices, distances), axis=1)
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _recall(given: NDArray[np.float32], centred: NDArray[np.float32], found: NDArray[np.float32]) -> float:
    chosen = np.sort(np.random.default_rng(0).choice(len(given), min(_RECALL_ROWS, len(given)), replace=False))
    k = found.shape[1]
    lists = exact_lists(centred[chosen], centred, k + 1)
    true = distances_between(given, np.repeat(chosen, k + 1), lists.reshape(-1)).reshape(len(chosen), k + 1)
    true.sort(axis=1)  # the row itself comes first
    return float((found[chosen] <= true[:, -1:]).mean())
