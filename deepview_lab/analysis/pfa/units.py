"""Which units of a layer go. Each class is a strategy; an instance is called with covariances and a count to keep."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol, final, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pfa.covariances import PFACovariancesResult
from deepview_lab.numerics import UnitRemoval, abs_max_order, abs_min_order, correlations, l1_max_order, l1_min_order

__all__ = ["AbsMax", "AbsMin", "L1Max", "L1Min", "OrdersUnits", "PFAUnitStrategy"]

_logger = logging.getLogger(__name__)


class PFAUnitStrategy(Protocol):
    """Chooses the units that go."""

    def __call__(self, covariances: PFACovariancesResult, *, num_units_to_keep: int) -> NDArray[np.integer]:
        """Return the indices of the units to remove, inactive ones first."""
        ...


@runtime_checkable
class OrdersUnits(Protocol):
    """A unit strategy whose order of removal does not depend on how many units stay."""

    def removal(self, covariances: PFACovariancesResult) -> UnitRemoval:
        """Return all units in that order."""
        ...


class _Greedy(ABC):
    """Removes one unit after the other, judged by the correlations of those left, whatever the count to keep."""

    def removal(self, covariances: PFACovariancesResult) -> UnitRemoval:
        """Return all units in the order in which they go."""
        known = covariances.known_removal(type(self).__name__)
        if known is not None:
            return known
        active, correlation = _active_correlations(covariances)
        return UnitRemoval.of(covariances.inactive_units, active[self._order(correlation)])

    def __call__(self, covariances: PFACovariancesResult, *, num_units_to_keep: int) -> NDArray[np.int64]:
        """Return the units to remove, the inactive ones first.

        Raises
        ------
        ValueError
            when no unit would be kept.
        """
        return _removed(self.removal(covariances), num_units_to_keep)

    @abstractmethod
    def _order(self, correlation: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the order in which units of these absolute correlations [units, units] go."""


@final
@dataclass(frozen=True)
class AbsMax(_Greedy):
    """Removes first one of the two units with the largest absolute correlation: the one that is closer to a third."""

    def _order(self, correlation: NDArray[np.float64]) -> NDArray[np.int64]:
        return abs_max_order(correlation)


@final
@dataclass(frozen=True)
class AbsMin(_Greedy):
    """Removes first one of the two units with the smallest absolute correlation: the one that is farther from a third.

    The units that stay are those that resemble each other most.
    """

    def _order(self, correlation: NDArray[np.float64]) -> NDArray[np.int64]:
        return abs_min_order(correlation)


@final
@dataclass(frozen=True)
class L1Max(_Greedy):
    """Removes first the unit with the largest sum of absolute correlations with those left."""

    def _order(self, correlation: NDArray[np.float64]) -> NDArray[np.int64]:
        return l1_max_order(correlation)


@final
@dataclass(frozen=True)
class L1Min(_Greedy):
    """Removes first the unit with the smallest sum of absolute correlations with those left.

    The units that stay are those that resemble each other most.
    """

    def _order(self, correlation: NDArray[np.float64]) -> NDArray[np.int64]:
        return l1_min_order(correlation)


def _active_correlations(covariances: PFACovariancesResult) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the units that are not constant, and their correlations with each other."""
    active = np.setdiff1d(np.arange(covariances.original_output_count), covariances.inactive_units)
    matrix = covariances.covariances
    return active, correlations(matrix if len(active) == len(matrix) else matrix[np.ix_(active, active)])


def _removed(removal: UnitRemoval, keep: int) -> NDArray[np.int64]:
    if keep <= 0:
        raise ValueError(f"At least one unit must be kept, but num_units_to_keep is {keep}.")
    active = len(removal.order) - removal.constant
    if active < keep:
        _logger.warning("Only %d units are active, fewer than the %d to keep: none of them goes.", active, keep)
    return removal.removed(keep)
