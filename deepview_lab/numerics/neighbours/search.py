"""How nearest neighbours are searched: by comparing all rows with all, or by looking into the nearest cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.neighbours.nearest_lists import (
    NearestLists,
    Offer,
    chosen_pairs,
    cut_off,
    left_side,
    right_side,
)

__all__ = ["BLOCK", "approximate_lists", "exact_lists", "unheard"]

BLOCK = 4096
_CELLS = 2**22  # of one block of scores
_ADDED_AT_ONCE = 65_536
_TRAINED_ON = 16_384
_TRAINED_PER_CELL = 40  # faiss wants 39
_PROBES = 20
_REFINED = 4
_MOST_PARTS = 128


def unheard(done: float) -> None:
    """Hear the share done of something that nobody waits for."""


def exact_lists(queries: NDArray[np.float32], rows: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Return int32 [queries, k]: the nearest rows of each query, nearest first, itself among them if it is a row."""
    left, right = left_side(queries), right_side(rows)
    lists = np.empty((len(queries), k), dtype=np.int32)
    size = max(16, min(BLOCK, _CELLS // len(rows)))
    for start in range(0, len(queries), size):
        scores = left[start : start + size] @ right.T
        nearest = NearestLists(len(scores), k)
        nearest.offer([Offer(*chosen_pairs(scores >= cut_off(scores, k)[:, None], scores))])
        nearest.settle()
        lists[start : start + size] = nearest.ids
    return lists


def approximate_lists(rows: NDArray[np.float32], k: int, step: Callable[[float], None]) -> NDArray[np.int32] | None:
    """Return int32 [rows, k]: rows that are probably the nearest of each row, None without faiss.

    Notes
    -----
    An inverted file (faiss IVF): rows are put into cells around centres found by k-means, and each is compared with
    those of the 20 nearest cells, by products of 4-bit codes of their residuals; the best four times k are compared in
    full. Nearly equal rows lie in the same cells and have nearly equal codes, so that pairs much closer than usual are
    found even where the recall of all neighbours is low.

    References
    ----------
    F. André, A.-M. Kermarrec, N. Le Scouarnec: Cache locality is not enough: high-performance nearest neighbor search
    with product quantization fast scan. VLDB 9 (2015).
    """
    faiss = _faiss()
    if faiss is None:
        return None
    count, width = rows.shape
    parts = min(-(-width // 2), _MOST_PARTS)
    per_part = -(-width // parts)
    padded = np.zeros((count, parts * per_part), dtype=np.float32) if parts * per_part != width else rows
    if padded is not rows:
        padded[:, :width] = rows
    cells = 2 ** round(np.log2(max(1.15 * np.sqrt(count), 1)))
    index = faiss.index_factory(parts * per_part, f"IVF{cells},PQ{parts}x4fs,RFlat")
    inverted = faiss.downcast_index(index.base_index)
    inverted.cp.niter = 5
    inverted.nprobe = _PROBES
    index.k_factor = _REFINED
    sample = np.sort(
        np.random.default_rng(0).choice(count, min(count, max(_TRAINED_ON, cells * _TRAINED_PER_CELL)), replace=False)
    )
    step(0.0)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # training shares out very little work at a time, and waits for the slowest each time
    try:
        index.train(padded[sample])
    finally:
        faiss.omp_set_num_threads(threads)
    for start in range(0, count, _ADDED_AT_ONCE):
        step(0.0)
        index.add(padded[start : start + _ADDED_AT_ONCE])
    lists = np.empty((count, k), dtype=np.int32)
    for start in range(0, count, BLOCK):
        step(start / count)
        lists[start : start + BLOCK] = index.search(padded[start : start + BLOCK], k)[1]
    short = np.flatnonzero((lists < 0).any(axis=1))  # their cells held too few others
    if len(short):
        lists[short] = exact_lists(rows[short], rows, k)
    return lists


# Any: faiss has no types.
def _faiss() -> Any:
    try:
        import faiss  # noqa: PLC0415 - optional, and slow to load
    except ImportError:
        return None
    return faiss
