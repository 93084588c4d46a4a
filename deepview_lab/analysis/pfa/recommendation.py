"""How many units each layer needs by a strategy, from spectra alone: what a live table shows of a recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.detail import StrategyName
from deepview_lab.analysis.pfa.strategies import Size
from deepview_lab.numerics import energy_count, kl_count, kl_divergence, linear_ratio, size_threshold

__all__ = ["keep_counts"]


def keep_counts(spectra: Mapping[str, NDArray[np.float64]], strategy: StrategyName, value: float) -> dict[str, int]:
    """Return the units to keep, by layer: those of ``PFA.get_recipe`` with the same strategy and spectra.

    Parameters
    ----------
    spectra : mapping of str to array
        float64 [units], eigenvalues, descending and not negative.
    strategy : {'kl', 'energy', 'size'}
        Which of ``PFA.Strategy``, with its defaults.
    value : float
        The share that ``energy`` and ``size`` take, 0 to 1.

    Raises
    ------
    ValueError
        when the value is outside 0 to 1.

    Examples
    --------
    >>> keep_counts({"dense": np.array([8.0, 1.0, 1.0])}, "energy", 0.9)
    {'dense': 2}
    """
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"value must be from 0 to 1, but is {value}.")
    match strategy:
        case "kl":
            return {name: _kl_count(values) for name, values in spectra.items()}
        case "energy":
            threshold = value
        case "size":
            threshold = size_threshold(list(spectra.values()), value, Size.epsilon_energy) if spectra else value
        case _:
            assert_never(strategy)
    return {name: energy_count(values, threshold) for name, values in spectra.items()}


def _kl_count(values: NDArray[np.float64]) -> int:
    units = len(values)
    return kl_count(linear_ratio(kl_divergence(values), math.log(units)), units)
