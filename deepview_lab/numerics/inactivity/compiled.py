"""The counting loop compiled by numba, if that is installed (extra ``fast``). Imported and compiled when asked for."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.usable import LARGEST

__all__ = ["DTYPES", "Counts", "Kernel", "is_loaded", "kernel"]

DTYPES = (np.dtype(np.float32), np.dtype(np.float64))

Counts: TypeAlias = tuple[NDArray[np.int64], NDArray[np.bool_] | None]
Kernel: TypeAlias = Callable[[NDArray[Any], "np.floating[Any]", NDArray[np.int64]], Counts]

# Positions whose counts stay in the second-level cache while all rows pass.
_TILE = 16384


@cache
def kernel() -> Kernel | None:
    """Return the compiled counter of a C-contiguous matrix, or None without numba.

    It takes values [n, positions], the tolerance in their dtype, and int64 totals [positions], to which it adds the
    counts of all rows; it returns the count of each row, and whether it is usable (None when all are). It releases the
    interpreter lock and runs on one thread: memory is the limit, and numba's portable threads may not be used from two
    threads at once.
    """
    if importlib.util.find_spec("numba") is None:
        return None
    # Any: numba has no types, and is not there for whoever has not installed it.
    numba: Any = importlib.import_module("numba")
    try:
        loop = numba.njit(_count, nogil=True, cache=True)
    except RuntimeError:  # neither the package's nor the user's cache folder can be written
        loop = numba.njit(_count, nogil=True)

    def count(values: NDArray[Any], atol: np.floating[Any], totals: NDArray[np.int64]) -> Counts:
        inactive, bad = loop(values, atol, values.dtype.type(LARGEST), totals)
        return inactive.sum(axis=0, dtype=np.int64), ~bad.any(axis=0) if bad.any() else None

    return count


def is_loaded() -> bool:
    """Return whether :func:`kernel` has been called before, so that calling it costs nothing."""
    return kernel.cache_info().currsize > 0


def _count(
    values: NDArray[Any], atol: np.floating[Any], largest: np.floating[Any], totals: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Count by tiles of positions; all sums are int32 so that the inner loop becomes vector instructions."""
    rows, columns = values.shape
    tiles = (columns + _TILE - 1) // _TILE
    inactive = np.zeros((tiles, rows), np.int32)
    bad = np.zeros((tiles, rows), np.int32)
    for tile in range(tiles):
        left = tile * _TILE
        width = min(_TILE, columns - left)
        hits = np.zeros(_TILE, np.int32)
        for row in range(rows):
            line = values[row, left : left + width]
            count = np.int32(0)
            odd = np.int32(0)
            for column in range(width):
                magnitude = abs(line[column])
                hit = np.int32(magnitude <= atol)
                count += hit
                hits[column] += hit
                odd += np.int32(not (magnitude <= largest))  # also true for NaN
            inactive[tile, row] = count
            bad[tile, row] = odd
        for column in range(width):
            totals[left + column] += hits[column]
    return inactive, bad
