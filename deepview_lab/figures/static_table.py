"""The newest tables of a run as plain HTML, for readers without a kernel: no script, nothing to load."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from deepview_lab.analysis.contract import LayerTable
from deepview_lab.visible_text import visible_part

__all__ = ["CELL", "HEAD", "MUTED", "TABLE", "TEXT", "heading_html", "layer_table_html", "shown_html"]

# Colours are mixed from the text's own, so that the table is readable on light and dark.
TEXT = "font:12px/1.5 system-ui,sans-serif"
TABLE = f"color:inherit;border-collapse:collapse;{TEXT};font-variant-numeric:tabular-nums;margin:4px 0"
HEAD = "padding:2px 10px;border-bottom:1px solid rgba(128,128,128,.6);font-weight:600;white-space:nowrap"
CELL = "padding:2px 10px;border-bottom:1px solid rgba(128,128,128,.25);white-space:nowrap"
MUTED = "opacity:.7"
_BAR = (
    "display:inline-block;width:60px;height:8px;margin-right:6px;vertical-align:baseline;"
    "background:linear-gradient(90deg,#d07a1f {share:.0f}%,rgba(128,128,128,.25) {share:.0f}%)"
)
# More do not fit into an output of a notebook.
_MOST_ROWS = 2000
_ABSENT = "\N{EN DASH}"
_ENDED = {"done": "complete", "cancelled": "stopped", "failed": "stopped"}

Row = dict[str, Any]  # Any: the columns have their own dtypes


def layer_table_html(
    title: str,
    subtitle: str,
    layers: Sequence[str],
    iua: LayerTable | None,
    pfa: LayerTable | None,
    *,
    status: str = "done",
    total: int | None = None,
) -> str:
    """Return a self-contained table of layers; every text is escaped.

    Parameters
    ----------
    title, subtitle : str
        What the run is called, and how far it is.
    layers : sequence of str
        Layers in the order of the network; those that only the tables know follow. The first 2,000 are shown.
    iua, pfa : LayerTable or None
        Snapshots of inactive unit analysis and of principal filter analysis, whose columns are shown when given.
    status : str
        That of the run. The states of layers are those that the live table shows, in the same words.
    total : int or None
        Samples that the run will have seen in the end, if that is known.
    """
    every = list(dict.fromkeys([*layers, *(iua.layers if iua else ()), *(pfa.layers if pfa else ())]))
    names = every[:_MOST_ROWS]
    inactive, spectra = _by_layer(iua, set(names)), _by_layer(pfa, set(names))
    heads = ["Layer", "Units"]
    heads += ["Inactive per sample", "Dead"] if iua is not None else []
    heads += ["Keep / units", "KL (nats)"] if pfa is not None else []
    notes = iua is not None or pfa is not None
    heads += ["State", "Note"] if notes else []
    head = "".join(_head(text, right=text in {"Units", "Dead", "KL (nats)"}) for text in heads)
    states = _States(status, total)
    body = "".join(
        _line(name, inactive.get(name), spectra.get(name), states, with_iua=iua is not None, with_pfa=pfa is not None)
        for name in names
    )
    if not names:
        body = f'<tr><td colspan="{len(heads)}" style="{CELL};{MUTED}">Waiting for the first batch.</td></tr>'
    left = len(every) - len(names)
    more = f'<div style="{TEXT};{MUTED}">{left:,} more layers.</div>' if left else ""
    return (
        f'<div class="dv-static">{heading_html(title, subtitle)}'
        f'<div style="overflow-x:auto"><table style="{TABLE}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{more}</div>"
    )


def shown_html(text: str) -> str:
    """Return text for HTML: escaped, with nothing hidden in it, and isolated from the words around it."""
    return escape(visible_part(text))


def heading_html(title: str, subtitle: str) -> str:
    """Return a title and a line below it; every text is escaped."""
    return (
        f'<div style="font:600 13px/1.5 system-ui,sans-serif">{shown_html(title)}</div>'
        f'<div style="{TEXT};{MUTED}">{shown_html(subtitle)}</div>'
    )


def _by_layer(table: LayerTable | None, wanted: Collection[str]) -> dict[str, Row]:
    if table is None:
        return {}
    columns = table.columns()
    return {
        name: {key: values[index] for key, values in columns.items()}
        for index, name in enumerate(table.layers)
        if name in wanted
    }


@dataclass(frozen=True)
class _States:
    """Says what a layer is doing. js/src/store/layers/layerState.ts decides the same; a test compares them.

    Attributes
    ----------
    status : str
        That of the run.
    total : int or None
        Samples in the end.
    """

    status: str
    total: int | None

    def word(self, iua: Row | None, pfa: Row | None) -> str:
        if iua is not None and iua["dead"] < 0:
            return "tiny values"
        return self._trouble(pfa) or _ENDED.get(self.status) or self._progress([row for row in (iua, pfa) if row])

    def _trouble(self, pfa: Row | None) -> str | None:
        if pfa is None:
            return None
        state, needed = str(pfa["state"]), int(pfa["needed"])
        if state == "refused":
            return "refused"
        if state == "few" and self._stays_below(needed):
            return "too few samples"
        return "few samples" if state == "thin" and self._stays_below(2 * needed) else None

    def _stays_below(self, samples: int) -> bool:
        return self.status in _ENDED or (self.total is not None and self.total < samples)

    def _progress(self, rows: Sequence[Row]) -> str:
        if self.status == "paused":
            return "paused"
        if not any(row["samples"] + row["nonfinite"] > 0 for row in rows):
            return "waiting"
        lacking = any("kl" in row and math.isnan(row["kl"]) for row in rows)
        return "stable" if not lacking and all(row["stable_since"] >= 0 for row in rows) else "streaming"


def _line(name: str, iua: Row | None, pfa: Row | None, states: _States, *, with_iua: bool, with_pfa: bool) -> str:
    known = [int(row["units"]) for row in (iua, pfa) if row is not None and row["units"] > 0]
    cells = [
        f'<th scope="row" style="{CELL};text-align:left;font-weight:400;font-family:monospace">{shown_html(name)}</th>',
        _cell(f"{known[0]:,}" if known else _ABSENT, right=True),
    ]
    if with_iua:
        cells += _iua_cells(iua)
    if with_pfa:
        cells += _pfa_cells(pfa)
    if with_iua or with_pfa:
        cells.append(_cell(states.word(iua, pfa)))
        cells.append(f'<td style="{CELL};white-space:normal;{MUTED}">{shown_html(_note(iua, pfa))}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _note(iua: Row | None, pfa: Row | None) -> str:
    """Return what both say, without saying twice that samples were left out."""
    first, second = (str(row["note"]) if row is not None else "" for row in (iua, pfa))
    if first in second or second in first:
        return max(first, second, key=len)
    return f"{first} {second}"


def _iua_cells(row: Row | None) -> list[str]:
    if row is None or math.isnan(row["inactive_mean"]):
        return [_cell(_ABSENT), _cell(_ABSENT, right=True)]
    if row["inactive_mean"] == 0 and row["dead"] == 0:
        return [_cell("no exact zeros"), _cell(_ABSENT, right=True)]
    share, spread = 100 * float(row["inactive_mean"]), 100 * float(row["inactive_std"])
    bar = f'<span aria-hidden="true" style="{_BAR.format(share=share)}"></span>'
    dead = f"{row['dead']:,}" if row["dead"] >= 0 else _ABSENT
    return [f'<td style="{CELL}">{bar}{share:.1f}% ± {spread:.1f}</td>', _cell(dead, right=True)]


def _pfa_cells(row: Row | None) -> list[str]:
    if row is None:
        return [_cell(_ABSENT), _cell(_ABSENT, right=True)]
    counted = row["keep"] >= 0
    keep = f"{row['keep']:,} / {row['units']:,}" if counted else _ABSENT
    divergence = f"{row['kl']:.2f}" if counted else _ABSENT
    return [_cell(keep), _cell(divergence, right=True)]


def _head(text: str, *, right: bool = False) -> str:
    return f'<th scope="col" style="{HEAD};text-align:{"right" if right else "left"}">{shown_html(text)}</th>'


def _cell(text: str, *, right: bool = False) -> str:
    return f'<td style="{CELL};text-align:{"right" if right else "left"}">{shown_html(text)}</td>'
