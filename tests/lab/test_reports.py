"""What the panel's buttons have the kernel do with report files."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher

import deepview_lab
from deepview_lab.introspectors import IUA, PFA
from tests.engine.counting import Numbers
from tests.report.pages import shared_of


@pytest.fixture
def run(shell):
    started = deepview_lab.start(shell.user_ns["digits"], IUA.spec(), PFA.spec(pool="average"), name="audit: a/b")
    started.wait(300)
    return started


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def evaluated(shell, name, *texts, folder="work", root=""):
    """Evaluate as the panel does; return the value's literal, or the words of the error."""
    given = ", ".join([*map(repr, texts), f"folder={folder!r}", f"root={root!r}"])
    code = f'__import__("deepview_lab.lab.reports", fromlist=["*"]).{name}({given})'
    before = set(shell.user_ns)
    answer = shell.user_expressions({"value": code})["value"]
    assert set(shell.user_ns) == before
    return answer["data"]["text/plain"].strip("'") if answer["status"] == "ok" else answer["evalue"]


def saved(shell, *texts, **where):
    return Path(unquote(evaluated(shell, "save_for_panel", *texts, **where)))


def test_a_run_is_saved_under_names_that_are_free_and_opened_again(shell, run, in_a_folder):
    names = [str(saved(shell, run.id, folder).relative_to(in_a_folder)) for folder in ("work", "work", "")]
    assert names == ["work/audit-a-b.dvreport", "work/audit-a-b-2.dvreport", "audit-a-b.dvreport"]
    assert sorted(str(path.relative_to(in_a_folder)) for path in in_a_folder.rglob("*.dvreport")) == sorted(names)
    shown = evaluated(shell, "open_for_panel", "audit-a-b.dvreport")
    opened = next(known for known in deepview_lab.runs() if known.id == shown)
    assert opened.file == str(in_a_folder / "audit-a-b.dvreport")
    assert opened.results["iua"].results["relu"].mean_inactive == run.results["iua"].results["relu"].mean_inactive


def test_a_page_is_written_under_a_name_that_is_free_and_says_what_it_holds(shell, run, in_a_folder):
    for name in ("audit-a-b.html", "audit-a-b-2.html"):
        told = json.loads(unquote(evaluated(shell, "export_for_panel", run.id, "work")))
        assert Path(told["path"]) == in_a_folder / "work" / name
        assert told["contents"] == shared_of(in_a_folder / "work" / name)["contents"]
    assert "does not have this run" in evaluated(shell, "export_for_panel", "r0", "work")


@pytest.fixture(params=["work", ".", "it's elsewhere/ü"])
def work_elsewhere(request, in_a_folder, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(in_a_folder / "work" / "a.ipynb"))
    folder = in_a_folder / request.param
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("tells_root", [True, False])
def test_files_are_those_of_the_panel_wherever_the_kernel_works(shell, run, in_a_folder, work_elsewhere, tells_root):
    (in_a_folder / "deep view'").mkdir()
    root = str(in_a_folder) if tells_root else ""
    assert saved(shell, run.id, "deep view'", root=root) == in_a_folder / "deep view'" / "audit-a-b.dvreport"
    (work_elsewhere / "audit-a-b.dvreport").write_bytes(b"another file of that name")
    shown = evaluated(shell, "open_for_panel", "deep view'/audit-a-b.dvreport", root=root)
    assert deepview_lab.runs()[-1].id == shown


@pytest.mark.parametrize("session", ["", "work/a.ipynb", "/no/such/folder/a.ipynb"])
def test_a_kernel_with_other_files_than_the_server_goes_by_where_it_was_started(
    shell, run, in_a_folder, monkeypatch, session
):
    monkeypatch.setenv("JPY_SESSION_NAME", session)
    place = saved(shell, run.id, "deep/work", folder="deep/work", root="/no/such/root")
    assert place == in_a_folder / "work" / "audit-a-b.dvreport"


def test_the_root_may_be_a_home(shell, run, in_a_folder, monkeypatch):
    monkeypatch.setenv("HOME", str(in_a_folder))
    monkeypatch.chdir("/")
    assert saved(shell, run.id, "work", root="~") == in_a_folder / "work" / "audit-a-b.dvreport"


@pytest.mark.parametrize("name", ["..", "///", " ", "x" * 400, "ü+1", "a\nb'c\"d\\e"])
def test_any_name_becomes_a_file_name(shell, name):
    run = deepview_lab.start(shell.user_ns["digits"], IUA.spec(), name=name)
    run.wait(300)
    assert deepview_lab.open_report(saved(shell, run.id, "work")).file.manifest.name == name


def test_errors_say_what_is_missing(shell, run, in_a_folder):
    assert "does not have this run" in evaluated(shell, "save_for_panel", "r0", "work")
    said = evaluated(shell, "save_for_panel", run.id, "gone")
    assert f"finds no folder {in_a_folder / 'gone'}." in said
    said = evaluated(shell, "open_for_panel", "deepview/x.dvreport")
    assert f"finds no file {in_a_folder / 'deepview' / 'x.dvreport'}." in said


def test_a_run_that_goes_on_has_no_results_to_save(shell):
    gate = threading.Event()
    run = deepview_lab.start(Numbers(64, gates={1: gate}), IUA.spec(), name="slow")
    said = evaluated(shell, "save_for_panel", run.id, "work")
    gate.set()
    run.wait(300)
    assert "no results yet" in said


def damaged(raw):
    return raw[:-40]


def flipped(raw):
    at = raw.index(b"PAR1") + 30  # in the first table
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def newer(raw):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, old.read(item).replace(b'"version": 1', b'"version": 99'))
    return made.getvalue()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (damaged, "is no report of DeepView Lab, or damaged"),
        (flipped, "damaged"),
        (newer, "has format version 99"),
        (lambda _: b"", "is no report of DeepView Lab, or damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(shell, run, in_a_folder, change, words):
    path = run.save(in_a_folder / "work" / "x.dvreport")
    path.write_bytes(change(path.read_bytes()))
    before = deepview_lab.runs()
    assert words in evaluated(shell, "open_for_panel", "work/x.dvreport")
    assert deepview_lab.runs() == before


def test_a_report_as_last_expression_is_a_canvas(shell, run, in_a_folder):
    run.save("x.dvreport")
    publisher = CapturingDisplayPublisher()
    before, shell.display_pub = shell.display_pub, publisher
    try:
        shell.run_cell("import deepview_lab; deepview_lab.open_report('x.dvreport')")
        shell.run_cell("%deepview open x.dvreport")
    finally:
        shell.display_pub = before
    first, second = (output["data"] for output in publisher.outputs)
    assert "application/vnd.jupyter.widget-view+json" in first
    assert "audit: a/b" in first["text/html"]
    assert "relu" in second["text/html"]


def test_a_report_without_results_stays_text(shell, capsys, in_a_folder):
    shell.run_cell(
        "import pyarrow as pa; from deepview_lab.report import Manifest, write_report\n"
        "path = write_report('y.dvreport', Manifest(kind='report', name='labels'), {'labels': pa.table({'id': [1]})})\n"
        "__import__('deepview_lab').open_report(path)"
    )
    assert "<Report 'y.dvreport'" in capsys.readouterr().out
