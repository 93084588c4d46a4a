"""The table of findings of any analysis of samples, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deepview_lab.analysis.findings import Findings, ShowsFindings
from deepview_lab.report.file.arrays import arrays_of, column_of

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["findings_from", "findings_tables"]


def findings_tables(result: ShowsFindings) -> Mapping[str, pa.Table]:
    """Return ``findings``, all rows of the table, and ``summary``, one row."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    found = result.findings()
    table = pa.table({name: column_of(values) for name, values in found.table.items()})
    return {"findings": table, "summary": pa.table({"text": [found.summary]})}


def findings_from(file: ReportFile, name: str, samples: int) -> Findings:
    """Return the findings that :func:`findings_tables` made tables of."""
    table = file.table(f"{name}.findings")
    summary = [row["text"] for row in file.rows(f"{name}.summary", {"text": "string"})]
    return Findings(" ".join(summary), samples, arrays_of(table))
