"""The nearest neighbours of all rows, by comparing each pair of rows once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.blas_threads import shared_among_threads
from deepview_lab.numerics.neighbours.nearest_lists import (
    NearestLists,
    Offer,
    chosen_pairs,
    cut_off,
    left_side,
    right_side,
)

__all__ = ["nearest_of_all"]

# A tile of pairs stays in the processor's cache while it is looked through.
_TILE_ROWS = 512
_TILE_CELLS = 2**20
# Rows that all are compared with first: a share of them, but as few and as many as that.
_FIRST_SHARE = 8
_FIRST = (2048, 8192)
_PER_NEIGHBOUR = 16


def nearest_of_all(rows: NDArray[np.float32], k: int, step: Callable[[float], None]) -> NDArray[np.int32]:
    """Return int32 [rows, k]: the nearest other rows of each, nearest first up to rounding.

    Parameters
    ----------
    rows : numpy.ndarray
        float32 [rows, columns], more than ``k`` rows, best centred.
    k : int
        At least 1.
    step : callable
        Called with the share done (0..1) now and then; may raise to stop.

    Notes
    -----
    Tiles of pairs are scored by matrix products. A pair serves both of its rows, so that half of all products suffice.
    All rows are first compared with some drawn at random, which tells each how near its neighbours are at least; from
    then on only the pairs that are nearer are looked at, and the lists are brought up to date from time to time. So
    about ``k ln(n)`` of ``n`` candidates are sorted for each row, whatever the data look like.

    Tiles are shared among threads, and the bounds change only between rounds of tiles, so that equal data give equal
    lists.
    """
    order = np.random.default_rng(0).permutation(len(rows)).astype(np.int32)
    found = _Search(rows[order], k).lists(step)
    lists = np.empty_like(found)
    lists[order] = order[found]
    return lists


class _Search:
    def __init__(self, rows: NDArray[np.float32], k: int) -> None:
        self._count, self._k = len(rows), k
        self._left, self._right = left_side(rows), right_side(rows)
        self._first = min(self._count, max(_PER_NEIGHBOUR * k, int(np.clip(self._count // _FIRST_SHARE, *_FIRST))))
        self._nearest = NearestLists(self._count, k)

    def lists(self, step: Callable[[float], None]) -> NDArray[np.int32]:
        count, first, nearest = self._count, self._first, self._nearest
        height = max(1, min(_TILE_ROWS, _TILE_CELLS // first))
        step(0.0)
        with shared_among_threads() as each:
            nearest.offer(each(self._among_first, _slices(0, first, height)))
            nearest.settle()
            nearest.offer(each(self._with_first, _slices(first, count, height)))
            nearest.settle()
            for rows in _slices(first, count, _TILE_ROWS):
                step(1 - ((count - rows.start) / count) ** 2)
                tiles = [(rows, columns) for columns in _slices(rows.start, count, _TILE_CELLS // _TILE_ROWS)]
                nearest.offer(each(self._compared, tiles))
                if nearest.waiting > count * self._k // 2:
                    nearest.settle()
        nearest.settle()
        return nearest.ids

    def _among_first(self, rows: slice) -> Offer:
        """Compare some of the first rows with all the first."""
        scores = self._scores(rows, slice(0, self._first))
        own = np.arange(rows.start, rows.stop)
        scores[own - rows.start, own] = -np.inf
        row, column, score = chosen_pairs(scores >= cut_off(scores, self._k)[:, None], scores)
        return Offer(row + np.int32(rows.start), column, score)

    def _with_first(self, rows: slice) -> Offer:
        """Compare some of the other rows with all the first, whose lists are full."""
        scores = self._scores(rows, slice(0, self._first))
        cut = cut_off(scores, self._k)
        row, column, score = chosen_pairs(
            (scores >= cut[:, None]) | (scores > self._nearest.worst[: self._first]), scores
        )
        return self._both(row + np.int32(rows.start), column, score, score >= cut[row])

    def _compared(self, tile: tuple[slice, slice]) -> Offer:
        """Compare rows whose lists are full."""
        rows, columns = tile
        worst = self._nearest.worst
        scores = self._scores(rows, columns)
        near = scores > worst[rows, None]
        near |= scores > worst[columns]
        row, column, score = chosen_pairs(near, scores)
        row += np.int32(rows.start)
        column += np.int32(columns.start)
        if columns.start < rows.stop:  # pairs are in the tile twice, and rows with themselves
            once = row < column
            row, column, score = row[once], column[once], score[once]
        return self._both(row, column, score, score > worst[row])

    def _both(
        self, row: NDArray[np.int32], column: NDArray[np.int32], score: NDArray[np.float32], for_row: NDArray[np.bool_]
    ) -> Offer:
        for_column = score > self._nearest.worst[column]
        return Offer(
            np.concatenate([row[for_row], column[for_column]]),
            np.concatenate([column[for_row], row[for_column]]),
            np.concatenate([score[for_row], score[for_column]]),
        )

    def _scores(self, rows: slice, columns: slice) -> NDArray[np.float32]:
        return np.asarray(self._left[rows] @ self._right[columns].T)


def _slices(start: int, stop: int, size: int) -> Iterator[slice]:
    return (slice(at, min(at + size, stop)) for at in range(start, stop, size))
