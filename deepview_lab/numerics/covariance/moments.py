"""Count, mean and scatter of rows that arrive in pieces, exact to float64 whatever their offset."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.blas_threads import scatter_of

__all__ = ["Moments"]

_LEAST_ROWS = 2048
_MOST_ROWS = 4096


class Moments:
    """Mergeable count, mean and centred scatter of rows.

    Rows are gathered into blocks, each block is centred on its own mean, and blocks are combined by the formula of
    Chan, Golub and LeVeque. The offset of the data therefore never enters a product: float32 rows of mean 1e4 and
    standard deviation 1 give their variance to 1e-6 relative, and a variance is never negative.

    Parameters
    ----------
    units : int
        Length of a row, at least 1.

    Notes
    -----
    Takes O(n units^2) time and O(units^2 + 2,048 units) memory. Blocks hold twice as many rows as there are units
    (2,048 to 4,096), so that two symmetric products (SYRK) do the work of many updates of low rank; where a block ends
    does not depend on how the rows arrived. Rows wait in float32 when they came so.

    References
    ----------
    T. F. Chan, G. H. Golub, R. J. LeVeque: Algorithms for computing the sample variance: analysis and recommendations.
    The American Statistician 37 (1983).

    Examples
    --------
    >>> moments = Moments(2)
    >>> moments.add(np.array([[1.0, 2.0], [3.0, 6.0]]))
    >>> moments.count
    2
    >>> moments.covariance()
    array([[2., 4.],
           [4., 8.]])
    """

    def __init__(self, units: int) -> None:
        self.units = units
        self._folded = 0
        self._mean = np.zeros(units)
        self._scatter = np.zeros((units, units))
        self._capacity = _capacity(units)
        self._pending = 0
        self._block = np.empty((0, units))

    @property
    def count(self) -> int:
        """Rows seen."""
        return self._folded + self._pending

    def add(self, rows: NDArray[Any]) -> None:
        """Fold in ``rows`` [n, units] of any real dtype; every value must be finite."""
        if len(rows):
            self._make_room(np.result_type(rows.dtype, np.float32))
        start = 0
        while start < len(rows):
            taken = min(self._capacity - self._pending, len(rows) - start)
            self._block[self._pending : self._pending + taken] = rows[start : start + taken]
            self._pending += taken
            start += taken
            if self._pending == self._capacity:
                self._flush()

    def merge(self, other: Moments) -> None:
        """Fold in everything that ``other`` has seen; ``other`` stays as it is."""
        self._flush()
        if other._folded:
            total = self._folded + other._folded
            delta = other._mean - self._mean
            self._scatter += other._scatter
            self._scatter += np.outer(delta, delta) * (self._folded * other._folded / total)
            self._mean += delta * (other._folded / total)
            self._folded = total
        self.add(other._block[: other._pending])

    def settled(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return :meth:`mean` and :meth:`scatter`, in the time that one of them takes."""
        # New arrays: the rows that wait go on waiting.
        mean, scatter = self._mean.copy(), self._scatter.copy()
        _fold(self._block[: self._pending], self._folded, mean, scatter)
        return mean, scatter

    def mean(self) -> NDArray[np.float64]:
        """Return the mean [units]; zeros before the first row."""
        return self.settled()[0]

    def scatter(self) -> NDArray[np.float64]:
        """Return the sum over rows of (row - mean)(row - mean)^T [units, units], exactly symmetric."""
        return self.settled()[1]

    def covariance(self) -> NDArray[np.float64]:
        """Return the unbiased covariance [units, units]; with one row, zeros (the divisor is then 1)."""
        scatter = self.scatter()
        scatter /= max(self.count - 1, 1)
        return scatter

    def state(self) -> tuple[int, dict[str, NDArray[Any]]]:
        """Return the number of rows folded, and ``mean``, ``scatter`` and the ``pending`` rows.

        They are views, to be used at once. Rows that wait are part of it: folding them earlier would round differently.
        """
        parts = {"mean": self._mean, "scatter": self._scatter, "pending": self._block[: self._pending]}
        return self._folded, parts

    @classmethod
    def restored(cls, units: int, folded: int, parts: Mapping[str, NDArray[Any]]) -> Self:
        """Return moments that go on, bit by bit, like those whose :meth:`state` this is.

        Raises
        ------
        ValueError
            when it is no such state.
        """
        mean, scatter, pending = parts["mean"], parts["scatter"], parts["pending"]
        shapes = (mean.shape, scatter.shape, pending.shape[1:])
        if shapes != ((units,), (units, units), (units,)) or len(pending) >= _capacity(units) or folded < 0:
            raise ValueError(f"no moments of {units} units: {shapes}, {len(pending)} rows pending, {folded} folded")
        if not all(part.dtype.kind == "f" and np.isfinite(part).all() for part in (mean, scatter, pending)):
            raise ValueError(f"no moments of {units} units: some are NaN or infinite")
        moments = cls(units)
        moments._folded = folded
        moments._mean[:] = mean
        moments._scatter[:] = scatter
        if len(pending):
            moments._block = np.empty((moments._capacity, units), dtype=pending.dtype)
            moments._block[: len(pending)] = pending
            moments._pending = len(pending)
        return moments

    def copy(self) -> Moments:
        """Return an independent copy."""
        twin = Moments(self.units)
        twin.merge(self)
        return twin

    def _make_room(self, dtype: np.dtype[Any]) -> None:
        """Have a block that holds ``dtype`` without loss."""
        if len(self._block) and np.can_cast(dtype, self._block.dtype):
            return
        self._flush()
        self._block = np.empty((self._capacity, self.units), dtype=dtype)

    def _flush(self) -> None:
        _fold(self._block[: self._pending], self._folded, self._mean, self._scatter)
        self._folded += self._pending
        self._pending = 0


def _capacity(units: int) -> int:
    """Return how many rows wait at most."""
    return min(max(2 * units, _LEAST_ROWS), _MOST_ROWS)


def _fold(rows: NDArray[Any], folded: int, mean: NDArray[np.float64], scatter: NDArray[np.float64]) -> None:
    """Update ``mean`` and ``scatter`` of ``folded`` rows by ``rows``, which stay as they are.

    The difference of the means is appended to the centred rows, weighted so that one product gives Chan's correction
    too.
    """
    fresh = len(rows)
    if fresh == 0:
        return
    total = folded + fresh
    centred = np.empty((fresh + 1, len(mean)))
    centred[:fresh] = rows
    own_mean = np.full(fresh, 1 / fresh) @ centred[:fresh]
    centred[:fresh] -= own_mean
    delta = own_mean - mean
    centred[fresh] = delta * math.sqrt(folded * fresh / total)
    scatter += scatter_of(centred)
    mean += delta * (fresh / total)
