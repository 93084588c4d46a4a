"""How nearest neighbours are searched: by comparing all rows with all, or by looking into the nearest cells."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.exceptions import DeepViewWarning

__all__ = ["BLOCK", "approximate_lists", "exact_lists", "unheard"]

BLOCK = 4096
_MANY = 20_000
_CELLS = 2**23  # of one block of a distance matrix without faiss
_TRAINED_ON = 65_536
_TRAINED_PER_CELL = 40
_PROBES = 64
_REFINED = 4
_MOST_PARTS = 128


def unheard(done: float) -> None:
    """Hear the share done of something that nobody waits for."""


def exact_lists(
    queries: NDArray[np.float32], rows: NDArray[np.float32], k: int, step: Callable[[float], None]
) -> NDArray[np.int64]:
    """Return int64 [queries, k]: the nearest rows of each query, itself among them if it is a row.

    Warns
    -----
    DeepViewWarning
        when faiss is not installed and there are many rows.
    """
    faiss = _faiss()
    lists = np.empty((len(queries), k), dtype=np.int64)
    if faiss is not None:
        index = faiss.IndexFlatL2(rows.shape[1])
        index.add(rows)
        return _in_blocks(lambda block: index.search(block, k)[1], queries, lists, BLOCK, step)
    if len(queries) > _MANY:
        warnings.warn(
            f"Without faiss, {len(queries):,} rows are compared in NumPy, which takes about five times as long. "
            "Install it: pip install 'deepview_lab[report]'.",
            DeepViewWarning,
            stacklevel=2,
        )
    squares = np.einsum("ij,ij->i", rows, rows)
    size = max(1, _CELLS // len(rows))
    return _in_blocks(lambda block: _nearest(block, rows, squares, k), queries, lists, size, step)


def approximate_lists(rows: NDArray[np.float32], k: int, step: Callable[[float], None]) -> NDArray[np.int64] | None:
    """Return int64 [rows, k]: rows that are probably the nearest of each row, None without faiss.

    Notes
    -----
    An inverted file (faiss IVF): rows are put into cells around centres found by k-means, and each is compared with
    those of the 64 nearest cells, by products of 4-bit codes of their residuals; the best four times k are compared in
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
    cells = 2 ** round(np.log2(max(2.3 * np.sqrt(count), 1)))
    index = faiss.index_factory(parts * per_part, f"IVF{cells},PQ{parts}x4fs,RFlat")
    inverted = faiss.downcast_index(index.base_index)
    inverted.cp.niter = 5
    inverted.nprobe = _PROBES
    index.k_factor = _REFINED
    sample = np.sort(
        np.random.default_rng(0).choice(count, min(count, max(_TRAINED_ON, cells * _TRAINED_PER_CELL)), replace=False)
    )
    step(0.0)
    index.train(padded[sample])
    for start in range(0, count, _TRAINED_ON):
        step(0.0)
        index.add(padded[start : start + _TRAINED_ON])
    lists = np.empty((count, k), dtype=np.int64)
    _in_blocks(lambda block: index.search(block, k)[1], padded, lists, BLOCK, step)
    return _completed(lists, rows, k)


def _completed(lists: NDArray[np.int64], rows: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Search exactly for the rows whose cells held too few others."""
    short = np.flatnonzero((lists < 0).any(axis=1))
    if len(short):
        lists[short] = exact_lists(rows[short], rows, k, unheard)
    return lists


def _in_blocks(
    search: Callable[[NDArray[np.float32]], NDArray[np.int64]],
    queries: NDArray[np.float32],
    lists: NDArray[np.int64],
    size: int,
    step: Callable[[float], None],
) -> NDArray[np.int64]:
    for start in range(0, len(queries), size):
        step(start / len(queries))
        lists[start : start + size] = search(queries[start : start + size])
    return lists


def _nearest(
    block: NDArray[np.float32], rows: NDArray[np.float32], squares: NDArray[np.float32], k: int
) -> NDArray[np.int64]:
    distances = squares - 2 * (block @ rows.T)  # the square of the query does not change the order
    return np.argpartition(distances, k - 1, axis=1)[:, :k].astype(np.int64, copy=False)


# Any: faiss has no types.
def _faiss() -> Any:
    try:
        import faiss  # noqa: PLC0415 - optional, and slow to load
    except ImportError:
        return None
    return faiss
