"""Table and chart of inactive unit analysis."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from deepview_lab.analysis.iua.result import LayerInactivity, small_note
from deepview_lab.figures.palette import DEAD, INACTIVE
from deepview_lab.visible_text import visible_text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

__all__ = ["iua_chart", "iua_frame"]

_ROW_HEIGHT = 150
_MARGIN = 60


def iua_frame(results: Mapping[str, LayerInactivity], *, details: bool = False) -> pd.DataFrame:
    """Return one row per response, in the order of ``results``.

    Parameters
    ----------
    results : mapping of str to LayerInactivity
        What to show.
    details : bool
        Add units, dead units (missing where all values are small), the inactive share (0 to 1), samples, samples left
        out, and a note.
    """
    import pandas as pd  # noqa: PLC0415 - `import deepview_lab` must not load pandas

    names = list(results)
    columns: dict[str, object] = {
        "response": list(names),
        "mean inactive": [results[name].mean_inactive for name in names],
        "std inactive": [results[name].std_inactive for name in names],
    }
    if details:
        columns |= {
            "units": [len(results[name].unit_share) for name in names],
            "dead units": pd.array([_dead(results[name]) for name in names], dtype="Int64"),
            "inactive share": [results[name].mean_inactive / results[name].counts.size for name in names],
            "samples": [results[name].samples for name in names],
            "left out": [results[name].nonfinite for name in names],
            "note": [results[name].note for name in names],
        }
    return pd.DataFrame(columns)


def _dead(result: LayerInactivity) -> int | None:
    return len(result.dead_units) if result.all_below is None else None


def iua_chart(results: Mapping[str, LayerInactivity]) -> go.Figure:
    """Return one row per response with a bar per unit: the share of its values that are inactive; dead units darker."""
    from plotly.subplots import make_subplots  # noqa: PLC0415 - `import deepview_lab` must not load plotly

    names = list(results)
    rows = len(names)
    figure = make_subplots(
        rows=rows,
        cols=1,
        subplot_titles=[_title(name, results[name]) for name in names],
        vertical_spacing=0.3 / rows,
    )
    for row, name in enumerate(names, start=1):
        figure.add_trace(_bars(results[name]), row=row, col=1)
        figure.update_yaxes(range=[0, 1], tickformat=".0%", row=row, col=1)
    figure.update_xaxes(title_text="unit", row=rows, col=1)
    figure.update_layout(
        height=_ROW_HEIGHT * rows + 2 * _MARGIN,
        showlegend=False,
        bargap=0,
        title="Share of inactive values by unit",
    )
    return figure


def _bars(result: LayerInactivity) -> go.Bar:
    import plotly.graph_objects as go  # noqa: PLC0415 - as above

    share = result.unit_share
    colours = np.full(len(share), INACTIVE, dtype=object)
    colours[result.dead_units] = DEAD
    return go.Bar(
        x=np.arange(len(share)),
        y=share,
        marker={"color": colours, "line": {"width": 0}},
        hovertemplate="unit %{x}: %{y:.1%} inactive<extra></extra>",
    )


def _title(name: str, result: LayerInactivity) -> str:
    units, dead = len(result.unit_share), len(result.dead_units)
    text = f"{escape(visible_text(name))}: {units:,} unit{'s' * (units != 1)}"
    if result.all_below is not None:
        return f"{text}. {small_note(result.all_below)}"
    return f"{text}, {dead:,} dead" if dead else text
