"""The result of principal filter analysis: covariances by layer, from which recipes are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deepview_lab.analysis.pfa.covariances import PFACovariancesResult
from deepview_lab.analysis.pfa.recipe import Recipe
from deepview_lab.analysis.pfa.strategies import KL, PFAStrategy
from deepview_lab.analysis.pfa.units import L1Max, PFAUnitStrategy
from deepview_lab.exceptions import DeepViewException, OptionTypeError

__all__ = ["PFAResults"]


@dataclass(frozen=True, eq=False)
class PFAResults:
    """Covariances by layer.

    Attributes
    ----------
    samples : int
        Samples seen.
    covariances : mapping of str to PFACovariancesResult
        Layers that had enough samples.
    failed_responses : sequence of str
        Layers with fewer samples than units.
    notes : mapping of str to str
        For layers that failed, or that had fewer samples than twice their units: a sentence that says so.
    """

    samples: int
    covariances: Mapping[str, PFACovariancesResult]
    failed_responses: Sequence[str]
    notes: Mapping[str, str]

    @property
    def nbytes(self) -> int:
        """Bytes of the covariance matrices."""
        return sum(layer.nbytes for layer in self.covariances.values())

    def get_recipe(
        self, *, strategy: PFAStrategy | None = None, unit_strategy: PFAUnitStrategy | None = None
    ) -> Recipe:
        """Return how many units each layer needs, and which may go.

        Parameters
        ----------
        strategy : PFAStrategy, optional
            Decides how many; by default the KL divergence.
        unit_strategy : PFAUnitStrategy, optional
            Decides which; by default those with the largest sum of correlations.

        Raises
        ------
        DeepViewException
            when a class is given instead of an object, or something that is no strategy (a TypeError).
        """
        for given in (strategy, unit_strategy):
            if isinstance(given, type):
                raise DeepViewException(f"A strategy is an object: write {given.__name__}(...), not {given.__name__}.")
        if strategy is not None and not callable(strategy):
            raise OptionTypeError("strategy", "a strategy of PFA", strategy, "strategy=PFA.Strategy.Energy(0.95)")
        if unit_strategy is not None and not callable(unit_strategy):
            raise OptionTypeError(
                "unit_strategy", "a unit strategy of PFA", unit_strategy, "unit_strategy=PFA.UnitStrategy.L1Max()"
            )
        counted = (strategy or KL())(self.covariances)
        choose = unit_strategy or L1Max()
        return Recipe({name: recipe.with_units(self.covariances[name], choose) for name, recipe in counted.items()})
