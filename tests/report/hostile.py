"""Reports as an attacker makes them: all checksums are right, the rest need not be. And everything done with one."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import blake2b

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

import deepview_lab
from deepview_lab.exceptions import DeepViewException, ReportFileError
from deepview_lab.figures.findings import findings_frame
from deepview_lab.figures.static_run import static_html
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.introspectors.dataset_report import DatasetReport
from deepview_lab.report.file.parquet import parquet_of
from deepview_lab.report.opened_run import OpenedRun
from deepview_lab.transport.wire.describe import layers_envelope, snapshot_envelope, state_envelope

# What may come out of reading a file, beside what it holds.
DOCUMENTED = (ReportFileError, DeepViewException, FileNotFoundError)
STRATEGIES = (PFA.Strategy.KL(), PFA.Strategy.Energy(0.9), PFA.Strategy.Size(0.5))


def unpacked(path):
    with zipfile.ZipFile(path) as zipped:
        return {item.filename: zipped.read(item) for item in zipped.infolist()}


def packed(path, members, *, sizes=None):
    """Write members as a report whose manifest tells the truth about them.

    ``members["manifest.json"]`` is the manifest as bytes or as a mapping. Bytes that are no JSON are written as they
    are. ``sizes`` has what the manifest tells of a member's rows and columns instead.
    """
    others = {name: raw for name, raw in members.items() if name != "manifest.json"}
    text = members["manifest.json"]
    try:
        manifest = json.loads(text) if isinstance(text, bytes) else dict(text)
        manifest["members"] = {name: _told(raw) | (sizes or {}).get(name, {}) for name, raw in others.items()}
        text = json.dumps(manifest).encode()
    except (ValueError, TypeError, RecursionError):
        pass
    with zipfile.ZipFile(path, "w") as zipped:
        for name, raw in others.items():
            zipped.writestr(zipfile.ZipInfo(name), raw)
        zipped.writestr("manifest.json", text, zipfile.ZIP_DEFLATED)
    return path


def _told(raw):
    rows = columns = 0
    try:
        described = pq.ParquetFile(io.BytesIO(raw))
        rows, columns = described.metadata.num_rows, len(described.schema_arrow)
    except Exception:  # no Parquet, or broken: then the figures do not matter
        pass
    return {"size": len(raw), "checksum": blake2b(raw, digest_size=16).hexdigest(), "rows": rows, "columns": columns}


def table(**columns):
    return bytes(parquet_of(pa.table(columns)))


def read_table(raw):
    return pq.read_table(io.BytesIO(raw))


def with_row(good, name, **changes):
    """Return the table ``name`` of which the first row is changed."""
    rows = read_table(good[f"tables/{name}.parquet"])
    changed = rows.to_pylist()
    changed[0] |= changes
    return {f"tables/{name}.parquet": bytes(parquet_of(pa.Table.from_pylist(changed, rows.schema)))}


def shown(path):
    """Open a file and show it: as output of a cell, in a terminal, on a canvas. Return the run and all texts."""
    report = deepview_lab.open_report(path)
    run = OpenedRun(report)
    texts = [static_html(run), repr(report), report.summary, str(run.note), repr(run)]
    for envelope in (state_envelope(run), layers_envelope(run, run.responses)):
        msgspec.json.encode(envelope.message)
    for name in run.introspectors:
        msgspec.json.encode(snapshot_envelope(run, name, run.snapshot(name), final=True).message)
    return run, texts


def looked_at(path):
    """Do with a file all that is done with one; return what is shown of it."""
    run, texts = shown(path)
    for name in run.introspectors:
        told = run.snapshot(name)
        if hasattr(told, "detail"):
            for layer in told.layers:
                told.detail(layer)
        else:
            texts.append(findings_frame(told).to_string())
    for result in run.report.results.values():
        _used(result, texts, path)
    copy = path.with_name("copy.dvreport")
    run.save(copy)
    assert copy.read_bytes() == path.read_bytes()
    return texts


def _used(result, texts, path):
    texts.append(repr(result))
    if isinstance(result, IUA) and result.results:
        texts.append(IUA.show(result, details=True).to_string())
        for layer in result.results.values():
            assert layer.unit_inactive_proportion is not None
            assert layer.per_sample is None or layer.inactive is not None
    if isinstance(result, PFA) and result.covariances:
        for strategy in STRATEGIES:
            for units in PFA.UnitSelectionStrategy.get_algos():
                texts.append(PFA.show(result.get_recipe(strategy=strategy, unit_strategy=units)).to_string())
    if isinstance(result, DatasetReport):
        texts += [DatasetReport.show(result).to_string(), result.data.to_string()]
        again = DatasetReport.from_disk(result.to_disk(path.parent / "again", overwrite=True))
        assert list(again.columns) == list(result.columns)
