"""Reports of an attacker, who makes all checksums right: bounded memory, documented errors, nothing run."""

import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import deepview_lab
from deepview_lab.exceptions import DeepViewException, NoSpaceError, ReportFileError
from deepview_lab.lab.canvas import static_html
from deepview_lab.report import Manifest, archive, write_report
from deepview_lab.report.opened_run import OpenedRun
from deepview_lab.report.page_sizes import page_sizes
from deepview_lab.report.parquet import Parquet, most_bytes, parquet_of
from tests.report.runs import assert_same_iua, assert_same_pfa, both, saved_run

FIXTURES = Path(__file__).parent / "fixtures"
# What may come out of reading a file, beside what it holds.
DOCUMENTED = (ReportFileError, DeepViewException, FileNotFoundError)
FUZZ_SECONDS = float(os.environ.get("DEEPVIEW_FUZZ_SECONDS", "60" if os.environ.get("CI") else "6"))


def unpacked(path):
    with zipfile.ZipFile(path) as zipped:
        return {item.filename: zipped.read(item) for item in zipped.infolist()}


def packed(path, members, *, sizes=None):
    """Write members as a report whose manifest tells the truth about them."""
    manifest = json.loads(members["manifest.json"]) if isinstance(members["manifest.json"], bytes) else None
    others = {name: raw for name, raw in members.items() if name != "manifest.json"}
    if manifest is not None:
        told = {}
        for name, raw in others.items():
            rows = columns = 0
            if name.endswith(".parquet"):
                try:
                    described = pq.ParquetFile(io.BytesIO(raw))
                    rows, columns = described.metadata.num_rows, len(described.schema_arrow)
                except Exception:
                    pass
            told[name] = {"size": len(raw), "checksum": blake2b(raw, digest_size=16).hexdigest()}
            told[name] |= (sizes or {}).get(name, {"rows": rows, "columns": columns})
        manifest["members"] = told
    with zipfile.ZipFile(path, "w") as zipped:
        for name, raw in others.items():
            zipped.writestr(zipfile.ZipInfo(name), raw)
        text = members["manifest.json"] if manifest is None else json.dumps(manifest)
        zipped.writestr("manifest.json", text, zipfile.ZIP_DEFLATED)
    return path


def looked_at(path):
    """Do with a file all that is done with one."""
    report = deepview_lab.open_report(path)
    run = OpenedRun(report)
    for name in run.introspectors:
        table = run.snapshot(name)
        table.columns()
        if hasattr(table, "detail"):
            for layer in table.layers:
                table.detail(layer)
    return static_html(run), repr(report), report.summary, report.results


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "x.dvreport"
    saved_run(*both()).save(path)
    return unpacked(path)


def test_reports_of_format_1_are_read_whole():
    run = saved_run(*both())
    report = deepview_lab.open_report(FIXTURES / "v1-run.dvreport")
    assert_same_iua(report.iua, run.results["iua"])
    assert_same_pfa(report.pfa, run.results["pfa"])
    data = deepview_lab.open_report(FIXTURES / "v1-report.dvreport")
    assert list(data.results) == ["report", "duplicates"]
    assert len(data.results["report"].data) == 60
    clusters = data.results["report"].data["duplicates_dense"]
    assert clusters[7] == clusters[50] >= 0
    for name in ("v1-run", "v1-report"):
        assert "<table" in looked_at(FIXTURES / f"{name}.dvreport")[0]


def table(**columns):
    return bytes(parquet_of(pa.table(columns)))


def one_long_string():
    words = pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, np.int32)), pa.array(["x" * 100_000]))
    return bytes(parquet_of(pa.table({"id": words})))


def rows_without_end():
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, pa.schema([("inactive_count", pa.int64())]), compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(pa.table({"inactive_count": np.zeros(5_000_000, np.int64)}))
    return bytes(sink.getvalue())


