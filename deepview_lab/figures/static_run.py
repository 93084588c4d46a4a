"""The newest tables of a run as plain HTML, for readers without a kernel."""

from __future__ import annotations

from deepview_lab.analysis.contract import LayerTable
from deepview_lab.analysis.findings import Findings
from deepview_lab.engine import RunView
from deepview_lab.figures.findings import findings_html
from deepview_lab.figures.static_table import heading_html, layer_table_html

__all__ = ["static_html"]

# Kinds that have columns in the static table of layers; tables of others follow it.
_DRAWN = ("iua", "pfa")


def static_html(run: RunView) -> str:
    """Return the newest tables of a run as plain HTML."""
    tables: dict[str, LayerTable] = {}
    found: dict[str, Findings] = {}
    for name, kind in run.introspectors.items():
        told = run.latest(name)
        if isinstance(told, Findings):
            found[name] = told
        elif told is not None and kind in _DRAWN:
            tables.setdefault(kind, told)
        elif told is not None:
            found[name] = Findings.of_layers(told.samples, told.columns())
    progress = run.progress
    total = f" of {progress.total:,}" if progress.total is not None else ""
    subtitle = f"{run.status}, {progress.samples:,}{total} samples"
    if run.errors:
        subtitle += f". {run.errors[0].message}"
    if found and not tables:
        head = heading_html(run.name, subtitle)
    else:
        head = layer_table_html(
            run.name,
            subtitle,
            tuple(run.responses),
            tables.get("iua"),
            tables.get("pfa"),
            status=run.status,
            total=progress.total,
        )
    return head + "".join(findings_html(name, findings) for name, findings in found.items())
