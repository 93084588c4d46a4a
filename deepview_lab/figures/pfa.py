"""Table and chart of principal filter analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from deepview_lab.analysis.pfa.recipe import PFAEnergyDiagnostics, PFAKLDiagnostics, PFARecipe
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.figures.palette import KEPT, ORIGINAL
from deepview_lab.visible_text import visible_text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

__all__ = ["COLUMNS", "RecipeId", "pfa_chart", "pfa_frame"]

RecipeId: TypeAlias = str | int

COLUMNS = (
    "recipe",
    "layer name",
    "original count",
    "recommended count",
    "units to keep",
    "KL divergence",
    "PFA strategy",
    "units ratio",
    "kept energy",
)
_DEFAULT_COLUMNS = COLUMNS[1:5]
_NOT_APPLICABLE = "N/A"


def pfa_frame(
    recipes: Mapping[RecipeId, Mapping[str, PFARecipe]],
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return one row per layer of each recipe, one recipe after the other.

    Parameters
    ----------
    recipes : mapping of str or int to recipe
        What to show, by what the column ``recipe`` calls it.
    include, exclude : sequence of str, optional
        Columns of :data:`COLUMNS` to show, and not to show. By default the four from ``layer name`` to ``units to
        keep``, after ``recipe`` when there are several.

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
    default = ("recipe", *_DEFAULT_COLUMNS) if len(recipes) > 1 else _DEFAULT_COLUMNS
    chosen = [column for column in include or default if column not in (exclude or ())]
    if not chosen:
        raise DeepViewException(
            "No column is left to show: exclude_columns holds every column that is included. Leave one of them out."
        )
    rows = [_row(layer, item) | {"recipe": key} for key, recipe in recipes.items() for layer, item in recipe.items()]
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


def pfa_chart(recipes: Mapping[RecipeId, Mapping[str, PFARecipe]]) -> go.Figure:
    """Return how many units each layer has (original) and how many each recipe recommends to keep (compressed).

    Recipes that agree about the layers they share, as those of one model do, have one line for the original counts;
    otherwise there is one for each. A layer that a recipe does not have is a gap in its line.
    """
    import plotly.graph_objects as go  # noqa: PLC0415 - `import deepview_lab` must not load plotly

    layers = list(dict.fromkeys(layer for recipe in recipes.values() for layer in recipe))
    labels = [escape(visible_text(layer)) for layer in layers]  # plotly reads its texts as HTML
    several = len(recipes) > 1
    traces = []
    for position, (key, recipe) in enumerate(recipes.items()):
        counts = {layer: item.recommended_output_count for layer, item in recipe.items()}
        name = f"compressed, {_label(key)}" if several else "compressed"
        line = {"width": 2} if several else {"width": 2, "color": KEPT}
        traces.append(_trace(layers, counts, name, line, position if several else 0))
    for name, counts in _originals(recipes).items():
        traces.append(_trace(layers, counts, name, {"width": 2, "color": ORIGINAL}, 0))
    figure = go.Figure([go.Scatter(trace) for trace in traces])
    figure.update_layout(hovermode="x unified", title="Units to keep by layer")
    figure.update_xaxes(title_text="layer name", type="category", categoryorder="array", categoryarray=labels)
    figure.update_yaxes(title_text="number of units", rangemode="tozero")
    return figure


def _trace(
    layers: Sequence[str], counts: Mapping[str, int], name: str, line: Mapping[str, object], symbol: int
) -> dict[str, object]:
    """Return a line through the counts of those layers that have one; symbols tell lines apart without colours."""
    return {
        "x": [escape(visible_text(layer)) for layer in layers],
        "y": [counts.get(layer) for layer in layers],
        "name": name,
        "mode": "lines+markers",
        "line": line,
        "marker": {"symbol": symbol},
    }


def _originals(recipes: Mapping[RecipeId, Mapping[str, PFARecipe]]) -> dict[str, dict[str, int]]:
    """Return the units of the layers by the name of the line: one for all recipes that agree, or one for each."""
    counts = {
        key: {layer: item.original_output_count for layer, item in recipe.items()} for key, recipe in recipes.items()
    }
    merged: dict[str, int] = {}
    for of_one in counts.values():
        merged |= of_one
    if all(of_one.items() <= merged.items() for of_one in counts.values()):
        return {"original": merged}
    return {f"original, {_label(key)}": of_one for key, of_one in counts.items()}


def _label(key: RecipeId) -> str:
    return f"recipe {key}" if isinstance(key, int) else escape(visible_text(key))
