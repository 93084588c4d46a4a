"""Formulas of principal filter analysis: from a covariance matrix to how many units carry it.

References
----------
X. Suau, L. Zappella, N. Apostoloff: Filter Distillation for Network Compression. WACV 2020 (arXiv:1807.10585).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "constant_units",
    "cumulative_energy",
    "effective_rank",
    "eigensystem",
    "eigenvalues",
    "energy_count",
    "kl_count",
    "kl_divergence",
    "linear_ratio",
    "size_threshold",
]

Vector = NDArray[np.float64]


def eigenvalues(covariance: NDArray[np.float64]) -> Vector:
    """Return the eigenvalues of a symmetric matrix, clipped at 0, descending."""
    return np.asarray(np.maximum(np.linalg.eigvalsh(covariance)[::-1], 0.0))


def eigensystem(covariance: NDArray[np.float64]) -> tuple[Vector, NDArray[np.float64]]:
    """Return eigenvalues as :func:`eigenvalues` does, and eigenvectors: column i belongs to eigenvalue i."""
    values, vectors = np.linalg.eigh(covariance)
    return np.maximum(values[::-1], 0.0), np.ascontiguousarray(vectors[:, ::-1])


def constant_units(covariance: NDArray[np.float64], epsilon: float) -> NDArray[np.intp]:
    """Return the units whose variance is below ``epsilon`` times the largest one.

    None is constant when all variances are 0: then there is nothing to be small against.
    """
    variance = np.abs(np.diagonal(covariance))
    return np.flatnonzero(variance < epsilon * variance.max())


def kl_divergence(values: Vector) -> float:
    """Return the Kullback-Leibler divergence, in nats, of the normalised spectrum from the uniform one.

    From 0 (flat, or all zero) to ln N (one component carries all).
    """
    total = float(np.abs(values).sum())
    share = (values / total if total else np.zeros_like(values)) + np.finfo(np.float64).eps
    share /= share.sum()
    return float((share * np.log(share * len(values))).sum())


def effective_rank(scatter: NDArray[np.float64]) -> float:
    """Return how many equal eigenvalues would be as concentrated as those of ``scatter`` [N, N], from 1 to N.

    This is tr(S)^2 / tr(S^2), the exponential of the entropy of order 2 (Renyi) of the normalised eigenvalues; N when
    all are zero. It takes O(N^2) and no eigenvalues.
    """
    total = float(np.trace(scatter))
    if total <= 0:
        return float(len(scatter))
    share = scatter / total
    return min(max(1 / float(np.vdot(share, share)), 1.0), float(len(scatter)))


def kl_count(ratio: float, units: int) -> int:
    """Return how many of ``units`` a share ``ratio`` of them is: rounded up, at least 1 and at most all."""
    return min(max(math.ceil(units * ratio), 1), units)


def linear_ratio(divergence: float, largest: float) -> float:
    """Return 1 for a flat spectrum and 0 for one that a single component carries, linear in the divergence.

    ``largest`` is ln N; for a single unit it is 0 and the ratio 1.
    """
    return 1 - divergence / largest if largest > 0 else 1.0


def cumulative_energy(values: Vector) -> Vector:
    """Return the share (0 to 1) of the energy in the first 1, 2, ..., N components; NaN when there is no energy."""
    running = np.cumsum(values)
    # Divided by the very number that `_energy_before` divides by: a rounding apart, Size would keep a unit too many.
    return running / running[-1] if running[-1] else np.full(len(values), math.nan)


def energy_count(values: Vector, threshold: float) -> int:
    """Return the smallest number of components that carry ``threshold`` (0 to 1) of the energy; N without energy."""
    enough = cumulative_energy(values) >= threshold
    return int(enough.argmax()) + 1 if enough.any() else len(values)


def size_threshold(spectra: Sequence[Vector], relative_size: float, epsilon: float) -> float:
    """Return the energy threshold that keeps about ``relative_size`` (0 to 1) of all units of all spectra.

    It is the percentile of what each component would leave to those before it, kept ``epsilon`` away from 0 and 1.
    """
    before = np.concatenate([_energy_before(values) for values in spectra])
    threshold = float(np.percentile(before, 100 * relative_size))
    return min(max(threshold, epsilon), 1 - epsilon)


def _energy_before(values: Vector) -> Vector:
    """Return the share of the energy in the components before each one; all 1 when there is no energy."""
    running = np.cumsum(values)
    if running[-1] <= 0:
        return np.ones_like(values)
    return np.asarray(np.concatenate([[0.0], running[:-1]]) / running[-1])
