"""The panel finds what is in the kernel, runs it, and says the same in code."""

from __future__ import annotations

import re

from conftest import RESULTS
from playwright.sync_api import expect
from test_live import row

DATA = """
import numpy as np
from deepview_lab.samples import StubProducer
from deepview_lab.processors import Processor
from deepview_lab.base import pipeline
rng = np.random.default_rng(0)
raw = StubProducer({"relu": np.maximum(rng.normal(size=(320, 4, 4, 6)), 0), "dense": rng.normal(size=(320, 12))})
scaled = pipeline(raw, Processor(lambda x: 2 * x))
def numbers(batch_size):
    yield from raw(batch_size)
"""


def source(panel, name):
    return panel.locator(f'[data-testid="dv-source"][data-name="{name}"]')


def test_loading_choosing_and_running_in_the_panel_is_the_same_as_the_code_it_inserts(lab):
    lab.write_notebook("panel-run.ipynb", DATA)
    lab.open("panel-run.ipynb")
    panel = lab.show_panel()
    panel.get_by_test_id("dv-load").click()
    expect(panel).to_contain_text("Nothing has run yet")
    lab.run_cell(0)
    expect(source(panel, "scaled")).to_be_visible()
    expect(source(panel, "rng")).to_have_count(0)
    source(panel, "scaled").click()
    lab.screenshot(RESULTS / "panel-light.png")
    run = panel.get_by_test_id("dv-run-button")
    expect(run).to_be_enabled()
    run.click()
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    cells = row(lab.tab_canvas, "relu").get_by_role("gridcell")
    expect(cells.first).to_contain_text("relu")
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    told = cells.all_text_contents()

    lab.page.locator(".lm-TabBar-tab", has_text="panel-run.ipynb").first.click()
    panel.get_by_test_id("dv-insert-code").click()
    inserted = lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="deepview_lab.start")
    expect(inserted).to_have_count(1)
    expect(panel.get_by_test_id("dv-run")).to_have_count(1)
    lab.run_cell(1)
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.output_canvas, "relu").get_by_role("gridcell")).to_have_text(told)
    lab.theme(light=False)
    lab.screenshot(RESULTS / "panel-dark.png")
    lab.theme(light=True)


def test_the_panel_says_why_it_cannot_run(lab):
    lab.write_notebook("panel-why.ipynb", "%load_ext deepview_lab", DATA)
    lab.open("panel-why.ipynb")
    panel = lab.show_panel()
    lab.run_cell(0)
    lab.run_cell(1)
    expect(source(panel, "raw")).to_be_visible()
    source(panel, "raw").click()
    for name in ("Inactive units", "Principal filters"):
        panel.get_by_role("checkbox", name=name).uncheck()
    expect(panel.get_by_test_id("dv-run-button")).to_be_disabled()
    expect(panel.get_by_test_id("dv-run-reason")).to_contain_text(re.compile("Choose|choose"))
