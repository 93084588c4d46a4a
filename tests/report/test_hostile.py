"""Reports of an attacker, who makes all checksums right: documented errors, nothing run. Old reports are read."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

import deepview_lab
from deepview_lab.exceptions import NoSpaceError, ReportFileError
from deepview_lab.report import Manifest, write_report
from deepview_lab.report.file import archive, writing
from tests.report.hostile import looked_at, packed, table, unpacked, with_row
from tests.report.runs import assert_same_iua, assert_same_pfa, both, saved_run

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "x.dvreport"
    saved_run(*both()).save(path)
    return unpacked(path)


def test_reports_of_format_1_are_read_whole(tmp_path):
    run = saved_run(*both())
    report = deepview_lab.open_report(FIXTURES / "v1-run.dvreport")
    assert_same_iua(report.iua, run.results["iua"])
    assert_same_pfa(report.pfa, run.results["pfa"], rtol=1e-9, atol=1e-12)
    data = deepview_lab.open_report(FIXTURES / "v1-report.dvreport")
    assert list(data.results) == ["report", "duplicates"]
    assert len(data.results["report"].data) == 60
    clusters = data.results["report"].data["duplicates_dense"]
    assert clusters[7] == clusters[50] >= 0
    for name in ("v1-run", "v1-report"):
        assert "<table" in looked_at(shutil.copy(FIXTURES / f"{name}.dvreport", tmp_path / "x.dvreport"))[0]


def replaced(name, **columns):
    return lambda _: {f"tables/{name}.parquet": table(**columns)}


WRONG = {
    "a dtype that is evaluated": lambda good: with_row(good, "layers", dtype="(1 2)f8,f4"),
    "nulls": lambda good: with_row(good, "iua.layers", samples=None),
    "negative samples": lambda good: with_row(good, "iua.layers", samples=-1),
    "a mean that is no number": lambda good: with_row(good, "iua.layers", mean_inactive=float("nan")),
    "a unit axis of a response that is none": lambda good: with_row(good, "layers", shape=[None, 4], unit_axis=2),
    "a response of a negative shape": lambda good: with_row(good, "layers", shape=[None, -4]),
    "a unit axis that is none": lambda good: with_row(good, "iua.layers", unit_axis=9),
    "another type": replaced("iua.units", layer=["a"], inactive_count=[1.5]),
    "text for numbers": replaced("pfa.spectra", layer=["a"], eigenvalue=["b"]),
    "columns missing": replaced("iua.layers", layer=["a"]),
    "nested lists": replaced("iua.layers", layer=[[["a"]]]),
    "no table at all": lambda _: {"tables/iua.layers.parquet": b"PAR1 no table PAR1"},
}


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


def test_what_the_reader_would_refuse_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "most_bytes", lambda _: 1000)
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

    with pytest.raises(ReportFileError, match=r"its members overlap\."):
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


def test_tables_that_take_more_than_a_reader_allows_are_refused(tmp_path, good, monkeypatch):
    path = packed(tmp_path / "x.dvreport", good)
    monkeypatch.setattr(archive, "most_bytes", lambda _: 5000)
    with pytest.raises(ReportFileError, match=r"its tables take [\d,]+ bytes in memory, and at most 5,000 are read"):
        looked_at(path)
