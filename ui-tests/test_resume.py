"""A run that is kept on disk goes on after kill -9, from the panel, and after the page was reloaded."""

from __future__ import annotations

import os
import re
import shutil
import signal

import pytest
from lab import RESULTS
from playwright.sync_api import expect
from test_faults import dismiss, pill
from test_findings import choose_alone, table
from test_live import row
from test_panel import open_with, shown_by, source

SLOW = """
import os, pathlib, time
import numpy as np
from deepview_lab.base import pipeline
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer
VALUES = np.maximum(np.random.default_rng(0).normal(size=(640, 6)), 0)
def hold(values):
    while (values[0] == VALUES[320]).all() and not pathlib.Path("go").exists():
        time.sleep(0.02)
    return values
pathlib.Path("pid").write_text(str(os.getpid()))
slow = pipeline(StubProducer({"relu": VALUES}), Processor(hold))
"""


def stopped_half_way(lab, name, ask):
    """Have the panel start a run, stop it at its fifth batch, reload the page, and return panel and card."""
    go = lab.root / "go"
    go.unlink(missing_ok=True)
    panel = open_with(lab, name, SLOW)
    expect(source(panel, "slow")).to_be_visible()
    ask(panel)
    card = panel.get_by_test_id("dv-run")
    expect(card).to_contain_text("batch 5 / 10")
    card.get_by_test_id("dv-cancel").click()
    # The kernel has heard it. A run that waits for its data need not wait for the gate: it may have stopped by now.
    expect(card).to_have_attribute("data-status", re.compile("^cancell(ing|ed)$"))
    go.write_text("")
    expect(card).to_have_attribute("data-status", "cancelled")
    expect(card).to_have_attribute("data-kept", re.compile("[56]"))
    lab.page.reload()
    lab.wait_for_notebook()
    panel = lab.show_panel()
    return panel, panel.get_by_test_id("dv-run")


@pytest.mark.own_page
@pytest.mark.parametrize("analysis", ["Inactive units", "Dataset report"])
def test_after_a_reload_a_run_of_the_panel_resumes_with_the_same_numbers(lab, analysis):
    def ask(panel):
        choose_alone(panel, analysis)
        panel.get_by_test_id("dv-keep").check()
        panel.get_by_test_id("dv-run-button").click()

    name = analysis.lower().replace(" ", "-")
    panel, card = stopped_half_way(lab, f"reload-{name}", ask)
    expect(card.get_by_test_id("dv-resume")).to_be_enabled()
    lab.screenshot(RESULTS / f"resume-reloaded-{name}.png")
    card.get_by_test_id("dv-resume").click()
    resumed = panel.locator('[data-testid="dv-run"][data-status="done"]')
    expect(resumed).to_contain_text("640 samples · 10 batches", timeout=180_000)
    panel.get_by_test_id("dv-run").last.get_by_test_id("dv-run-again").click()
    expect(panel.get_by_test_id("dv-run")).to_have_count(3)
    expect(resumed).to_have_count(2, timeout=180_000)
    findings = analysis == "Dataset report"
    assert shown_by(lab, resumed.first, findings=findings) == shown_by(lab, resumed.last, findings=findings)


@pytest.mark.own_page
def test_after_a_reload_the_magic_of_a_cell_can_be_inserted_and_goes_on(lab):
    line = "%deepview project slow --method pca --batch-size 64 --checkpoint kept-map"

    def ask(panel):
        insert_cell(lab, line)

    panel, card = stopped_half_way(lab, "reload-magic", ask)
    expect(card.get_by_test_id("dv-run-kept")).to_contain_text("Run the code that started it again")
    for test_id in ("dv-resume", "dv-run-again"):
        expect(card.get_by_test_id(test_id)).to_have_count(0)
    lab.screenshot(RESULTS / "resume-magic.png")
    card.get_by_test_id("dv-insert-run").click()
    # The cell itself was not saved: it went with the page.
    expect(lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="%deepview project")).to_have_count(1)
    lab.command("notebook:run-cell")
    resumed = panel.locator('[data-testid="dv-run"][data-status="done"]')
    expect(resumed).to_contain_text("640 samples · 10 batches")


def insert_cell(lab, code):
    """Add a cell below the active one and run it."""
    lab.command("notebook:insert-cell-below")
    lab.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === ''"
    )
    lab.page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource(code)", code
    )
    lab.command("notebook:run-cell")


