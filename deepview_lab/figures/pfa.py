"""Table and chart of principal filter analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deepview_lab.analysis.pfa_recipe import PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.figures.palette import KEPT, ORIGINAL

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

__all__ = ["COLUMNS", "pfa_chart", "pfa_frame"]

COLUMNS = (
    "layer name",
    "original count",
    "recommended count",
    "units to keep",
    "KL divergence",
    "PFA strategy",
    "units ratio",
    "kept energy",
)
_DEFAULT_COLUMNS = COLUMNS[:4]
_NOT_APPLICABLE = "N/A"


def pfa_frame(
    recipes: Sequence[Mapping[str, PFARecipe]],
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return one row per layer of each recipe, one recipe after the other.

    Parameters
    ----------
    recipes : sequence of mapping of str to PFARecipe
        What to show.
    include, exclude : sequence of str, optional
        Columns of :data:`COLUMNS` to show (by default the first four), and not to show.

    Raises
    ------
    UnknownNameError
        for a column that there is not.
    DeepViewException
        when no column is left.
    """
    import pandas as pd  # noqa: PLC0415 - `import deepview_lab` must not load pandas

    for column in [*(include or ()), *(exclude or ())]:
        if column not in COLUMNS:
            raise UnknownNameError("column", column, COLUMNS)
    chosen = [column for column in include or _DEFAULT_COLUMNS if column not in (exclude or ())]
    if not chosen:
        raise DeepViewException(
            "No column is left to show: exclude_columns holds every column that is included. Leave one of them out."
        )
    rows = [_row(layer, recipe) for layers in recipes for layer, recipe in layers.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))[chosen]


def _row(layer: str, recipe: PFARecipe) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, _NOT_APPLICABLE)
    row |= {
        "layer name": layer,
        "original count": recipe.original_output_count,
        "recommended count": recipe.recommended_output_count,
        "units to keep": set(recipe.units_to_keep),
    }
    match recipe.diagnostics:
        case PFAKLDiagnostics(kl_divergence=divergence, units_ratio=ratio):
            row |= {"PFA strategy": "PFA KL", "KL divergence": divergence, "units ratio": ratio}
        case PFAEnergyDiagnostics(total_kept_energy=energy):
            row |= {"PFA strategy": "PFA Energy", "kept energy": energy}
        case _:
            pass
    return row


def pfa_chart(recipe: Mapping[str, PFARecipe]) -> go.Figure:
    """Return how many units each layer has (original) and is recommended to keep (compressed)."""
    import plotly.graph_objects as go  # noqa: PLC0415 - `import deepview_lab` must not load plotly

    layers = list(recipe)
    compressed = [item.recommended_output_count for item in recipe.values()]
    original = [item.original_output_count for item in recipe.values()]
    figure = go.Figure(
        [
            go.Scatter(
                x=layers, y=compressed, name="compressed", mode="lines+markers", line={"color": KEPT, "width": 2}
            ),
            go.Scatter(
                x=layers, y=original, name="original", mode="lines+markers", line={"color": ORIGINAL, "width": 2}
            ),
        ]
    )
    figure.update_layout(hovermode="x unified", title="Units to keep by layer")
    figure.update_xaxes(title_text="layer name", type="category")
    figure.update_yaxes(title_text="number of units", rangemode="tozero")
    return figure
