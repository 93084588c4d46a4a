"""A report file comes from strangers: what is wrong with it is told, and nothing outside is touched."""

from __future__ import annotations

import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deepview_lab
from deepview_lab.exceptions import NoSpaceError, ReportFileError, UnknownNameError
from deepview_lab.report import Manifest, read_report, write_report
from deepview_lab.report.file import atomic
from deepview_lab.report.file.atomic import replacing
from tests.report.runs import assert_same_iua, assert_same_pfa, both, saved_run

MANIFEST = Manifest(kind="report", name="labels", extra={"note": "kept"}, seeds={"projection": 3})
TABLE = pa.table({"id": [1, 2, 3], "score": [0.5, float("nan"), -0.0]})


@pytest.fixture
def path(tmp_path):
    return write_report(tmp_path / "x.dvreport", MANIFEST, {"labels": TABLE}, files={"view/state.json": b"{}"})


def rewritten(path, change):
    """Write the file again with members that ``change`` makes of what is there, as (ZipInfo, bytes)."""
    with zipfile.ZipFile(path) as archive:
        members = [(item, archive.read(item)) for item in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for item, raw in change(members):
            archive.writestr(item, raw, item.compress_type)


def with_manifest(path, **changes):
    def change(members):
        for item, raw in members:
            told = item.filename == "manifest.json"
            yield item, json.dumps(json.loads(raw) | changes).encode() if told else raw

    rewritten(path, change)


def test_tables_files_and_manifest_come_back(path):
    report = read_report(path)
    table = report.table("labels")
    assert table.schema == TABLE.schema
    assert table["id"].to_pylist() == [1, 2, 3]
    scores = table["score"].to_numpy()
    np.testing.assert_array_equal(scores, [0.5, np.nan, 0.0])
    assert np.signbit(scores).tolist() == [False, False, True]
    assert report.file("view/state.json") == b"{}"
    manifest = report.manifest
    assert (manifest.kind, manifest.name, manifest.extra, manifest.seeds) == (
        "report",
        "labels",
        {"note": "kept"},
        {"projection": 3},
    )
    assert manifest.created
    assert list(report.tables) == ["labels"]


def test_tables_are_read_when_asked_for(path):
    report = read_report(path)
    path.unlink()
    assert report.manifest.name == "labels"
    with pytest.raises(FileNotFoundError):
        report.table("labels")


def test_wrong_names_show_near_ones(path):
    with pytest.raises(UnknownNameError, match="Did you mean 'labels'"):
        read_report(path).table("label")
    with pytest.raises(FileNotFoundError, match="There is no report"):
        read_report(path.with_name("y.dvreport"))


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a\\b", "ü", "a..b"])
def test_a_table_cannot_be_called_anything(tmp_path, name):
    with pytest.raises(ReportFileError, match="cannot have a member"):
        write_report(tmp_path / "x.dvreport", MANIFEST, {name: TABLE})
    assert list(tmp_path.iterdir()) == []


def added(name, raw=b"x", *, compress=zipfile.ZIP_STORED, attributes=0):
    item = zipfile.ZipInfo(name)
    item.compress_type = compress
    item.external_attr = attributes
    return lambda members: [*members, (item, raw)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (added("../evil"), "'../evil' is none that a report has"),
        (added("/etc/passwd"), "is none that a report has"),
        (added("tables/../../evil.parquet"), "is none that a report has"),
        (added("tables/..parquet"), "is none that a report has"),
        (added("C:/evil"), "is none that a report has"),
        (added("other.txt"), "is none that a report has"),
        (added("tables/labels.parquet"), "some of them twice"),
        (added("manifest.json"), "some of them twice"),
        (added("media/link", attributes=0o120777 << 16), "is a link"),
        (added("media/bomb", bytes(10**7), compress=zipfile.ZIP_DEFLATED), "is compressed"),
        (added("media/more"), "members are not those that its manifest lists"),
        (lambda members: members[1:], "members are not those that its manifest lists"),
        (lambda members: [m for m in members if m[0].filename != "manifest.json"], r"has no manifest\.json"),
        (lambda members: members + [(zipfile.ZipInfo(f"media/{i}"), b"") for i in range(5000)], "too many"),
    ],
)
def test_members_that_a_report_does_not_have_are_refused_before_anything_is_unpacked(path, change, message):
    rewritten(path, change)
    with pytest.raises(ReportFileError, match=message):
        read_report(path)


def test_a_member_that_says_less_than_it_unpacks_to_is_refused(path):
    def change(members):
        return [(item, raw.ljust(2**25) if item.filename == "manifest.json" else raw) for item, raw in members]

    rewritten(path, change)
    with pytest.raises(ReportFileError, match=r"'manifest\.json' is too large"):
        read_report(path)
    raw = bytearray(path.read_bytes())
    position = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, position + 24, 1000)  # the size that the directory tells
    path.write_bytes(raw)
    with pytest.raises(ReportFileError):
        read_report(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "has format version 2, and DeepView Lab .* reads up to 1. Update"),
        ({"format": "zip"}, "its format is 'zip'"),
        ({"kind": "malware"}, "does not fit the format"),
        ({"samples": -1}, "does not fit the format"),
        ({"members": {"../evil": {"size": 1, "checksum": ""}}}, "does not fit the format"),
        ({"members": {}}, "members are not those"),
        ({"name": 3}, "does not fit the format"),
    ],
)
def test_manifests_are_checked(path, changes, message):
    with_manifest(path, **changes)
    with pytest.raises(ReportFileError, match=message):
        read_report(path)


