"""The public faces of the analyses: each ties settings to the engine and results to figures."""

from deepview_lab.analysis import PFACovariancesResult, PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe
from deepview_lab.analysis import PFAStrategy as PFAStrategyType
from deepview_lab.analysis import PFAUnitStrategy as PFAUnitSelectionStrategyType
from deepview_lab.introspectors.iua import IUA
from deepview_lab.introspectors.pfa import PFA

__all__ = [
    "IUA",
    "PFA",
    "PFACovariancesResult",
    "PFAEnergyDiagnostics",
    "PFAKLDiagnostics",
    "PFARecipe",
    "PFAStrategyType",
    "PFAUnitSelectionStrategyType",
]