def zeros_compressed():
    sink = pa.BufferOutputStream()
    text = pa.table({"layer": ["x" * 400_000_000]})
    pq.write_table(text, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def with_layer(good, **changes):
    rows = pq.read_table(io.BytesIO(good["tables/iua.layers.parquet"]))
    changed = rows.to_pylist()
    changed[0] |= changes
    return {"tables/iua.layers.parquet": bytes(parquet_of(pa.Table.from_pylist(changed, rows.schema)))}


BOMBS = {
    "one long string in all rows": lambda _: {"tables/iua.units.parquet": one_long_string()},
    "rows without end": lambda _: {"tables/iua.units.parquet": rows_without_end()},
    "text that is compressed well": lambda _: {"tables/layers.parquet": zeros_compressed()},
    "a shape of nothing and much": lambda good: with_layer(good, shape=[0, 2**29]),
    "a shape that overflows": lambda good: with_layer(good, shape=[2**40, 2**40]),
    "layers without end": lambda _: {"tables/layers.parquet": table(layer=[f"l{i}" for i in range(150_000)])},
}

LOOK = """
import resource, sys, time
from tests.report.test_hostile import looked_at
from deepview_lab.exceptions import ReportFileError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    looked_at(sys.argv[1])
except ReportFileError as error:
    print("refused:", error)
print("KiB:", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_does_not_take_gigabytes(tmp_path, good, bomb):
    path = packed(tmp_path / "bomb.dvreport", good | BOMBS[bomb](good))
    assert path.stat().st_size < 10_000_000
    limit = 6 * 2**30  # of addresses: a reader that asks for more fails here, whatever it touches
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert "refused:" in done.stdout
    assert int(done.stdout.split("KiB:")[1]) < 2**20, done.stdout


def replaced(name, **columns):
    return lambda _: {f"tables/{name}.parquet": table(**columns)}


WRONG = {
    "a dtype that is evaluated": lambda good: with_layers_dtype(good, "(1 2)f8,f4"),
    "nulls": lambda good: with_layer(good, samples=None),
    "negative samples": lambda good: with_layer(good, samples=-1),
    "a mean that is no number": lambda good: with_layer(good, mean_inactive=float("nan")),
    "a unit axis that is none": lambda good: with_layer(good, unit_axis=9),
    "another type": replaced("iua.units", layer=["a"], inactive_count=[1.5]),
    "text for numbers": replaced("pfa.spectra", layer=["a"], eigenvalue=["b"]),
    "columns missing": replaced("iua.layers", layer=["a"]),
    "nested lists": replaced("iua.layers", layer=[[["a"]]]),
    "no table at all": lambda _: {"tables/iua.layers.parquet": b"PAR1 no table PAR1"},
}


def with_layers_dtype(good, dtype):
    rows = pq.read_table(io.BytesIO(good["tables/layers.parquet"]))
    changed = [row | {"dtype": dtype} for row in rows.to_pylist()]
    return {"tables/layers.parquet": bytes(parquet_of(pa.Table.from_pylist(changed, rows.schema)))}


@pytest.mark.parametrize("what", WRONG)
def test_tables_that_do_not_fit_are_refused_where_they_are_opened(tmp_path, good, what):
    path = packed(tmp_path / "x.dvreport", good | WRONG[what](good))
    with pytest.raises(ReportFileError):
        looked_at(path)


def test_a_manifest_of_brackets_is_refused(tmp_path, good):
    text = good["manifest.json"].decode().replace('"extra": {', '"extra": {"deep": ' + "[" * 5000 + "]" * 5000 + ",")
    path = tmp_path / "x.dvreport"
    with zipfile.ZipFile(path, "w") as zipped:
        for name, raw in good.items():
            zipped.writestr(zipfile.ZipInfo(name), text if name == "manifest.json" else raw)
    with pytest.raises(ReportFileError):
        looked_at(path)


def test_another_writer_s_table_is_refused(tmp_path, good):
    raw = bytes(good["tables/iua.units.parquet"]).replace(b"parquet-cpp-arrow", b"parquet-cpp-apple")
    path = packed(tmp_path / "x.dvreport", good | {"tables/iua.units.parquet": raw})
    with pytest.raises(ReportFileError, match="not written by Apache Arrow"):
        looked_at(path)


def test_the_manifest_s_figures_for_a_table_must_be_those_of_the_table(tmp_path, good):
    for wrong in ({"rows": 1, "columns": 2}, {"rows": 4, "columns": 1}):
        path = packed(tmp_path / "x.dvreport", good, sizes={"tables/iua.layers.parquet": wrong})
        with pytest.raises(ReportFileError, match="not of the size that its manifest tells"):
            looked_at(path)


def test_the_sizes_of_pages_are_those_that_arrow_reads():
    rng = np.random.default_rng(0)
    columns = {
        "numbers": rng.normal(size=50_000),
        "whole": rng.integers(0, 9, 50_000),
        "words": [f"word {number % 7}" for number in range(50_000)],
    }
    parquet = Parquet(parquet_of(pa.table(columns)))
    for chunk in parquet._chunks(None):
        start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
        sizes = page_sizes(memoryview(parquet._raw)[start : start + chunk.total_compressed_size])
        assert sizes.values == 50_000
        assert 0 < sizes.unpacked <= chunk.total_uncompressed_size  # which counts the headers as well
    assert parquet.cost(["numbers"]) < parquet.cost()
    for length in range(1, 60):  # a chunk that is cut is told
        with pytest.raises(ValueError, match="page"):
            page_sizes(memoryview(parquet._raw)[4 : 4 + length])


def test_a_file_may_take_640_mib_or_64_times_its_size():
    assert most_bytes(0) == 640 * 2**20
    assert most_bytes(10**9) == 64 * 10**9


def test_what_the_reader_would_refuse_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "most_bytes", lambda _: 1000)
    with pytest.raises(ReportFileError, match=r"cannot be kept in a report: it takes [\d,]+ bytes.*per_sample=False"):
        write_report(tmp_path / "x.dvreport", Manifest(kind="run", name="x"), {"t": pa.table({"a": range(1000)})})
    assert list(tmp_path.iterdir()) == []


FILE_LIMIT = """
import resource, sys
from deepview_lab.exceptions import NoSpaceError
from tests.report.runs import both, saved_run
run = saved_run(*both())
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    run.save(sys.argv[1])
except NoSpaceError as error:
    print(error)
"""


def test_a_limit_on_the_size_of_files_is_told_and_what_was_there_stays(tmp_path):
    path = tmp_path / "x.dvreport"
    path.write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FILE_LIMIT, str(path)], capture_output=True, text=True, check=True)
    assert "may not write larger files (ulimit -f). What was there before stays" in done.stdout
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("x.dvreport", b"before")]
    assert issubclass(NoSpaceError, OSError)


def zip_with(path, change):
    """Change the central directory's entries of a report."""
    with zipfile.ZipFile(path, "a") as zipped:
        change(zipped)
    return path


def test_members_that_overlap_are_refused(tmp_path, good):
    path = packed(tmp_path / "x.dvreport", good)

    def overlap(zipped):
        for item in zipped.infolist():
            item.file_size = item.compress_size = path.stat().st_size
            item.compress_type = zipfile.ZIP_STORED
        zipped._didModify = True

    with pytest.raises(ReportFileError, match="overlap"):
        deepview_lab.open_report(zip_with(path, overlap))


def test_an_encrypted_member_is_refused(tmp_path, good):
    path = packed(tmp_path / "x.dvreport", good)

    def encrypt(zipped):
        zipped.infolist()[0].flag_bits |= 1
        zipped._didModify = True

    with pytest.raises(ReportFileError, match="not plain, or is encrypted"):
        deepview_lab.open_report(zip_with(path, encrypt))


def test_a_name_that_zip_readers_see_differently_is_refused(tmp_path, good):
    path = packed(tmp_path / "x.dvreport", good | {"media/aXb": b"x"})
    path.write_bytes(path.read_bytes().replace(b"media/aXb", b"media/a\0b"))
    with pytest.raises(ReportFileError, match="name that is not plain"):
        deepview_lab.open_report(path)


def test_more_than_a_report_may_unpack_to_is_refused(tmp_path, good, monkeypatch):
    path = packed(tmp_path / "x.dvreport", good)
    monkeypatch.setattr(archive, "_MOST_BYTES", 1000)
    with pytest.raises(ReportFileError, match="would unpack to more than 1,000 bytes"):
        deepview_lab.open_report(path)


def mutated(members, rng):
    """Return members of which one was changed."""
    name = list(members)[rng.integers(len(members))]
    raw = bytearray(members[name])
    if name == "manifest.json":
        pieces = [b"null", b"-1", b"1e999", b'"x"', b"[]", b"{}", b"[" * 60, b"9" * 40, b'"\\ud800"', b"true", b"\xff"]
        start = rng.integers(len(raw))
        raw[start : start + rng.integers(8)] = pieces[rng.integers(len(pieces))]
        return members | {name: bytes(raw)}
    if rng.random() < 0.5:
        for _ in range(rng.integers(1, 4)):
            raw[rng.integers(len(raw))] = rng.integers(256)
        return members | {name: bytes(raw)}
    rows = pq.read_table(io.BytesIO(members[name]))
    column = int(rng.integers(rows.num_columns))
    length = rows.num_rows
    others = [
        pa.nulls(length),
        pa.nulls(length, rows.schema.field(column).type),
        pa.array([-1] * length, pa.int64()),
        pa.array([2**62] * length, pa.int64()),
        pa.array([float("inf")] * length),
        pa.array(["\u202e<script>"] * length),
        pa.array([[1, None]] * length, pa.list_(pa.int64())),
        pa.array([b"\xff\xfe"] * length, pa.binary()).view(pa.string()),
        pa.array([[[1]]] * length),
        pa.array([{"a": 1}] * length),
    ]
    changed = rows.set_column(column, rows.schema.names[column], others[rng.integers(len(others))])
    return members | {name: bytes(parquet_of(changed))}


@pytest.mark.timeout(FUZZ_SECONDS + 600)
def test_only_documented_errors_come_out_of_mutated_reports(tmp_path, record_property):
    """A minute of it in CI, else 6 s, or DEEPVIEW_FUZZ_SECONDS; a failure tells from which number it was made."""
    files = [unpacked(path) for path in sorted(FIXTURES.glob("*.dvreport"))]
    ends = {"shown": 0, "refused": 0}
    stop = time.monotonic() + FUZZ_SECONDS
    seed = int(os.environ.get("DEEPVIEW_FUZZ_FROM", "0"))
    while time.monotonic() < stop or sum(ends.values()) < 20:
        rng = np.random.default_rng(seed)
        try:
            path = packed(tmp_path / "x.dvreport", mutated(files[seed % len(files)], rng))
        except ValueError:  # a manifest that is no JSON any more
            path = tmp_path / "x.dvreport"
        try:
            looked_at(path)
            ends["shown"] += 1
        except DOCUMENTED:
            ends["refused"] += 1
        except Exception as error:
            raise AssertionError(f"mutation {seed}: {type(error).__name__}: {error}") from error
        seed += 1
    record_property("mutations", f"{seed}: {ends}")
    assert ends["refused"] > 0
