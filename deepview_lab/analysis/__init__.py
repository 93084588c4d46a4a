"""Analyses: settings, accumulators, snapshots, results. Pure: no thread, comm, file, table library or plot."""

from deepview_lab.analysis.contract import Budget, LayerTable, Spec, Table, Work
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.iua import IUASpec
from deepview_lab.analysis.iua_accumulator import IUAAccumulator
from deepview_lab.analysis.iua_result import IUAResults, LayerInactivity
from deepview_lab.analysis.iua_snapshot import IUASnapshot
from deepview_lab.analysis.pfa import PFASpec
from deepview_lab.analysis.pfa_accumulator import PFAAccumulator
from deepview_lab.analysis.pfa_covariances import PFACovariancesResult
from deepview_lab.analysis.pfa_recipe import PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe, Recipe
from deepview_lab.analysis.pfa_result import PFAResults
from deepview_lab.analysis.pfa_snapshot import PFASnapshot
from deepview_lab.analysis.pfa_strategies import KL, Energy, PFAStrategy, Size
from deepview_lab.analysis.pfa_units import AbsMax, AbsMin, L1Max, L1Min, PFAUnitStrategy
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import Rows, RowsWanted

__all__ = [
    "KL",
    "AbsMax",
    "AbsMin",
    "Budget",
    "Energy",
    "Findings",
    "IUAAccumulator",
    "IUAResults",
    "IUASnapshot",
    "IUASpec",
    "L1Max",
    "L1Min",
    "LayerInactivity",
    "LayerTable",
    "PFAAccumulator",
    "PFACovariancesResult",
    "PFAEnergyDiagnostics",
    "PFAKLDiagnostics",
    "PFARecipe",
    "PFAResults",
    "PFASnapshot",
    "PFASpec",
    "PFAStrategy",
    "PFAUnitStrategy",
    "Pool",
    "Recipe",
    "Rows",
    "RowsWanted",
    "Size",
    "Spec",
    "Table",
    "Work",
]