def test_a_newer_format_with_other_attributes_still_says_that_it_is_newer(path):
    with_manifest(path, version=9, kind=["other"], members=3)
    with pytest.raises(ReportFileError, match="has format version 9"):
        read_report(path)


def test_attributes_that_a_later_writer_of_this_version_adds_are_passed_over(path):
    with_manifest(path, later="thing")
    assert read_report(path).manifest.name == "labels"


@pytest.mark.parametrize("raw", [b"", b"PK", b"not a zip", pickle.dumps({"a": 1}), bytes(100)])
def test_what_is_no_zip_is_told(tmp_path, raw):
    path = tmp_path / "x.dvreport"
    path.write_bytes(raw)
    with pytest.raises(ReportFileError, match="is no report of DeepView Lab"):
        read_report(path)


def test_another_table_in_place_of_one_is_found(path):
    other = pa.BufferOutputStream()
    pa.parquet.write_table(pa.table({"id": [1, 2, 3], "score": [9.0, 9.0, 9.0]}), other, compression="zstd")

    def change(members):
        for item, raw in members:
            swapped = bytes(other.getvalue())[: len(raw)].ljust(len(raw), b"\0")
            yield item, swapped if item.filename.endswith(".parquet") else raw

    rewritten(path, change)
    with pytest.raises(
        ReportFileError, match=r"labels\.parquet is not what was written\. Save the run again, or get another copy"
    ):
        read_report(path).table("labels")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "x.dvreport"
    run = saved_run(*both())
    run.save(path)
    return run, path.read_bytes()


def assert_same_or_refused(path, run):
    """Everything is as it was saved, or the file is refused; return which."""
    try:
        report = deepview_lab.open_report(path)
        assert_same_iua(report.iua, run.results["iua"])
        assert_same_pfa(report.pfa, run.results["pfa"])
        assert dict(report.responses) == dict(run.responses)
    except ReportFileError:
        return "refused"
    return "same"


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_byte_or_a_cut_file_gives_the_same_or_a_clear_error(tmp_path, good, data):
    run, whole = good
    raw = bytearray(whole)
    position = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw[position] ^= data.draw(st.integers(1, 255))
    else:
        raw = raw[:position]
    path = tmp_path / "broken.dvreport"
    path.write_bytes(raw)
    assert_same_or_refused(path, run)


def test_a_flipped_byte_of_any_table_is_found(tmp_path, good):
    run, whole = good
    path = tmp_path / "broken.dvreport"
    path.write_bytes(whole)
    assert assert_same_or_refused(path, run) == "same"
    with zipfile.ZipFile(path) as archive:
        items = [item for item in archive.infolist() if item.filename.startswith("tables/")]
    assert len(items) == 7
    for item in items:
        raw = bytearray(whole)
        raw[item.header_offset + 30 + len(item.filename) + item.file_size // 2] ^= 1
        path.write_bytes(raw)
        assert assert_same_or_refused(path, run) == "refused", item.filename


def test_a_failed_save_leaves_the_old_file_and_nothing_else(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(NoSpaceError, match="What was there before stays"):
        write_report(path, MANIFEST, {"labels": TABLE})
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_an_error_or_an_interrupt_while_writing_leaves_the_old_file(path):
    before = path.read_bytes()

    def interrupted(error):
        with replacing(path) as file:
            file.write(b"half")
            raise error

    for error in (KeyboardInterrupt, ValueError):
        with pytest.raises(error):
            interrupted(error)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_ctrl_c_right_behind_the_replacement_leaves_the_new_file(path, monkeypatch):
    replace = Path.replace

    def then_interrupted(self, target):
        replace(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", then_interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(path, MANIFEST, {"other": TABLE})
    assert list(read_report(path).tables) == ["other"]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("others", ["before", "behind"])
def test_somebody_else_who_saves_while_a_file_is_made_does_not_take_it_for_a_leftover(path, monkeypatch, others):
    lock, made = atomic.lock_file, []

    def interleaved(handle):
        made.append(handle)
        if len(made) == 1 and others == "before":
            write_report(path, MANIFEST, {"quicker": TABLE})
        lock(handle)
        if len(made) == 1 and others == "behind":
            write_report(path, MANIFEST, {"quicker": TABLE})

    monkeypatch.setattr(atomic, "lock_file", interleaved)
    write_report(path, MANIFEST, {"slower": TABLE})
    assert list(read_report(path).tables) == ["slower"]
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_another_has_just_put_in_its_place_is_no_leftover(path, monkeypatch):
    glob = Path.glob
    gone = path.with_name(f".{path.name}.12345678.partial")
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [*glob(self, pattern), gone])
    write_report(path, MANIFEST, {"other": TABLE})
    assert list(read_report(path).tables) == ["other"]


@pytest.mark.ci_only
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_fifty_kills_while_saving_leave_a_whole_file_and_the_next_save_no_rest(tmp_path):
    path = tmp_path / "x.dvreport"
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("kill.py"), path, "50"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("50 kills")
    assert list(tmp_path.iterdir()) == [path]
