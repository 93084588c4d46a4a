"""Arithmetic of the analyses. NumPy only; knows no batch, layer or model."""

from deepview_lab.numerics.covariance.moments import Moments
from deepview_lab.numerics.covariance.removal import (
    UnitRemoval,
    abs_max_order,
    abs_min_order,
    correlations,
    l1_max_order,
    l1_min_order,
)
from deepview_lab.numerics.covariance.spectrum import (
    constant_units,
    cumulative_energy,
    effective_rank,
    eigensystem,
    eigenvalues,
    energy_count,
    kl_count,
    kl_divergence,
    linear_ratio,
    size_threshold,
)
from deepview_lab.numerics.inactivity.counts import InactivityCounter, SampleCounts

__all__ = [
    "InactivityCounter",
    "Moments",
    "SampleCounts",
    "UnitRemoval",
    "abs_max_order",
    "abs_min_order",
    "constant_units",
    "correlations",
    "cumulative_energy",
    "effective_rank",
    "eigensystem",
    "eigenvalues",
    "energy_count",
    "kl_count",
    "kl_divergence",
    "l1_max_order",
    "l1_min_order",
    "linear_ratio",
    "size_threshold",
]
