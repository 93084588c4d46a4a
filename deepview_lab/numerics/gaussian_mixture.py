"""Mixtures of Gaussians: the log density of rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GaussianMixture"]

# Rows of one block: small enough that a block and what is made of it stay in the processor's cache.
_BLOCK_VALUES = 32_768


@dataclass(frozen=True, eq=False)
class GaussianMixture:
    """A mixture of Gaussians.

    Attributes
    ----------
    weights : numpy.ndarray
        float64 [components], positive, sum 1.
    means : numpy.ndarray
        float64 [components, units].
    covariances : numpy.ndarray
        float64 [components, units], variances, for diagonal covariances; [components, units, units] for full ones.

    Raises
    ------
    numpy.linalg.LinAlgError
        by :meth:`log_density`, when a full covariance is not positive definite.

    Examples
    --------
    >>> standard = GaussianMixture(np.ones(1), np.zeros((1, 2)), np.ones((1, 2)))
    >>> standard.log_density(np.zeros((1, 2))) + np.log(2 * np.pi)
    array([0.])
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    covariances: NDArray[np.float64]

    @property
    def units(self) -> int:
        """Length of a row."""
        return int(self.means.shape[1])

    def log_density(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return the natural logarithm of the density [n] at ``rows`` [n, units]; NaN where a value is not finite.

        Notes
        -----
        Takes O(n units components) for diagonal covariances, as two matrix products of rows centred on the mean of the
        mixture, so that the offset of the data costs no digits; units times that for full ones, as one product with the
        Cholesky factor of each precision.
        """
        found = np.empty(len(rows))
        step = max(_BLOCK_VALUES // self.units, 16)
        with np.errstate(invalid="ignore", over="ignore"):
            for start in range(0, len(rows), step):
                block = rows[start : start + step] - self._centre
                found[start : start + step] = _log_sum_exp(self._weighted(block))
        found[~np.isfinite(found)] = np.nan
        return found

    def _weighted(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [n, components] the logarithm of weight times density."""
        if self.covariances.ndim == 2:  # noqa: PLR2004 - a matrix: one variance per component and unit
            linear, square, constant = self._diagonal
            return np.asarray(rows @ linear - (rows * rows) @ square + constant)
        factors, shifts, constant = self._full
        whitened = (rows @ factors - shifts).reshape(len(rows), -1, self.units)
        return np.asarray(constant - np.einsum("nkd,nkd->nk", whitened, whitened) / 2)

    @cached_property
    def _centre(self) -> NDArray[np.float64]:
        return np.asarray(self.weights @ self.means)

    @cached_property
    def _diagonal(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The factors of x and of x^2 [units, components], and what is added [components]."""
        means, precisions = self.means - self._centre, 1 / self.covariances
        constant = np.log(self.weights) - 0.5 * (
            self.units * math.log(2 * math.pi) + np.log(self.covariances).sum(1) + (means * means * precisions).sum(1)
        )
        return (means * precisions).T.copy(), precisions.T / 2, constant

    @cached_property
    def _full(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The factors L^-T of the precisions side by side, the means whitened with them, and what is added."""
        roots = np.linalg.cholesky(self.covariances)
        factors = np.linalg.inv(roots).swapaxes(1, 2)
        shifts = np.einsum("kd,kde->ke", self.means - self._centre, factors)
        log_determinants = 2 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
        constant = np.log(self.weights) - 0.5 * (self.units * math.log(2 * math.pi) + log_determinants)
        return factors.swapaxes(0, 1).reshape(self.units, -1), shifts.ravel(), constant


def _log_sum_exp(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = terms.max(axis=1)
    terms -= largest[:, None]
    np.exp(terms, out=terms)
    return np.asarray(np.log(terms.sum(axis=1)) + largest)
