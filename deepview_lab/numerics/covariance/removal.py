"""In which order units go: by their correlations, the largest or the smallest first.

Each order is greedy and does not know how many units will stay, so that any number to keep is a suffix of the same
order. The smallest of all correlations is the largest of their negatives, so one search serves both directions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.covariance.partners import Partners, tolerance

__all__ = ["UnitRemoval", "abs_max_order", "abs_min_order", "correlations", "l1_max_order", "l1_min_order"]

_CHUNK = 64


@dataclass(frozen=True)
class UnitRemoval:
    """All units of a layer in the order in which they go.

    Attributes
    ----------
    order : numpy.ndarray
        int64 [units], a permutation: constant units first, ascending, then one after the other; the last one stays.
    constant : int
        How many of them are constant.
    """

    order: NDArray[np.int64]
    constant: int

    @classmethod
    def of(cls, constant: NDArray[np.integer], others: NDArray[np.integer]) -> UnitRemoval:
        """Return the removal of ``constant`` units, then of the ``others`` in their order."""
        return cls(np.concatenate([constant, others]).astype(np.int64), len(constant))

    def removed(self, keep: int) -> NDArray[np.int64]:
        """Return the units to remove so that ``keep`` active ones stay: the constant ones and a prefix of the others.

        When fewer than ``keep`` are active, only the constant ones go.
        """
        return self.order[: max(len(self.order) - keep, self.constant)]


def correlations(covariance: NDArray[np.float64], epsilon: float = 1e-8) -> NDArray[np.float64]:
    """Return the absolute correlation of each pair of units, 0 on the diagonal.

    ``epsilon`` is the smallest product of two standard deviations that is divided by.
    """
    variance = np.abs(np.diagonal(covariance))
    scale = np.sqrt(variance[:, None] * variance[None, :])
    np.maximum(scale, epsilon, out=scale)
    result = np.abs(covariance)
    result /= scale
    np.fill_diagonal(result, 0.0)
    return result


def l1_max_order(correlation: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the units in the order in which the largest sum of correlations with those left goes first.

    Parameters
    ----------
    correlation : numpy.ndarray
        float64 [units, units], symmetric, not negative, 0 on the diagonal: see :func:`correlations`.

    Returns
    -------
    numpy.ndarray
        int64 [units], a permutation.

    Notes
    -----
    Sums that are equal to about 1e-5 are a tie. Then the largest single correlation of the tied units counts, and the
    unit that goes is the first *row* that has it, which need not be one of the tied. This is what DeepView does, kept
    so that recipes stay the same.

    Takes O(units^2) time and memory: the sums are kept up to date by one subtraction for each unit that goes. Their
    rounding error (about 1e-11 for thousands of units) is far below what counts as a tie.
    """
    return _l1_order(correlation)


def l1_min_order(correlation: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the units in the order in which the smallest sum of correlations with those left goes first.

    Parameters, result and notes are those of :func:`l1_max_order`, with smallest in the place of largest.
    """
    return _l1_order(-correlation)


def _l1_order(strength: NDArray[np.float64]) -> NDArray[np.int64]:
    units = len(strength)
    partners = Partners(strength)
    sums = strength.sum(axis=1)
    order = np.empty(units, dtype=np.int64)
    for step in range(units):
        largest = sums.max()
        tied = np.flatnonzero(largest - sums <= tolerance(largest))
        unit = int(tied[0]) if len(tied) == 1 else _first_partner(strength, partners, tied)
        order[step] = unit
        partners.remove(unit)
        sums -= strength[unit]
        sums[unit] = -np.inf
    return order


def _first_partner(strength: NDArray[np.float64], partners: Partners, tied: NDArray[np.intp]) -> int:
    """Return the first unit whose tie with one of ``tied`` is (nearly) the strongest of theirs."""
    largest = partners.largest(tied)
    within = tolerance(largest)
    rows = np.flatnonzero(partners.alive & (largest - partners.first <= within))
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        pairs = largest - strength[np.ix_(chunk, tied)] <= within
        pairs &= chunk[:, None] != tied[None, :]
        hits = pairs.any(axis=1)
        if hits.any():
            return int(chunk[hits.argmax()])
    return int(tied[0])


def abs_max_order(correlation: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the units in the order in which one of the most correlated pair goes first.

    Parameters and result are those of :func:`l1_max_order`.

    Notes
    -----
    Of the pair, the one with the larger next correlation goes. With several nearly equal pairs (about 1e-5) one cell
    of each of their rows is masked, and the first row with the largest cell left (again about 1e-5) goes: DeepView's
    rule, kept so that recipes stay the same.

    Takes O(units^2) time and memory unless very many pairs are equal.
    """
    return _abs_order(correlation)


def abs_min_order(correlation: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the units in the order in which one of the least correlated pair goes first.

    Parameters, result and notes are those of :func:`abs_max_order`, with smaller in the place of larger.
    """
    return _abs_order(-correlation)


def _abs_order(strength: NDArray[np.float64]) -> NDArray[np.int64]:
    units = len(strength)
    partners = Partners(strength)
    order = np.empty(units, dtype=np.int64)
    for step in range(units - 1):
        unit = _of_strongest_pairs(partners)
        order[step] = unit
        partners.remove(unit)
    if units:
        order[-1] = int(partners.alive.argmax())
    return order


def _of_strongest_pairs(partners: Partners) -> int:
    largest = partners.largest()
    within = tolerance(largest)
    first_row = partners.first_close(largest, within)
    following = partners.after_first_close(first_row, largest, within)
    if np.isinf(following) or largest - following <= min(within, tolerance(following)):
        return first_row  # only two are left, or no row can have a larger next tie
    rows = partners.close(largest, within)
    nexts = np.array([partners.after_first_close(int(row), largest, within) for row in rows])
    best = nexts.max()
    return int(rows[(best - nexts <= tolerance(best)).argmax()])
