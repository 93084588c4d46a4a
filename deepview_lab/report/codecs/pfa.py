"""Results of PFA as tables, and back: spectra and removal orders instead of covariance matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepview_lab.analysis.pfa.covariances import PFACovariancesResult, PFASpectrumResult, spectra_of
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.units import AbsMax, AbsMin, L1Max, L1Min
from deepview_lab.exceptions import ReportFileError
from deepview_lab.numerics import UnitRemoval
from deepview_lab.report.file.columns import Pieces, per_layer

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["pfa_from", "pfa_tables"]

_TYPES = {
    "layer": "string",
    "units": "int64",
    "constant_units": "int64",
    "samples": "int64",
    "nonfinite": "int64",
    "failed": "bool",
    "note": "string",
}
_STRATEGIES = (AbsMax, AbsMin, L1Max, L1Min)


def pfa_tables(result: PFAResults) -> dict[str, pa.Table]:
    """Return ``layers`` (a row each, failed ones too), ``spectra`` (eigenvalues) and ``removal`` (orders of units).

    Notes
    -----
    Covariance matrices stay out: 2,048 units take 32 MiB, their spectrum and orders 50 KiB. From these every recipe of
    the built-in strategies follows. Ordering 2,048 units by all four takes about a second.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    names = dict.fromkeys([*result.covariances, *result.failed_responses, *result.notes])
    schema = pa.schema(
        [
            ("layer", pa.string()),
            ("units", pa.int64()),
            ("constant_units", pa.int64()),
            ("samples", pa.int64()),
            ("nonfinite", pa.int64()),
            ("failed", pa.bool_()),
            ("note", pa.string()),
        ]
    )
    spectra = spectra_of(result.covariances)
    orders = {
        kind.__name__: {name: kind().removal(layer).order for name, layer in result.covariances.items()}
        for kind in _STRATEGIES
    }
    return {
        "layers": pa.Table.from_pylist([_row(name, result) for name in names], schema),
        "spectra": per_layer({"eigenvalue": spectra}, np.float64),
        "removal": per_layer(orders, np.int64),
    }


def _row(name: str, result: PFAResults) -> dict[str, Any]:  # Any: numbers and text
    row: dict[str, Any] = {"layer": name, "failed": name in result.failed_responses, "note": result.notes.get(name)}
    layer = result.covariances.get(name)
    if layer is not None:
        row |= {
            "units": layer.original_output_count,
            "constant_units": len(layer.inactive_units),
            "samples": layer.samples,
            "nonfinite": layer.nonfinite,
        }
    return row


def pfa_from(file: ReportFile, name: str, samples: int) -> PFAResults:
    """Return the result whose tables :func:`pfa_tables` made, without covariance matrices.

    Raises
    ------
    ReportFileError
        when the tables do not fit each other.
    """
    rows = file.rows(f"{name}.layers", _TYPES, nullable=("units", "constant_units", "samples", "nonfinite", "note"))
    eigenvalues = Pieces(file, f"{name}.spectra", "eigenvalue", np.float64)
    orders = {kind.__name__: Pieces(file, f"{name}.removal", kind.__name__, np.int64) for kind in _STRATEGIES}
    layers: dict[str, PFACovariancesResult] = {}
    for row in rows:
        units, constant = row["units"], row["constant_units"]
        if units is None:
            continue
        if min(units, row["samples"], row["nonfinite"]) < 0 or units == 0:
            raise ReportFileError(f"Layer {row['layer']!r} of {file.path} has counts that no samples give.")
        removals = {kind: UnitRemoval(pieces.next(units), constant) for kind, pieces in orders.items()}
        for removal in removals.values():
            if not np.array_equal(np.sort(removal.order), np.arange(units)) or not 0 <= constant <= units:
                raise ReportFileError(f"Layer {row['layer']!r} of {file.path} has an order that is none of its units.")
        spectrum = eigenvalues.next(units)
        if not (np.isfinite(spectrum).all() and (spectrum >= 0).all()):
            raise ReportFileError(f"Layer {row['layer']!r} of {file.path} has a spectrum that is none.")
        layers[row["layer"]] = PFASpectrumResult.of(
            spectrum, removals, samples=row["samples"], nonfinite=row["nonfinite"]
        )
    failed = tuple(row["layer"] for row in rows if row["failed"])
    return PFAResults(samples, layers, failed, {row["layer"]: row["note"] for row in rows if row["note"] is not None})
