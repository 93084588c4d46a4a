"""Notebooks as they are tomorrow: what an output keeps of its run, and what it finds again."""

from __future__ import annotations

import os
import signal

import nbformat
import pytest
from playwright.sync_api import expect
from test_live import SOURCE, START, release, row

SAVED = "application/vnd.deepview-lab.run+json"
VIEW = "application/vnd.jupyter.widget-view+json"
SHOWN = "display(run)\nos.getpid()"


def begin(lab, name, held="{3}"):
    """Run cells that start a run, and wait until its output shows the batches that are not held back."""
    lab.write_notebook(f"{name}.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name=name, held=held), SHOWN)
    lab.open(f"{name}.ipynb")
    for index in range(4):
        lab.run_cell(index)
    lab.expect_done(3)
    if held == "{3}":
        expect(lab.output_canvas.get_by_test_id("dv-progress")).to_contain_text("96 of 256")
    else:
        expect(lab.output_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.output_canvas, "conv/relu")).to_contain_text("%")


def output(notebook):
    """Return what the output of the run holds in the file."""
    return notebook["cells"][3]["outputs"][0]["data"]


def html(notebook):
    return "".join(output(notebook)["text/html"])


def reopen(lab, name):
    """Close the notebook and its kernel, and open it with a kernel that knows nothing."""
    lab.page.evaluate(
        """async () => {
          const panel = window.jupyterapp.shell.currentWidget;
          await panel.sessionContext.shutdown();
          panel.dispose();
        }"""
    )
    lab.open(name)


def expect_saved(lab, status, progress):
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-link", "saved")
    expect(canvas).to_have_attribute("data-status", status)
    expect(canvas.locator(".dv-State.pill")).to_have_text("Saved")
    expect(canvas.get_by_test_id("dv-progress")).to_contain_text(progress)
    expect(row(canvas, "conv/relu")).to_contain_text("%")


def test_a_notebook_that_is_opened_again_shows_its_table_with_the_defaults_of_jupyterlab(lab):
    begin(lab, "yesterday", held="{}")
    lab.page.wait_for_function(
        """() => {
          const cell = window.jupyterapp.shell.currentWidget.content.widgets[3];
          return String(cell.model.outputs.get(0).data['text/html']).includes('done');
        }"""
    )
    saved = output(lab.save())
    assert SAVED in saved
    assert VIEW not in saved
    reopen(lab, "yesterday.ipynb")
    expect_saved(lab, "done", "256 samples")
    expect(lab.page.locator(".jp-Notebook")).not_to_contain_text("Error displaying widget")
    expect(lab.output_canvas.get_by_test_id("dv-saved-notice")).to_have_count(0)
    row(lab.output_canvas, "conv/relu").click()
    expect(lab.output_canvas.get_by_test_id("dv-layer-detail")).to_contain_text("1 dead")
    lab.pictures_in_both_themes("saved-reopened")


def test_saved_mid_run_and_opened_again_it_shows_the_batches_that_were_done(lab):
    begin(lab, "midrun")
    notebook = lab.save()
    assert "saved while running, 96 of 256 samples" in html(notebook)
    assert "conv/relu" in html(notebook)
    assert "saved while running, 96 of 256 samples" in "".join(output(notebook)["text/plain"])
    assert VIEW not in output(notebook)
    expect(lab.output_canvas).to_have_attribute("data-link", "live")
    release(lab, "midrun", 3)
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    reopen(lab, "midrun.ipynb")
    expect_saved(lab, "running", "96 of 256")
    expect(lab.output_canvas.get_by_test_id("dv-saved-notice")).to_contain_text(
        "saved after batch 3 of this run. What became of the run after that is not known here."
    )
    lab.pictures_in_both_themes("saved-mid-run")


@pytest.mark.own_page
def test_a_page_that_is_loaded_again_joins_the_run_that_goes_on(lab):
    begin(lab, "joined")
    lab.save()
    lab.page.reload()
    lab.wait_for_notebook()
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-link", "live")
    expect(canvas).to_have_attribute("data-status", "running")
    canvas.get_by_role("button", name="Open in a tab").click()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16")
    lab.page.locator(".lm-TabBar-tab", has_text="joined.ipynb").first.click()
    release(lab, "joined", 3)
    expect(canvas).to_have_attribute("data-status", "done")
    expect(canvas.get_by_test_id("dv-progress")).to_contain_text("256 samples")


def test_a_kernel_that_is_restarted_leaves_the_numbers_in_the_output_and_in_the_file(lab):
    begin(lab, "restarted")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    canvas = lab.output_canvas
    expect(canvas.locator(".dv-State.pill")).to_have_text("Kernel restarted")
    expect(row(canvas, "conv/relu")).to_contain_text("%")
    assert "96 of 256 samples" in html(lab.save())
    lab.wait_for_kernel()
    reopen(lab, "restarted.ipynb")
    expect_saved(lab, "running", "96 of 256")


def test_a_killed_kernel_leaves_the_numbers_in_the_file(lab):
    begin(lab, "killed")
    pid = int(lab.cell(3).locator(".jp-OutputArea-output").last.inner_text())
    os.kill(pid, signal.SIGKILL)
    expect(lab.output_canvas.locator(".dv-State.pill")).to_have_text("Kernel restarted")
    lab.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
    assert "96 of 256 samples" in html(lab.save())
    lab.wait_for_kernel()
    reopen(lab, "killed.ipynb")
    expect_saved(lab, "running", "96 of 256")


def test_a_notebook_of_a_stranger_shows_its_table_too(lab):
    begin(lab, "stranger")
    notebook = nbformat.from_dict(lab.save())
    notebook.cells[3].outputs[0].data["text/html"] += "<!-- changed, so that the signature does not fit -->"
    nbformat.write(notebook, lab.root / "stranger-copy.ipynb")
    lab.open("stranger-copy.ipynb")
    trusted = lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[3].model.trusted")
    assert not trusted
    expect_saved(lab, "running", "96 of 256")


HOSTILE = [
    {"v": 1, "session": "s", "run": "r", "messages": [], "buffers": [], "left_out": []},
    {"v": 2, "session": "s", "run": "r", "messages": [], "buffers": [], "left_out": []},
    {"v": 1, "session": "s", "run": "r", "messages": [], "buffers": ["A" * 1_100_000], "left_out": []},
    "<img src=x onerror='window.pwned = true'>",
]


def test_an_output_that_cannot_be_read_is_refused_in_words_above_its_table(lab):
    table = "<table><tr><td>readable</td></tr></table><img src=x onerror='window.pwned = true'>"
    path = lab.write_notebook("refused.ipynb", "1")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].outputs = [
        nbformat.v4.new_output("display_data", {SAVED: content, "text/html": table}) for content in HOSTILE
    ]
    nbformat.write(notebook, path)
    lab.open("refused.ipynb")
    refused = lab.page.get_by_test_id("dv-refused")
    expect(refused).to_have_count(len(HOSTILE))
    expect(refused.nth(0)).to_contain_text("expected the state of the run r")
    expect(refused.nth(1)).to_contain_text("expected version 1, got 2")
    expect(refused.nth(2)).to_contain_text("at most 1 MB")
    expect(refused.nth(3)).to_contain_text("expected an object")
    expect(lab.cell(0).locator(".jp-OutputArea td", has_text="readable")).to_have_count(len(HOSTILE))
    assert not lab.page.evaluate("() => 'pwned' in window")
    lab.pictures_in_both_themes("saved-refused")