def killed_half_way(lab, name, choose):
    """Start what is chosen in the panel, kill its kernel at the sixth of ten batches, return panel and card."""
    go = lab.root / "go"
    go.unlink(missing_ok=True)
    lab.write_notebook(f"{name}.ipynb", "%load_ext deepview_lab", SLOW)
    lab.open(f"{name}.ipynb")
    panel = lab.show_panel()
    lab.run_cell(0)
    lab.run_cell(1)
    expect(source(panel, "slow")).to_be_visible()
    choose(panel)
    panel.get_by_test_id("dv-keep").check()
    lab.screenshot(RESULTS / f"{name}-form.png")
    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run")
    expect(card).to_contain_text("batch 5 / 10")
    expect(card).to_have_attribute("data-kept", "5")
    os.kill(int((lab.root / "pid").read_text()), signal.SIGKILL)
    expect(pill(lab)).to_have_text("Not loaded")
    dismiss(lab, "Kernel Restarting")
    return panel, card


def resumed_after_kill(lab, name, choose):
    """Have a run killed, and resume it with a click; return panel and card."""
    panel, card = killed_half_way(lab, name, choose)
    expect(card).to_contain_text("kept on disk")
    lab.screenshot(RESULTS / f"{name}-lost.png")
    lab.run_cell(1)
    lab.expect_done(1)
    (lab.root / "go").write_text("")
    panel.get_by_test_id("dv-resume").click()
    again = panel.locator('[data-testid="dv-run"][data-status="done"]')
    expect(again).to_contain_text("640 samples · 10 batches", timeout=180_000)
    return panel, again


def test_killed_a_run_resumes_from_its_checkpoint(lab):
    name = "resume"
    _, again = resumed_after_kill(lab, name, lambda _: None)
    again.get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "relu")).to_contain_text("%")
    lab.screenshot(RESULTS / f"{name}-resumed.png")


@pytest.mark.own_page
def test_killed_and_reloaded_what_is_on_disk_goes_on_by_the_code_that_the_panel_inserts(lab):
    name = "resume-tomorrow"
    shutil.rmtree(lab.root / "deepview-checkpoints", ignore_errors=True)
    killed_half_way(lab, name, lambda _: None)
    lab.save()
    lab.page.reload()
    lab.wait_for_notebook()
    panel = lab.show_panel()
    for index in (0, 1):
        lab.run_cell(index)
        lab.expect_done(index)
    kept = panel.get_by_test_id("dv-kept-run")
    expect(kept).to_contain_text("on disk to batch 5 / 10")
    expect(panel.get_by_test_id("dv-run")).to_have_count(0)
    lab.pictures_in_both_themes(name)
    (lab.root / "go").write_text("")
    kept.get_by_test_id("dv-kept-insert").click()
    expect(lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="checkpoint=")).to_have_count(1)
    lab.command("notebook:run-cell")
    resumed = panel.get_by_test_id("dv-run")
    expect(resumed).to_have_attribute("data-status", "done")
    expect(resumed).to_contain_text("640 samples · 10 batches")
    expect(kept).to_have_count(0)
    panel.get_by_test_id("dv-run-button").click()
    expect(resumed).to_have_count(2)
    expect(resumed.first).to_have_attribute("data-status", "done")
    assert shown_by(lab, resumed.first) == shown_by(lab, resumed.last)


def test_a_killed_projection_puts_every_sample_where_one_that_was_not_interrupted_does(lab):
    def choose(panel):
        choose_alone(panel, "Projection")

    def positions(card):
        card.get_by_test_id("dv-open").click()
        expect(lab.tab_canvas).to_have_attribute("data-status", "done")
        found = table(lab.findings(lab.tab_canvas))
        assert len(found) == 640
        return found

    name = "resume-map"
    panel, again = resumed_after_kill(lab, name, choose)
    resumed = positions(again)
    lab.screenshot(RESULTS / f"{name}-resumed.png")
    lab.command("application:close")
    expect(lab.tab_canvas).to_have_count(0)
    panel.get_by_test_id("dv-keep").uncheck()
    panel.get_by_test_id("dv-run-button").click()
    cards = panel.get_by_test_id("dv-run")
    expect(cards).to_have_count(3)
    expect(cards.first).to_have_attribute("data-status", "done", timeout=180_000)
    expect(cards.first).not_to_have_attribute("data-kept", re.compile(r"\d"))
    assert positions(cards.first) == resumed
