"""Which results a file holds, and how: one pair of functions for each kind of analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deepview_lab.analysis.contract import Table
from deepview_lab.base import ResponseInfo
from deepview_lab.report.codecs.dataset import dataset_from, dataset_tables
from deepview_lab.report.codecs.findings import findings_from, findings_tables
from deepview_lab.report.codecs.iua import iua_from, iua_tables
from deepview_lab.report.codecs.pfa import pfa_from, pfa_tables
from deepview_lab.report.codecs.shown import findings_shown, iua_shown, kept_findings_shown, pfa_shown

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True)
class Kind:
    """How results of one kind of analysis are kept.

    Attributes
    ----------
    tables : callable
        Takes a result and returns tables by name; the file has them as ``INTROSPECTOR.NAME``.
    result : callable
        Takes the file, the introspector's name and the number of samples, and returns the result.
    shown : callable
        Takes a result and what is known of the layers, and returns the table that a canvas shows.
    thresholds : tuple of str
        Which settings are thresholds.
    """

    # Any: results of all kinds
    tables: Callable[[Any], Mapping[str, pa.Table]]
    result: Callable[[ReportFile, str, int], Any]
    shown: Callable[[Any, Mapping[str, ResponseInfo]], Table]
    thresholds: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "iua": Kind(iua_tables, iua_from, iua_shown, ("atol",)),
    "pfa": Kind(pfa_tables, pfa_from, pfa_shown, ("epsilon_inactive",)),
    "report": Kind(dataset_tables, dataset_from, findings_shown),
    # Of these a file has the whole table for people, not what it was computed from.
    **dict.fromkeys(
        ("familiarity", "duplicates", "projection", "labels"),
        Kind(findings_tables, findings_from, kept_findings_shown),
    ),
}
