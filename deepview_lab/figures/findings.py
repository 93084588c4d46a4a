"""What analyses of samples found, as a DataFrame and as plain HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.findings import Findings
from deepview_lab.figures.static_table import CELL, HEAD, MUTED, TABLE, TEXT, heading_html, shown_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["findings_frame", "findings_html"]

_SHOWN = 20
_LONGEST = 1000


def findings_frame(findings: Findings) -> pd.DataFrame:
    """Return all rows of the table."""
    import pandas as pd  # noqa: PLC0415 - half a second that only tables need

    return pd.DataFrame(dict(findings.table))


def findings_html(title: str, findings: Findings, shown: int = _SHOWN) -> str:
    """Return the summary and the first ``shown`` rows as self-contained HTML; every text is escaped."""
    columns = {name: column[:shown] for name, column in findings.table.items()}
    head = "".join(
        f'<th scope="col" style="{HEAD};text-align:{_side(c)}">{shown_html(n)}</th>' for n, c in columns.items()
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{CELL};text-align:{_side(c)}">{shown_html(_text(c[row]))}</td>' for c in columns.values()
        )
        + "</tr>"
        for row in range(min(shown, findings.rows))
    )
    more = f'<div style="{TEXT};{MUTED}">{findings.rows - shown:,} more rows.</div>' if findings.rows > shown else ""
    return (
        f'<div class="dv-static">{heading_html(title, findings.summary)}'
        f'<div style="overflow-x:auto"><table style="{TABLE}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{more}</div>"
    )


def _side(column: NDArray[Any]) -> str:
    return "right" if column.dtype.kind in "fiu" else "left"


def _text(value: Any) -> str:  # Any: a cell of any column
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:,.4g}"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
