"""How results become tables of a report file, and back: by kind where that has a codec of its own, else by their form.

A file names kinds, never what is imported: a kind that is not known here is read by the tables that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from deepview_lab.analysis.contract import Table
from deepview_lab.base import ResponseInfo
from deepview_lab.report.codecs.dataset import dataset_from, dataset_tables
from deepview_lab.report.codecs.findings import findings_from, findings_tables
from deepview_lab.report.codecs.iua import iua_from, iua_tables
from deepview_lab.report.codecs.layers import is_layer_table, layer_table_from, layer_table_tables
from deepview_lab.report.codecs.pfa import pfa_from, pfa_tables
from deepview_lab.report.codecs.shown import findings_shown, iua_shown, kept_shown, pfa_shown

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["OWN_CODECS", "Codec", "codec_of_file", "codec_of_result"]


@dataclass(frozen=True)
class Codec:
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


# Kinds of which a file has more than the table that is shown.
OWN_CODECS: Final[Mapping[str, Codec]] = {
    "iua": Codec(iua_tables, iua_from, iua_shown, ("atol",)),
    "pfa": Codec(pfa_tables, pfa_from, pfa_shown, ("epsilon_inactive",)),
    "report": Codec(dataset_tables, dataset_from, findings_shown),
}
_FINDINGS: Final = Codec(findings_tables, findings_from, kept_shown)
_LAYERS: Final = Codec(layer_table_tables, layer_table_from, kept_shown)


def codec_of_result(kind: str, result: object) -> Codec | None:
    """Return how a result is kept, None for one that no file can hold."""
    if kind in OWN_CODECS:
        return OWN_CODECS[kind]
    if callable(getattr(result, "findings", None)):
        return _FINDINGS
    return _LAYERS if is_layer_table(result) else None


def codec_of_file(kind: str, name: str, tables: Collection[str]) -> Codec | None:
    """Return how the result of the introspector ``name`` was kept, None where the file has no table of it."""
    own = {table.removeprefix(f"{name}.") for table in tables if table.startswith(f"{name}.")}
    if not own:
        return None
    if kind in OWN_CODECS:
        return OWN_CODECS[kind]
    if "findings" in own:
        return _FINDINGS
    return _LAYERS if "layers" in own else None
