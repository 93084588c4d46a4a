"""How many units each layer needs. Each class is a strategy: call an instance with the covariances of all layers."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pfa.covariances import PFACovariancesResult, spectra_of
from deepview_lab.analysis.pfa.recipe import PFADiagnostics, PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe
from deepview_lab.exceptions import OptionTypeError
from deepview_lab.numerics import energy_count, kl_count, kl_divergence, linear_ratio, size_threshold

__all__ = ["KL", "Energy", "PFAStrategy", "Size"]

_logger = logging.getLogger(__name__)


class PFAStrategy(Protocol):
    """Decides how many units each layer needs."""

    def __call__(self, covariances: Mapping[str, PFACovariancesResult]) -> Mapping[str, PFARecipe]:
        """Return a recipe for each layer; its units are chosen afterwards."""
        ...


class _LinearInterpolation:
    """Maps a KL divergence linearly to a share: 0 to 1, the largest possible divergence to 0."""

    def __call__(self, kl_divergence: float, max_kl_divergence: float) -> float:
        """Return the share of the units to keep."""
        return linear_ratio(kl_divergence, max_kl_divergence)


@dataclass(frozen=True)
class KL:
    """Compares the eigenvalues of each layer with a flat spectrum: the more they differ, the fewer units it needs.

    Parameters
    ----------
    interpolation_function : callable, optional
        Takes the divergence and the largest possible one (ln of the number of units) and returns the share of the
        units to keep, 0 to 1; linear by default. At least one unit is kept.
    """

    LinearInterpolation: ClassVar[TypeAlias] = _LinearInterpolation

    interpolation_function: Callable[[float, float], float] | None = None

    def __call__(self, covariances: Mapping[str, PFACovariancesResult]) -> Mapping[str, PFARecipe]:
        """Return a recipe for each layer."""
        spectra = spectra_of(covariances)
        return {name: self._recipe(covariance, spectra[name]) for name, covariance in covariances.items()}

    def _recipe(self, covariance: PFACovariancesResult, values: NDArray[np.float64]) -> PFARecipe:
        units = covariance.original_output_count
        divergence = kl_divergence(values)
        ratio = float((self.interpolation_function or linear_ratio)(divergence, math.log(units)))
        return _recipe(covariance, kl_count(ratio, units), PFAKLDiagnostics(divergence, ratio))


@dataclass(frozen=True)
class Energy:
    """Keeps as many units as components are needed to carry a share of the energy (the sum of the eigenvalues).

    Parameters
    ----------
    energy_threshold : float
        That share, 0 to 1.
    min_kept_count : int
        Keep at least so many units, as far as the layer has them.

    Raises
    ------
    ValueError
        when the threshold is outside 0 to 1.
    """

    energy_threshold: float
    min_kept_count: int = 0

    def __post_init__(self) -> None:
        _check_share("energy_threshold", self.energy_threshold)

    def __call__(self, covariances: Mapping[str, PFACovariancesResult]) -> Mapping[str, PFARecipe]:
        """Return a recipe for each layer."""
        spectra = spectra_of(covariances)
        return {name: self._recipe(name, covariance, spectra[name]) for name, covariance in covariances.items()}

    def _recipe(self, name: str, covariance: PFACovariancesResult, values: NDArray[np.float64]) -> PFARecipe:
        needed = energy_count(values, self.energy_threshold)
        if needed < self.min_kept_count:
            _logger.warning(
                "%s: %d units carry %g of the energy, but min_kept_count=%d keeps more.",
                name,
                needed,
                self.energy_threshold,
                self.min_kept_count,
            )
        keep = min(max(needed, self.min_kept_count), len(values))
        return _recipe(covariance, keep, PFAEnergyDiagnostics(float(values[:needed].sum())))


@dataclass(frozen=True)
class Size:
    """Keeps about a share of all units of all layers, by one energy threshold for all of them.

    Parameters
    ----------
    relative_size : float
        That share, 0 to 1: of units, not of weights.
    min_kept_count : int
        Keep at least so many units in each layer, as far as it has them.
    epsilon_energy : float
        How far the threshold stays away from 0 and 1.

    Raises
    ------
    ValueError
        when the size is outside 0 to 1.
    """

    relative_size: float
    min_kept_count: int = 0
    epsilon_energy: float = 1e-8

    def __post_init__(self) -> None:
        _check_share("relative_size", self.relative_size)

    def __call__(self, covariances: Mapping[str, PFACovariancesResult]) -> Mapping[str, PFARecipe]:
        """Return a recipe for each layer."""
        if not covariances:
            return {}
        spectra = spectra_of(covariances)
        threshold = size_threshold(list(spectra.values()), self.relative_size, self.epsilon_energy)
        return Energy(threshold, self.min_kept_count)(covariances)


def _recipe(covariance: PFACovariancesResult, keep: int, diagnostics: PFADiagnostics) -> PFARecipe:
    return PFARecipe(
        original_output_count=covariance.original_output_count,
        recommended_output_count=keep,
        maximally_correlated_units=(),
        number_inactive_units=len(covariance.inactive_units),
        diagnostics=diagnostics,
    )


def _check_share(name: str, value: Any) -> None:  # Any: of a user
    if isinstance(value, str) or not isinstance(value, SupportsFloat):
        raise OptionTypeError(name, "a share from 0 to 1", value, "0.95 for 95 %")
    if not 0.0 <= float(value) <= 1.0:
        raise ValueError(f"{name} must be from 0 to 1, but is {value}. Write 0.95 for 95 %.")
