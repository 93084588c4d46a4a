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
_DIGITS, _MOST_DIGITS = 4, 8


def findings_frame(findings: Findings) -> pd.DataFrame:
    """Return all rows of the table."""
    import pandas as pd  # noqa: PLC0415 - half a second that only tables need

    return pd.DataFrame(dict(findings.table))


def findings_html(title: str, findings: Findings, shown: int = _SHOWN) -> str:
    """Return the summary and the first ``shown`` rows as self-contained HTML; every text is escaped."""
    columns = {name: column[:shown] for name, column in findings.table.items()}
    texts = {name: _texts(column) for name, column in columns.items()}
    head = "".join(
        f'<th scope="col" style="{HEAD};text-align:{_side(c)}">{shown_html(n)}</th>' for n, c in columns.items()
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{CELL};text-align:{_side(c)}">{shown_html(texts[n][row])}</td>' for n, c in columns.items()
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


def _texts(column: NDArray[Any]) -> list[str]:
    """Return the cells of a column, numbers with as many digits as tell them apart: 4 to 8."""
    different = len(np.unique(column))
    for digits in range(_DIGITS, _MOST_DIGITS):
        texts = [_text(value, digits) for value in column]
        if column.dtype.kind != "f" or len(set(texts)) >= different:
            return texts
    return [_text(value, _MOST_DIGITS) for value in column]


def _text(value: Any, digits: int) -> str:  # Any: a cell of any column
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:,.{digits}g}"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
