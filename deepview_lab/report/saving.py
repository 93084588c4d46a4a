"""A run as a report file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepview_lab.base import ResponseInfo
from deepview_lab.base.response import ChannelGroup
from deepview_lab.engine import ENDED, RunView
from deepview_lab.exceptions import DeepViewException, ReportFileError
from deepview_lab.report.codecs.kinds import OWN_CODECS, codec_of_result
from deepview_lab.report.file.archive import MOST_LISTED_ROWS
from deepview_lab.report.file.manifest import Manifest
from deepview_lab.report.file.writing import write_report
from deepview_lab.typing import PathOrStr

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["save_run"]

# Any: settings are of all types.


def save_run(run: RunView, path: PathOrStr) -> Path:
    """Write the results of an ended run into a report file. See :meth:`deepview_lab.Run.save`."""
    if run.status not in ENDED:
        raise DeepViewException(
            f"Run {run.name!r} is {run.status}: it has no results yet. Wait for it with run.wait(), or stop it with "
            "run.cancel(), which keeps what was computed."
        )
    if len(run.responses) > MOST_LISTED_ROWS:
        raise ReportFileError(
            f"Run {run.name!r} looked at {len(run.responses):,} layers, and a file holds at most {MOST_LISTED_ROWS:,}. "
            "Request fewer responses of the model."
        )
    left_out = {error.introspector or "the producer": error.message for error in run.errors}
    tables: dict[str, pa.Table] = {"layers": layers_table(run.responses)}
    for name, result in run.results.items():
        codec = codec_of_result(run.introspectors[name], result)
        if codec is None:
            left_out[name] = (
                f"results of {run.introspectors[name]} are not kept in files: one that is to be kept has a method "
                "findings(), or is a table of layers with layers, samples and columns()"
            )
        else:
            tables |= {f"{name}.{table}": made for table, made in codec.tables(result).items()}
    return write_report(path, _manifest(run, left_out), tables)


def _manifest(run: RunView, left_out: Mapping[str, str]) -> Manifest:
    parameters = {name: _settings(spec) for name, spec in run.specs.items()}
    thresholds = {}
    for name, kind in run.introspectors.items():
        used = OWN_CODECS[kind].thresholds if kind in OWN_CODECS else ()
        thresholds[name] = {key: parameters[name][key] for key in used if key in parameters[name]}
    return Manifest(
        kind="run",
        name=run.name,
        samples=run.progress.samples,
        complete=run.status == "done",
        introspectors=dict(run.introspectors),
        parameters=parameters,
        thresholds=thresholds,
        seeds={name: settings["seed"] for name, settings in parameters.items() if "seed" in settings},
        provenance=dict(run.made_of),
        layers=tuple(run.responses),
        left_out=left_out,
        extra={
            "run": run.id,
            "status": run.status,
            "started": run.created,
            "batch_size": run.batch_size,
            "batches": run.progress.batches,
            "total_batches": run.progress.total_batches,
            "total": run.progress.total,
            "elapsed": run.progress.elapsed,
            "stable_since": run.stable_since,
        },
    )


def _settings(spec: Any) -> dict[str, Any]:
    """Return the settings of a spec as JSON: what JSON does not know as its text."""
    fields = dataclasses.fields(spec) if dataclasses.is_dataclass(spec) else ()
    return {field.name: _json(getattr(spec, field.name)) for field in fields}


def _json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name.lower()
    return value if isinstance(value, bool | int | float | str | type(None)) else repr(value)


def layers_table(responses: Mapping[str, ResponseInfo]) -> pa.Table:
    """Return what is known of the layers, a row each."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    rows = [
        {
            "layer": name,
            "made_by": info.layer.name,
            "kind": info.layer.kind.name,
            "type": info.layer.typename,
            "dtype": info.dtype.str,
            "shape": list(info.shape),
            "unit_axis": info.unit_axis,
            **_group_columns(info.group),
        }
        for name, info in responses.items()
    ]
    text = [(name, pa.string()) for name in ("layer", "made_by", "kind", "type", "dtype")]
    groups = [
        ("group", pa.string()),
        ("group_parameters", pa.int64()),
        ("linked", pa.list_(pa.string())),
        ("linked_parameters", pa.list_(pa.int64())),
    ]
    shape = [("shape", pa.list_(pa.int64())), ("unit_axis", pa.int32())]
    return pa.Table.from_pylist(rows, pa.schema([*text, *shape, *groups]))


def _group_columns(group: ChannelGroup | None) -> dict[str, Any]:
    if group is None:
        return {"group": None, "group_parameters": None, "linked": None, "linked_parameters": None}
    return {
        "group": group.name,
        "group_parameters": group.parameters,
        "linked": [name for name, _ in group.links],
        "linked_parameters": [count for _, count in group.links],
    }
