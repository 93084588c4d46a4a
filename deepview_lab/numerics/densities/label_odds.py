"""How much likelier other labels are than the given ones, from log densities that no row had a part in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture
from deepview_lab.numerics.neighbours.equal_rows import row_hashes

__all__ = ["calibrated", "label_folds", "shrunk"]

# Differences beyond so many times what is usual say little more: a density far from all rows is a guess.
_USUAL = 4
_HALVINGS = 60


def label_folds(rows: NDArray[np.float32], labels: NDArray[np.integer], folds: int) -> tuple[NDArray[np.int64], ...]:
    """Return the fold of each row and the rows in an order that does not depend on where they stand.

    Parameters
    ----------
    rows : numpy.ndarray
        float32 [rows, columns] without NaN.
    labels : numpy.ndarray
        int [rows]: each label is spread evenly over the folds.
    folds : int
        How many.

    Returns
    -------
    fold : numpy.ndarray
        int64 [rows]: 0 to folds - 1.
    order : numpy.ndarray
        int64 [rows]: by label, then by what is in a row, as good as at random. Equal rows follow each other, so that
        most of them share a fold: a copy would vouch for a row as it would itself.

    Examples
    --------
    >>> rows = np.float32([[1], [2], [2], [1], [3], [3]])
    >>> fold, order = label_folds(rows, np.zeros(6, dtype=int), 3)
    >>> sorted(fold.tolist()), bool(fold[0] == fold[3])
    ([0, 0, 1, 1, 2, 2], True)
    """
    order = np.lexsort((row_hashes(rows), labels))
    starts = np.flatnonzero(np.diff(labels[order], prepend=labels[order[:1]] - 1))
    counts = np.diff(starts, append=len(order))
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    fold = np.empty(len(order), dtype=np.int64)
    fold[order] = rank * folds // np.repeat(counts, counts)
    return fold, order.astype(np.int64)


def shrunk(
    mixture: GaussianMixture, samples: int, within: NDArray[np.float64], strength: float, floor: float
) -> GaussianMixture:
    """Return the mixture with covariances drawn towards those that are usual.

    Parameters
    ----------
    mixture : GaussianMixture
        As it was fitted.
    samples : int
        To how many rows: the fewer, the more it is drawn.
    within : numpy.ndarray
        float64 [units, units]: the covariance within labels.
    strength : float
        For how many rows ``within`` counts, in each Gaussian.
    floor : float
        What is added to each variance, as a share of the mean variance within labels.

    Notes
    -----
    ``(n_k S_k + strength W) / (n_k + strength) + floor tr(W) / units I``, which is regularized discriminant analysis:
    J. H. Friedman, Journal of the American Statistical Association 84 (1989), 165.

    Examples
    --------
    >>> narrow = GaussianMixture(np.ones(1), np.zeros((1, 2)), np.zeros((1, 2)))
    >>> shrunk(narrow, 1, np.diag([2.0, 4.0]), strength=1, floor=0).covariances
    array([[1., 2.]])
    """
    diagonal = mixture.covariances.ndim == 2  # noqa: PLR2004 - a matrix: one variance per component and unit
    counts = (mixture.weights * samples).reshape((-1, 1) if diagonal else (-1, 1, 1))
    usual = np.diag(within) if diagonal else within
    added = floor * float(np.diag(within).mean())
    covariances = (counts * mixture.covariances + strength * usual) / (counts + strength)
    return replace(mixture, covariances=covariances + (added if diagonal else added * np.eye(mixture.units)))


def calibrated(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log odds of differences of log densities, which are far too sure of themselves in many dimensions.

    Parameters
    ----------
    differences : numpy.ndarray
        float64 [rows]: ln of how much likelier the best other label is than the given one; NaN for none.

    Returns
    -------
    numpy.ndarray
        float64 [rows]: differences beyond four times the median are bounded, in the same order, and all are multiplied
        by the number from 0 to 1 that makes the given labels the likeliest (temperature scaling, the likelihood of
        being given against being another one): e^0 where they are no better than a guess.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Weinberger: On Calibration of Modern Neural Networks. ICML 2017.

    Examples
    --------
    >>> calibrated(np.array([-900.0, -800.0, -850.0, 900.0])).round(1)
    array([-1.1, -1. , -1. ,  1.1])
    """
    known = ~np.isnan(differences)
    if not known.any():
        return differences.copy()
    far = _USUAL * float(np.median(np.abs(differences[known])))
    with np.errstate(divide="ignore", invalid="ignore"):
        bounded = np.where(differences == 0, 0.0, differences / np.sqrt(1 + (differences / far) ** 2))
    return bounded * _factor(bounded[known])


def _factor(differences: NDArray[np.float64]) -> float:
    """Return b, 0 to 1, for which the mean of ln(1 + exp(b differences)), which is convex in b, is the least."""
    if differences.mean() >= 0:
        return 0.0
    if _slope(differences, 1.0) <= 0:
        return 1.0
    low, high = -float(_HALVINGS), 0.0  # powers of two
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _slope(differences, 2.0**middle) < 0 else (low, middle)
    return float(2.0**high)


def _slope(differences: NDArray[np.float64], factor: float) -> float:
    with np.errstate(over="ignore"):
        return float((differences / (1 + np.exp(-factor * differences))).mean())
