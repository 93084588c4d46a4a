"""Recipes: how many units each layer needs, and which may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pfa.covariances import PFACovariancesResult
from deepview_lab.analysis.pfa.units import OrdersUnits, PFAUnitStrategy
from deepview_lab.numerics import UnitRemoval
from deepview_lab.typing.named import Named

__all__ = ["PFADiagnostics", "PFAEnergyDiagnostics", "PFAKLDiagnostics", "PFARecipe", "Recipe"]


@dataclass(frozen=True)
class PFAKLDiagnostics:
    """Why the KL strategy recommends what it does.

    Attributes
    ----------
    kl_divergence : float
        Of the normalised eigenvalues from the flat spectrum, in nats.
    units_ratio : float
        Share of the units to keep (0 to 1) that follows from it.
    """

    kl_divergence: float
    units_ratio: float


@dataclass(frozen=True)
class PFAEnergyDiagnostics:
    """Why the Energy and Size strategies recommend what they do.

    Attributes
    ----------
    total_kept_energy : float
        Sum of the eigenvalues that reach the threshold; a sum of variances, not a share.
    """

    total_kept_energy: float


PFADiagnostics: TypeAlias = PFAKLDiagnostics | PFAEnergyDiagnostics | None


@dataclass(frozen=True)
class PFARecipe:
    """Recommendation for one layer.

    Attributes
    ----------
    original_output_count : int
        Units of the layer.
    recommended_output_count : int
        Units to keep.
    maximally_correlated_units : sequence of int
        Units to remove: first the inactive ones, then the others in the order in which they go.
    number_inactive_units : int
        How many of the units of the layer are inactive (constant).
    diagnostics : PFAKLDiagnostics, PFAEnergyDiagnostics or None
        Why.
    removal : UnitRemoval or None
        All units in the order in which they would go, whatever the count to keep; None when the unit strategy has no
        such order.
    """

    original_output_count: int
    recommended_output_count: int
    maximally_correlated_units: Sequence[int]
    number_inactive_units: int
    diagnostics: PFADiagnostics = None
    removal: UnitRemoval | None = field(default=None, compare=False, repr=False)

    @property
    def units_to_keep(self) -> tuple[int, ...]:
        """Units that stay, ascending."""
        removed = set(self.maximally_correlated_units)
        return tuple(unit for unit in range(self.original_output_count) if unit not in removed)

    @property
    def removal_order(self) -> NDArray[np.int64] | None:
        """All units in the order in which they would go, or None; a prefix is what goes for another count."""
        return self.removal.order if self.removal is not None else None

    def with_units(self, covariances: PFACovariancesResult, strategy: PFAUnitStrategy) -> PFARecipe:
        """Return this recipe with the units that ``strategy`` removes."""
        keep = self.recommended_output_count
        if isinstance(strategy, OrdersUnits):
            removal = strategy.removal(covariances)
            units = removal.removed(keep)
        else:
            removal = None
            units = np.asarray(strategy(covariances, num_units_to_keep=keep))
        return replace(self, maximally_correlated_units=[int(unit) for unit in units], removal=removal)


class Recipe(Named[PFARecipe]):
    """Recommendations by layer."""

    def __init__(self, recipes: Mapping[str, PFARecipe]) -> None:
        super().__init__("layer", recipes)

    def __repr__(self) -> str:
        counts = (f"{name}: {r.recommended_output_count}/{r.original_output_count}" for name, r in self.items())
        return f"Recipe({', '.join(counts)})"
