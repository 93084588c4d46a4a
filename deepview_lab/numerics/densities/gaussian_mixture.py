"""Mixtures of Gaussians: the log density of rows, and expectation maximization."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["GaussianMixture"]

# Rows of one block: small enough that a block and what is made of it stay in the processor's cache.
_BLOCK_VALUES = 32_768
# Added to the samples of a component, as scikit-learn does, so that one without any has a mean.
_LEAST_COUNT = 10 * np.finfo(np.float64).eps


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
        with np.errstate(invalid="ignore", over="ignore"):
            for part in _parts(rows):
                found[part] = _normalized(self._weighted(rows[part] - self._centre))
        found[~np.isfinite(found)] = np.nan
        return found

    @classmethod
    def around(cls, points: NDArray[np.float64], *, full: bool, added: float) -> Self:
        """Return a mixture whose components hold one of ``points`` [components, units] each.

        ``full`` says which covariances it has, ``added`` what each variance is raised by.
        """
        return cls._maximized(points, np.eye(len(points)), points.mean(axis=0), full=full, added=added)

    def improved(self, rows: NDArray[np.float64], *, added: float) -> tuple[Self, float]:
        """Return what an iteration of expectation maximization makes of this, and the mean log density before it.

        Parameters
        ----------
        rows : numpy.ndarray
            [n, units], all finite.
        added : float
            What each variance is raised by, so that it does not fall to zero.

        Raises
        ------
        numpy.linalg.LinAlgError
            when a new covariance is not positive definite all the same.

        References
        ----------
        The formulas, and so the results up to rounding, are those of ``sklearn.mixture.GaussianMixture``.
        """
        shares = np.empty((len(self.weights), len(rows)))
        total = 0.0
        for part in _parts(rows):
            terms = self._weighted(rows[part] - self._centre)
            total += float(_normalized(terms).sum())
            shares[:, part] = terms
        full = self.covariances.ndim > 2  # noqa: PLR2004 - more than one variance per component and unit
        return self._maximized(rows, shares, self._centre, full=full, added=added), total / len(rows)

    @classmethod
    def _maximized(
        cls, rows: NDArray[Any], shares: NDArray[Any], centre: NDArray[Any], *, full: bool, added: float
    ) -> Self:
        """Return the mixture to whose components ``rows`` belong by ``shares`` [components, n]."""
        counts = shares.sum(axis=1) + _LEAST_COUNT
        sums, squares = np.zeros((2, len(counts), rows.shape[1]))
        for part in _parts(rows):
            block = rows[part] - centre
            sums += shares[:, part] @ block
            if not full:
                squares += shares[:, part] @ (block * block)
        means = sums / counts[:, None]
        if full:
            covariances = _scatters(rows, shares, means + centre) / counts[:, None, None] + added * np.eye(len(centre))
        else:
            covariances = squares / counts[:, None] - means * means + added
        mixture = cls(counts / counts.sum(), means + centre, covariances)
        if full:
            _ = mixture._full  # raises
        elif not (covariances > 0).all():
            raise np.linalg.LinAlgError("a variance is not positive")
        return mixture

    def _weighted(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [components, n] the logarithm of weight times density of rows less the centre."""
        if self.covariances.ndim == 2:  # noqa: PLR2004 - a matrix: one variance per component and unit
            linear, square, constant = self._diagonal
            return np.asarray((rows @ linear - (rows * rows) @ square + constant).T.copy())
        factors, shifts, constant = self._full
        whitened = (rows @ factors - shifts).reshape(len(rows), -1, self.units)
        return np.asarray(constant[:, None] - np.einsum("nkd,nkd->kn", whitened, whitened) / 2)

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


def _parts(rows: NDArray[Any]) -> Iterator[slice]:
    step = max(_BLOCK_VALUES // rows.shape[1], 16)
    return (slice(start, start + step) for start in range(0, len(rows), step))


def _normalized(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn ``terms`` [components, n] into exponentials of sum 1, and return the logarithm of what their sum was [n]."""
    largest = terms.max(axis=0)
    terms -= largest
    np.exp(terms, out=terms)
    total = terms.sum(axis=0)
    terms /= total
    return np.asarray(np.log(total) + largest)


def _scatters(rows: NDArray[Any], shares: NDArray[Any], means: NDArray[Any]) -> NDArray[np.float64]:
    """Return [components, units, units] how ``rows`` scatter about each of ``means``, by ``shares``."""
    found = np.zeros((*means.shape, means.shape[1]))
    for part in _parts(rows):
        for component, (share, mean) in enumerate(zip(shares[:, part], means, strict=True)):
            apart = rows[part] - mean
            found[component] += (share * apart.T) @ apart
    return found
