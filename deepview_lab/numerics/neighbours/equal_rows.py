"""Which rows of a table are equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["equal_rows", "row_hashes"]

_BLOCK = 1024  # what stays in the cache


def equal_rows(rows: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return for each row the number of the first row that is equal to it.

    Parameters
    ----------
    rows : numpy.ndarray
        float32 [rows, columns] without NaN; 0.0 and -0.0 are equal.

    Returns
    -------
    numpy.ndarray
        int32 [rows]; a row that is the first of its kind has its own number.

    Notes
    -----
    Rows are sorted by a hash of 64 bits and compared with the first of equal hash, so that chance decides about time
    only: if two hashes collide, the rows themselves are sorted.

    Examples
    --------
    >>> equal_rows(np.array([[1, 2], [0, 0], [1, 2]], dtype=np.float32))
    array([0, 1, 0], dtype=int32)
    """
    if not rows.shape[1]:
        return np.zeros(len(rows), dtype=np.int32)
    _, first, group = np.unique(row_hashes(rows), return_index=True, return_inverse=True)
    found = first[group.reshape(-1)].astype(np.int32)
    if all(
        np.array_equal(rows[start : start + _BLOCK], rows[found[start : start + _BLOCK]])
        for start in range(0, len(rows), _BLOCK)
    ):
        return found
    _, first, group = np.unique(rows + np.float32(0), axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[group.reshape(-1)].astype(np.int32))


def row_hashes(rows: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return uint64 [rows]: the sum of the columns' bits, each mixed and multiplied by an odd number of its own.

    Equal rows have equal hashes, on every machine of the same byte order; 0.0 and -0.0 are equal.
    """
    factors = np.random.default_rng(0).integers(2**63, size=rows.shape[1], dtype=np.uint64) * 2 + 1
    hashes = np.empty(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK] + np.float32(0)  # -0.0 becomes 0.0
        words = block.view(np.uint32).astype(np.uint64)
        words *= np.uint64(0x9E3779B97F4A7C15)
        words ^= words >> np.uint64(29)
        words *= factors
        words ^= words >> np.uint64(32)
        hashes[start : start + _BLOCK] = words.sum(axis=1, dtype=np.uint64)
    return hashes
