"""The public faces of the analyses: each ties settings to the engine and results to figures."""

from deepview_lab.analysis import PFACovariancesResult, PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe
from deepview_lab.analysis import PFAStrategy as PFAStrategyType
from deepview_lab.analysis import PFAUnitStrategy as PFAUnitSelectionStrategyType
from deepview_lab.analysis.dataset.config import DuplicatesConfig, ReportConfig
from deepview_lab.analysis.duplicates.strategies import DuplicatesStrategyType
from deepview_lab.analysis.duplicates.thresholds import DuplicatesThresholdStrategyType
from deepview_lab.analysis.familiarity.mixture import GMMCovarianceType
from deepview_lab.analysis.familiarity.protocols import (
    FamiliarityDistribution,
    FamiliarityResult,
    FamiliarityStrategyType,
)
from deepview_lab.analysis.projection.protocols import DimensionReductionStrategyType, OneOrManyDimStrategies
from deepview_lab.introspectors.dataset_report import DatasetReport
from deepview_lab.introspectors.dimension_reduction import DimensionReduction
from deepview_lab.introspectors.duplicates import Duplicates
from deepview_lab.introspectors.familiarity import Familiarity
from deepview_lab.introspectors.iua import IUA
from deepview_lab.introspectors.label_problems import LabelProblems
from deepview_lab.introspectors.pfa import PFA

__all__ = [
    "IUA",
    "PFA",
    "DatasetReport",
    "DimensionReduction",
    "DimensionReductionStrategyType",
    "Duplicates",
    "DuplicatesConfig",
    "DuplicatesStrategyType",
    "DuplicatesThresholdStrategyType",
    "Familiarity",
    "FamiliarityDistribution",
    "FamiliarityResult",
    "FamiliarityStrategyType",
    "GMMCovarianceType",
    "LabelProblems",
    "OneOrManyDimStrategies",
    "PFACovariancesResult",
    "PFAEnergyDiagnostics",
    "PFAKLDiagnostics",
    "PFARecipe",
    "PFAStrategyType",
    "PFAUnitSelectionStrategyType",
    "ReportConfig",
]
