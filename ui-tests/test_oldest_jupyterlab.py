"""The oldest JupyterLab that pyproject.toml allows shows a live run in the notebook and in the panel."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lab import Lab
from pages import PageErrors, new_page
from playwright.sync_api import expect
from server import Server
from test_live import SOURCE, START, release, row

ROOT = Path(__file__).parents[1]


def allowed() -> tuple[str, list[str]]:
    """Return the oldest JupyterLab allowed, and what DeepView Lab itself needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = re.fullmatch(r"jupyterlab>=([\d.]+),<\d+", project["optional-dependencies"]["lab"][0])
    assert oldest is not None
    return oldest[1], project["dependencies"]


@pytest.fixture
def window(browser, tmp_path):
    """A window on a server with an environment of its own."""
    environment, root = tmp_path / "environment", tmp_path / "root"
    root.mkdir()
    version, needs = allowed()
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"jupyterlab=={version}.0", *needs], check=True)
    extensions = environment / "share" / "jupyter" / "labextensions"
    extensions.mkdir(parents=True, exist_ok=True)
    (extensions / "deepview-lab").symlink_to(ROOT / "deepview_lab" / "labextension")
    served = Server(tmp_path / "jupyter", root, python=python)
    page = new_page(browser)
    errors = PageErrors(page)
    try:
        served.start()
        yield Lab(page, served.url, root)
    finally:
        page.context.close()
        served.stop()
    assert errors.of_deepview == []


@pytest.mark.ci_only
@pytest.mark.timeout(1200)
def test_a_run_is_live_in_the_notebook_and_in_the_panel(window):
    window.write_notebook("old.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="old", held="{3}"), "run")
    window.open("old.ipynb")
    window.show_panel()
    for index in range(4):
        window.run_cell(index)
    expect(window.card("old")).to_contain_text("batch 3 / 8")
    expect(row(window.output_canvas, "conv/relu")).to_contain_text("%")
    release(window, "old", 3)
    expect(window.output_canvas).to_have_attribute("data-status", "done")
    window.card("old").get_by_test_id("dv-open").click()
    expect(row(window.tab_canvas, "dense")).to_contain_text("16")
