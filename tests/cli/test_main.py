"""The command line: exit codes as people expect, errors in one line, nothing replaced unasked."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deepview_lab.cli import main
from tests.report.pages import shared_of

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "tests/report/fixtures/v1-run.dvreport"


@pytest.fixture
def report(tmp_path):
    return Path(shutil.copy(REPORT, tmp_path / "audit.dvreport"))


def test_a_report_becomes_a_page_beside_it_which_says_what_it_holds(report, capsys):
    assert main(["export", str(report), "--html"]) == 0
    said = capsys.readouterr()
    page = report.with_suffix(".html")
    first, *lines = said.out.splitlines()
    assert first == f"{page}, {page.stat().st_size:,} bytes"
    assert [line.strip() for line in lines] == shared_of(page)["contents"]
    assert said.err == ""


def test_a_page_that_is_there_is_replaced_only_if_told(report, capsys):
    page = report.with_suffix(".html")
    page.write_text("mine")
    assert main(["export", str(report)]) == 1
    assert "is there already. Replace it with --force" in capsys.readouterr().err
    assert page.read_text() == "mine"
    assert main(["export", str(report), "--force", "--no-samples"]) == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
    other = report.with_name("other.html")
    assert main(["export", str(report), "--output", str(other)]) == 0
    assert other.is_file()


def test_info_says_what_is_in_it_for_people_and_for_programs(report, capsys):
    assert main(["info", str(report)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("audit: run over 60 samples")
    assert "iua.layers: " in said
    assert main(["info", str(report), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["version"], told["name"]) == ("dvreport", 1, "audit")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no report"),
        (b"no zip", "is no report of DeepView Lab"),
        (b"PK\x05\x06" + bytes(18), "no manif"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(tmp_path, capsys, content, says):
    path = tmp_path / "x.dvreport"
    if content is not None:
        path.write_bytes(content)
    for command in ("info", "export"):
        assert main([command, str(path)]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert says in said.err
        assert len(said.err.splitlines()) == 1
    assert not path.with_suffix(".html").exists()


@pytest.mark.parametrize("line", [[], ["expor"], ["export"], ["info", "a", "b"], ["export", "a", "--what"]])
def test_a_line_that_cannot_be_read_exits_with_2(line, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(line)
    assert stopped.value.code == 2
    assert "usage: deepview-lab" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--help"], ["export", "--help"], ["info", "--help"], ["demo", "--help"]])
def test_help_exits_with_0(line, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(line)
    assert stopped.value.code == 0
    assert "usage: deepview-lab" in capsys.readouterr().out


def test_the_demo_without_its_extra_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("deepview_lab.cli.commands.find_spec", lambda _: None)
    assert main(["demo"]) == 1
    assert "pip install 'deepview_lab[demo]'" in capsys.readouterr().err


def test_it_is_installed_as_a_command_and_runs_as_a_module(report):
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"deepview-lab": "deepview_lab.cli:main"}
    done = subprocess.run(
        [sys.executable, "-m", "deepview_lab", "info", str(report)], check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("audit: run over 60 samples")
