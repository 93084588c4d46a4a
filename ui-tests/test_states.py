"""What the panel says of kernels that cannot help it: what happened, what was kept, what to do."""

from __future__ import annotations

import json
import re
import sys

import pytest
from playwright.sync_api import expect
from test_live import SOURCE, START

LAUNCH = "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
# A kernel whose environment has no DeepView.
WITHOUT = """
import sys
class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name == "deepview_lab":
            raise ModuleNotFoundError("No module named 'deepview_lab'", name=name)
sys.meta_path.insert(0, Nowhere())
"""
# One that hears nothing beside a cell, as ipykernel 6.
ALONE = """
from ipykernel.ipkernel import IPythonKernel
IPythonKernel._supports_kernel_subshells = property(lambda self: False)
"""
HOLD = "import os, time\nwhile not os.path.exists('{name}-end'):\n    time.sleep(0.02)"
OTHER_VERSION = "from deepview_lab.lab.session import session\nsession().hub._version = '9.9.9'"


@pytest.fixture
def make_kernel(server):
    """Return a function that makes a kernelspec which first executes some Python."""
    _, home = server

    def make(name, prelude="", language="python"):
        folder = home / "data" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-c", prelude + LAUNCH, "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": language}
        (folder / "kernel.json").write_text(json.dumps(spec))
        return name

    return make


def expect_pill(panel, word):
    expect(panel.locator(".dv-SidePanel-head .dv-State.pill")).to_have_text(word)


def test_a_kernel_of_another_language_is_left_alone(lab, make_kernel):
    lab.write_notebook("foreign.ipynb", "1", kernel=make_kernel("other-language", language="R"))
    lab.open("foreign.ipynb")
    panel = lab.show_panel()
    expect_pill(panel, "Not Python")
    expect(panel).to_contain_text("This kernel does not run Python")
    expect(panel.get_by_role("button", name="Choose a kernel")).to_be_visible()
    lab.pictures_in_both_themes("state-foreign")


def test_a_kernel_whose_environment_lacks_deepview_is_shown_how_to_install_it(lab, make_kernel):
    lab.write_notebook("lacking.ipynb", "1", kernel=make_kernel("without", WITHOUT))
    lab.open("lacking.ipynb")
    panel = lab.show_panel()
    expect_pill(panel, "Not loaded")
    lab.pictures_in_both_themes("state-not-loaded")
    panel.get_by_test_id("dv-load").click()
    expect(panel).to_contain_text("DeepView is not installed for this kernel")
    expect(panel.get_by_test_id("dv-pip")).to_have_text("%pip install deepview_lab")
    lab.pictures_in_both_themes("state-not-installed")
    panel.get_by_role("button", name="Insert as code").click()
    expect(lab.page.locator(".jp-Notebook .jp-CodeCell").nth(1)).to_contain_text("%pip install deepview_lab")


@pytest.mark.own_page
def test_a_kernel_that_hears_nothing_beside_a_cell_is_said_to_be_busy_and_found_after_it(lab, make_kernel):
    cells = ("%load_ext deepview_lab", SOURCE, START.format(name="alone", held="{}"), HOLD.format(name="alone"))
    lab.write_notebook("alone.ipynb", *cells, kernel=make_kernel("alone", ALONE))
    lab.open("alone.ipynb")
    lab.show_panel()
    for index in range(4):
        lab.run_cell(index)
    lab.expect_done(2)
    lab.save()
    lab.page.reload()
    lab.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
    panel = lab.show_panel()
    expect_pill(panel, "Busy")
    expect(panel).to_contain_text("The kernel is busy with a cell")
    lab.pictures_in_both_themes("state-busy")
    (lab.root / "alone-end").touch()
    expect(lab.card("alone")).to_have_attribute("data-status", "done")


def test_another_version_in_the_kernel_is_told(lab):
    lab.write_notebook("version.ipynb", "%load_ext deepview_lab", OTHER_VERSION)
    lab.open("version.ipynb")
    panel = lab.show_panel()
    for index in (0, 1):
        lab.run_cell(index)
        lab.expect_done(index)
    panel.get_by_role("button", name="Refresh", exact=True).click()
    expect(panel).to_contain_text(re.compile(r"DeepView is 9\.9\.9 in this kernel and \d+\.\d+\.\d+ in JupyterLab\."))
    lab.pictures_in_both_themes("state-version")


def test_no_kernel_and_no_notebook(lab):
    lab.write_notebook("bare.ipynb", "1")
    lab.open("bare.ipynb")
    panel = lab.show_panel()
    expect_pill(panel, "Not loaded")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    expect_pill(panel, "No kernel")
    expect(panel).to_contain_text("This document has no kernel")
    lab.pictures_in_both_themes("state-no-kernel")
    lab.save()
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.close(); }")
    expect(panel).to_contain_text("Open a notebook to start")
    lab.pictures_in_both_themes("state-no-notebook")


def test_a_kernel_that_was_shut_down_keeps_what_its_runs_computed(lab):
    lab.write_notebook("ended.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="ended", held="{}"))
    lab.open("ended.ipynb")
    panel = lab.show_panel()
    for index in range(3):
        lab.run_cell(index)
    expect(lab.card("ended")).to_have_attribute("data-status", "done")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    expect_pill(panel, "No kernel")
    expect(panel).to_contain_text("This document has no kernel. What the runs computed is still shown here.")
    expect(panel.get_by_role("button", name="Choose a kernel")).to_be_visible()
    expect(lab.card("ended")).to_have_attribute("data-status", "done")
    lab.pictures_in_both_themes("state-shut-down")
