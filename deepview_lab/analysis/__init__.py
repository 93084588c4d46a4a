"""Analyses: settings, accumulators, snapshots, results. Pure: no thread, comm, file, table library or plot."""

from deepview_lab.analysis.contract import Budget, FinishContext, LayerTable, Spec, Table
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.iua.accumulator import IUAAccumulator
from deepview_lab.analysis.iua.result import IUAResults, LayerInactivity
from deepview_lab.analysis.iua.snapshot import IUASnapshot
from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.accumulator import PFAAccumulator
from deepview_lab.analysis.pfa.covariances import PFACovariancesResult
from deepview_lab.analysis.pfa.recipe import PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe, Recipe
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.snapshot import PFASnapshot
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.analysis.pfa.strategies import KL, Energy, PFAStrategy, Size
from deepview_lab.analysis.pfa.units import AbsMax, AbsMin, L1Max, L1Min, PFAUnitStrategy
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import Rows, RowsWanted

__all__ = [
    "KL",
    "AbsMax",
    "AbsMin",
    "Budget",
    "Energy",
    "Findings",
    "FinishContext",
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
]
