"""The questions about the data, from the magic and from the panel: live stages, a plain table, the same as code."""

from __future__ import annotations

from lab import RESULTS
from playwright.sync_api import expect

DATA = """
import numpy as np
from deepview_lab.base import Batch
from deepview_lab.samples import StubProducer
rng = np.random.default_rng(0)
values = rng.normal(size=(300, 12)).astype(np.float32)
values[150] = values[7]
labels = {"label": ["cat", "dog", "cow"] * 100, "dataset": ["train"] * 150 + ["test"] * 150}
digits = StubProducer({"dense": values}, {Batch.StdKeys.LABELS: labels})
%load_ext deepview_lab
"""


def test_a_report_asked_for_in_one_line_shows_its_table_in_the_output(lab):
    lab.write_notebook("report.ipynb", DATA, "%deepview report digits")
    lab.open("report.ipynb")
    panel = lab.show_panel()
    lab.run_cell(0)
    lab.expect_done(0)
    lab.run_cell(1)
    found = lab.findings(lab.output_canvas)
    expect(found).to_contain_text("300 samples.")
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    expect(found.get_by_role("columnheader")).to_contain_text(
        ["id", "label", "dataset", "duplicates_dense", "projection_dense_x", "projection_dense_y", "familiarity_dense"]
    )
    expect(found).to_contain_text("Sets with samples of more than one dataset: 1.")
    lab.pictures_in_both_themes("report")
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")


def test_the_panel_runs_them_beside_the_layers_and_writes_the_code(lab):
    lab.write_notebook("samples-panel.ipynb", DATA)
    lab.open("samples-panel.ipynb")
    panel = lab.show_panel()
    lab.run_cell(0)
    form = panel.get_by_test_id("dv-run-form")
    expect(form.get_by_test_id("dv-data")).to_have_value("digits")  # all there is, so it is taken
    form.get_by_label("Duplicates").check()
    form.get_by_label("Familiarity").check()
    lab.screenshot(RESULTS / "samples-form-light.png")
    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    switch = lab.tab_canvas.get_by_test_id("dv-page-switch")
    expect(switch.get_by_role("button")).to_have_text(["Layers", "Dataset", "Familiarity", "Duplicates"])
    switch.get_by_role("button", name="Duplicates").click()
    found = lab.tab_canvas.get_by_test_id("dv-findings")
    expect(found.locator("tbody tr")).to_have_count(1)
    expect(found.locator("tbody tr")).to_contain_text("7, 150")
    lab.screenshot(RESULTS / "duplicates-light.png")
    lab.page.locator(".lm-TabBar-tab", has_text="samples-panel.ipynb").first.click()
    panel.get_by_test_id("dv-insert-code").click()
    inserted = lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="deepview_lab.start")
    expect(inserted).to_contain_text('Duplicates.spec(pool="average")')
    lab.run_cell(1)
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-status", "done")
    canvas.get_by_role("button", name="Duplicates").click()
    expect(canvas.get_by_test_id("dv-findings").locator("tbody tr")).to_contain_text("7, 150")
