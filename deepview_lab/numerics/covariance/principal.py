"""Principal axes: an orthonormal basis of the directions in which rows vary most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.blocks import blocks
from deepview_lab.numerics.covariance.moments import Moments
from deepview_lab.numerics.covariance.sketch import ScatterSketch

__all__ = ["PrincipalAxes", "principal_axes"]

_BLOCK_ROWS = 4096


@dataclass(frozen=True, eq=False)
class PrincipalAxes:
    """A basis, with the mean that is its origin.

    Attributes
    ----------
    mean : numpy.ndarray
        float64 [units].
    axes : numpy.ndarray
        float64 [units, dimensions]: orthonormal columns, by descending variance. The largest coefficient of each is
        positive, which settles the sign.
    variances : numpy.ndarray
        float64 [dimensions]: the unbiased variance along each axis.
    total_variance : float
        The sum of the unbiased variances of all units.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    variances: NDArray[np.float64]
    total_variance: float

    def positions(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Return [n, dimensions] the coordinates of ``rows`` [n, units]; NaN where a value is not finite.

        Differences and products are taken in the precision of the rows, but the mean counts in full: what it loses by
        rounding is made good in the positions.
        """
        dtype = np.result_type(rows.dtype, np.float32)
        axes: NDArray[Any] = self.axes.astype(dtype, copy=False)
        mean = self.mean.astype(dtype, copy=False)
        rest = (self.mean - mean) @ self.axes
        found = np.empty((len(rows), self.axes.shape[1]), dtype=np.float32)
        with np.errstate(invalid="ignore", over="ignore"):
            for part in blocks(len(rows), _BLOCK_ROWS):
                found[part] = (rows[part] - mean) @ axes - rest
        found[~np.isfinite(found).all(axis=1)] = np.nan
        return found


def principal_axes(seen: Moments | ScatterSketch, dimensions: int) -> PrincipalAxes:
    """Return the axes of the largest variances.

    Parameters
    ----------
    seen : Moments or ScatterSketch
        What has seen the rows: moments give exact axes in O(units^3) time, less where SciPy is installed, a sketch
        those of its own directions.
    dimensions : int
        How many axes, at most as many as a row has units.

    Examples
    --------
    >>> moments = Moments(2)
    >>> moments.add(np.array([[0.0, 1.0], [0.0, -1.0]]))
    >>> principal_axes(moments, 1).axes[:, 0]
    array([0., 1.])
    """
    if isinstance(seen, Moments):
        mean, scatter = seen.settled()
        total = float(np.trace(scatter))
        values, vectors = _leading(scatter, dimensions)
    else:
        mean, total = seen.mean(), seen.total()
        values, vectors = seen.leading(dimensions)
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.where(vectors[largest, np.arange(dimensions)] < 0, -1.0, 1.0)
    divisor = max(seen.count - 1, 1)
    return PrincipalAxes(mean, vectors * signs, np.maximum(values, 0) / divisor, total / divisor)


def _leading(scatter: NDArray[np.float64], wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ``wanted`` largest eigenvalues, descending, and their vectors [units, wanted]."""
    units = len(scatter)
    try:
        from scipy.linalg import eigh  # noqa: PLC0415 - comes with scikit-learn, which is an extra
    except ImportError:
        values, vectors = np.linalg.eigh(scatter)
        values, vectors = values[units - wanted :], vectors[:, units - wanted :]
    else:  # without the others: half to a third of the time
        values, vectors = eigh(scatter, subset_by_index=(units - wanted, units - 1), driver="evr")
    return values[::-1], vectors[:, ::-1]
