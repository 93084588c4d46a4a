"""The covariance of one layer's units."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics import eigensystem, eigenvalues

__all__ = ["PFACovariancesResult"]


@dataclass(frozen=True, eq=False)
class PFACovariancesResult:
    """Covariance of the units of one layer. Eigenvalues and eigenvectors are computed when first asked for.

    Attributes
    ----------
    covariances : numpy.ndarray
        float64 [units, units], unbiased.
    inactive_units : numpy.ndarray
        Units of (relatively) no variance, ascending. They are constant, which need not be zero.
    samples, nonfinite : int
        Samples counted, and left out because of NaN or infinity.
    """

    covariances: NDArray[np.float64] = field(repr=False)
    inactive_units: NDArray[np.intp] = field(repr=False)
    samples: int
    nonfinite: int

    @property
    def original_output_count(self) -> int:
        """Number of units."""
        return len(self.covariances)

    @cached_property
    def eigenvalues(self) -> NDArray[np.float64]:
        """float64 [units], not negative, descending."""
        return eigenvalues(self.covariances)

    @cached_property
    def eigenvectors(self) -> NDArray[np.float64]:
        """float64 [units, units]: column i belongs to eigenvalue i."""
        return eigensystem(self.covariances)[1]
