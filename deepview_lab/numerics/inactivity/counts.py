"""Counting values that are (nearly) zero, per sample and per position, in one pass through the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.inactivity import compiled as inactivity_compiled
from deepview_lab.numerics.usable import LARGEST, usable_samples

__all__ = ["InactivityCounter", "SampleCounts"]

# Loading numba takes about a second: it is left to runs that count more values than this.
_PAYS_FROM = 2**28

# A tile's magnitudes and mask stay in the second-level cache; a byte counts up to 255 rows.
_TILE_ROWS = 128
_TILE_VALUES = 2**19


@dataclass(frozen=True)
class SampleCounts:
    """What one call counted.

    Attributes
    ----------
    inactive : numpy.ndarray
        int64 [n]: inactive values of each sample; meaningless where ``finite`` is False.
    finite : numpy.ndarray or None
        bool [n]: whether all values of the sample are finite and not too large (see
        :func:`deepview_lab.numerics.usable.usable_samples`); None when those of all samples are.
    """

    inactive: NDArray[np.int64]
    finite: NDArray[np.bool_] | None


class InactivityCounter:
    """Counts values of magnitude at most ``atol``.

    Parameters
    ----------
    atol : float
        Largest magnitude that counts as inactive, compared in the dtype of the data. NaN is never inactive.
    compiled : bool
        Use the compiled loop for float32 and float64 when numba is installed. The counts are the same.
    pays_from : int
        Values after which numba is loaded for it; when it is loaded already, the compiled loop is used at once.

    Notes
    -----
    The object holds scratch memory (at most a few MB) and nothing of the data.

    Examples
    --------
    >>> counter = InactivityCounter(1e-8)
    >>> totals = np.zeros(3, dtype=np.int64)
    >>> counter.count(np.array([[0.0, 1.0, 0.0], [0.0, 2.0, np.nan]]), totals)
    SampleCounts(inactive=array([2, 1]), finite=array([ True, False]))
    >>> totals
    array([1, 0, 1])
    """

    def __init__(self, atol: float, *, compiled: bool = True, pays_from: int = _PAYS_FROM) -> None:
        self.atol = atol
        self.compiled = compiled
        self.pays_from = pays_from
        self._seen = 0
        self._magnitude: dict[np.dtype[Any], NDArray[Any]] = {}
        self._mask = np.empty(0, dtype=np.bool_)

    def count(self, values: NDArray[Any], totals: NDArray[np.int64]) -> SampleCounts:
        """Count ``values`` [n, positions], adding the finite samples to ``totals`` [positions]."""
        self._seen += values.size
        kernel = self._kernel(values.dtype)
        if kernel is not None:
            counts = kernel(np.ascontiguousarray(values), values.dtype.type(self.atol), totals)
        else:
            counts = self._count_tiles(values, totals)
        if counts[1] is not None:
            totals -= self._is_inactive(values[~counts[1]]).sum(axis=0)
        return SampleCounts(*counts)

    def _kernel(self, dtype: np.dtype[Any]) -> inactivity_compiled.Kernel | None:
        if not self.compiled or dtype not in inactivity_compiled.DTYPES:
            return None
        if self._seen < self.pays_from and not inactivity_compiled.is_loaded():
            return None
        return inactivity_compiled.kernel()

    def _count_tiles(self, values: NDArray[Any], totals: NDArray[np.int64]) -> inactivity_compiled.Counts:
        rows, columns = values.shape
        inactive = np.zeros(rows, dtype=np.int64)
        finite = None
        height = min(rows, _TILE_ROWS)
        width = min(columns, max(_TILE_VALUES // max(height, 1), 1))
        for top in range(0, rows, _TILE_ROWS):
            for left in range(0, columns, width):
                tile = values[top : top + height, left : left + width]
                mask, all_finite = self._tile_mask(tile)
                if not all_finite:
                    finite = np.ones(rows, dtype=np.bool_) if finite is None else finite
                    finite[top : top + height] &= usable_samples(tile)
                inactive[top : top + height] += [np.count_nonzero(row) for row in mask]
                totals[left : left + width] += np.add.reduce(mask.view(np.uint8), axis=0, dtype=np.uint8)
        return inactive, finite

    def _tile_mask(self, tile: NDArray[Any]) -> tuple[NDArray[np.bool_], bool]:
        """Return which values are inactive, in scratch memory, and whether all values are finite."""
        if not np.issubdtype(tile.dtype, np.floating):
            return self._is_inactive(tile), True
        if self._mask.size < tile.size:
            self._mask = np.empty(tile.size, dtype=np.bool_)
        magnitude = self._magnitude.get(tile.dtype)
        if magnitude is None or magnitude.size < tile.size:
            magnitude = self._magnitude[tile.dtype] = np.empty(tile.size, dtype=tile.dtype)
        magnitude = np.abs(tile, out=magnitude[: tile.size].reshape(tile.shape))
        mask = np.less_equal(magnitude, self.atol, out=self._mask[: tile.size].reshape(tile.shape))
        return mask, float(magnitude.max(initial=0)) <= LARGEST  # False for NaN

    def _is_inactive(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Return the mask without ``abs``, which overflows for the lowest integer."""
        return np.asarray((values <= self.atol) & (values >= -self.atol))
