"""Results of IUA as tables, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.iua.result import IUAResults, LayerInactivity
from deepview_lab.exceptions import ReportFileError
from deepview_lab.report.file.columns import Pieces, per_layer

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["iua_from", "iua_tables"]

_TYPES = {
    "layer": "string",
    "samples": "int64",
    "nonfinite": "int64",
    "mean_inactive": "double",
    "std_inactive": "double",
    "unit_axis": "int32",
    "shape": "list<int64>",
    "sample_counts": "int64",
}
_ADDED = {"all_below": "double"}


def iua_tables(result: IUAResults) -> dict[str, pa.Table]:
    """Return ``layers`` (a row each), ``units`` (in how many samples each value was inactive) and ``samples``."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    layers = result.results
    rows = [_row(name, layer) for name, layer in layers.items()]
    schema = pa.schema(
        [
            ("layer", pa.string()),
            ("samples", pa.int64()),
            ("nonfinite", pa.int64()),
            ("mean_inactive", pa.float64()),
            ("std_inactive", pa.float64()),
            ("unit_axis", pa.int32()),
            ("shape", pa.list_(pa.int64())),
            ("sample_counts", pa.int64()),
            ("all_below", pa.float64()),
        ]
    )
    kept = {name: layer.per_sample for name, layer in layers.items() if layer.per_sample is not None}
    counts = {name: layer.counts.ravel() for name, layer in layers.items()}
    return {
        "layers": pa.Table.from_pylist(rows, schema),
        "units": per_layer({"inactive_count": counts}, np.int64),
        "samples": per_layer({"inactive": kept}, np.int32),
    }


def _row(name: str, layer: LayerInactivity) -> dict[str, Any]:  # Any: numbers, text, a list
    return {
        "layer": name,
        "samples": layer.samples,
        "nonfinite": layer.nonfinite,
        "mean_inactive": layer.mean_inactive,
        "std_inactive": layer.std_inactive,
        "unit_axis": layer.unit_axis,
        "shape": list(layer.counts.shape),
        "sample_counts": -1 if layer.per_sample is None else len(layer.per_sample),
        "all_below": layer.all_below,
    }


def iua_from(file: ReportFile, name: str, samples: int) -> IUAResults:
    """Return the result that :func:`iua_tables` was given.

    Raises
    ------
    ReportFileError
        when the tables do not fit each other.
    """
    counts = Pieces(file, f"{name}.units", "inactive_count", np.int64)
    kept = Pieces(file, f"{name}.samples", "inactive", np.int32)
    layers = {}
    for row in file.rows(f"{name}.layers", _TYPES, added=_ADDED, nullable=_ADDED):
        shape = tuple(row["shape"])
        if min(shape, default=1) < 1 or not 0 <= row["unit_axis"] < max(len(shape), 1):
            raise ReportFileError(f"Layer {row['layer']!r} of {file.path} has the shape {shape}, which is none.")
        values: NDArray[np.int64] = counts.next(math.prod(shape)).reshape(shape)
        per_sample = kept.next(row["sample_counts"]) if row["sample_counts"] >= 0 else None
        _check(row, values, per_sample, file)
        layers[row["layer"]] = LayerInactivity(
            samples=row["samples"],
            nonfinite=row["nonfinite"],
            mean_inactive=row["mean_inactive"],
            std_inactive=row["std_inactive"],
            unit_axis=row["unit_axis"],
            counts=values,
            per_sample=per_sample,
            all_below=row["all_below"],
        )
    return IUAResults(samples, layers)


def _check(
    row: Mapping[str, Any], counts: NDArray[np.int64], per_sample: NDArray[np.int32] | None, file: ReportFile
) -> None:
    """Refuse numbers that no counting gives."""
    samples, values = row["samples"], counts.size
    fits = samples >= 0 and row["nonfinite"] >= 0 and counts.min() >= 0 and counts.max() <= samples
    figures = (row["mean_inactive"], row["std_inactive"])
    fits = fits and all(0 <= figure <= values or (math.isnan(figure) and samples == 0) for figure in figures)
    if per_sample is not None and len(per_sample):
        fits = fits and per_sample.min() >= -1 and per_sample.max() <= values
    fits = fits and (row["all_below"] is None or 0 <= row["all_below"] < math.inf)
    if not fits:
        raise ReportFileError(f"Layer {row['layer']!r} of {file.path} has counts that no samples give.")
