"""The main job: a cell becomes a live layer table, in the output, in a tab and in the panel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

# A network of two layers whose data the test hands out batch by batch: batch n waits for the file `go-n`.
SOURCE = """
import os, time
import numpy as np
import deepview_lab
from deepview_lab.base import Batch
from deepview_lab.introspectors import IUA, PFA

class Source:
    def __init__(self, name, batches, held):
        self.name, self.batches, self.held = name, batches, held
    def __len__(self):
        return 32 * self.batches
    def __call__(self, batch_size):
        rng = np.random.default_rng(0)
        for index in range(self.batches):
            while index in self.held and not os.path.exists(f"{self.name}-go-{index}"):
                time.sleep(0.02)
            relu = np.maximum(rng.normal(size=(batch_size, 6, 6, 8)), 0).astype("float32")
            relu[..., 3] = 0
            yield Batch({"conv/relu": relu, "dense": rng.normal(size=(batch_size, 16)).astype("float32")})
"""
START = "run = deepview_lab.start(Source({name!r}, 8, {held}), IUA.spec(), PFA.spec(pool='average'), name={name!r})"


def release(lab, name, *batches):
    for batch in batches:
        (lab.root / f"{name}-go-{batch}").touch()


def row(canvas, layer):
    return canvas.locator(f'[data-testid="dv-layer-row"][data-layer="{layer}"]')


def test_the_table_fills_in_while_the_batches_run_and_stays_in_step_in_a_tab(lab):
    lab.write_notebook("live.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="live", held="{2, 5}"), "run")
    lab.open("live.ipynb")
    for index in range(4):
        lab.run_cell(index)
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-status", "running")
    expect(row(canvas, "conv/relu")).to_contain_text("%")
    expect(canvas.get_by_test_id("dv-progress")).to_contain_text("64")
    before = int(canvas.get_attribute("data-seq"))

    status = lab.page.get_by_test_id("dv-status")
    expect(status).to_have_text("DeepView: batch 2 / 8")
    lab.card("live").get_by_test_id("dv-open").click()
    tab = lab.tab_canvas
    expect(row(tab, "conv/relu")).to_contain_text("%")
    release(lab, "live", 2)
    expect(tab.get_by_test_id("dv-progress")).to_contain_text("160")
    release(lab, "live", 5)
    expect(tab).to_have_attribute("data-status", "done")
    expect(status).not_to_be_visible()
    told = row(tab, "conv/relu").get_by_role("gridcell").all_text_contents()

    lab.page.locator(".lm-TabBar-tab", has_text="live.ipynb").first.click()
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    assert int(lab.output_canvas.get_attribute("data-seq")) > before
    shown = row(lab.output_canvas, "conv/relu").get_by_role("gridcell")
    expect(shown).to_have_text(told)
    expect(lab.card("live")).to_have_attribute("data-status", "done")


def test_the_saved_notebook_holds_a_readable_table(lab):
    lab.write_notebook("saved.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="saved", held="{}"), "run")
    lab.open("saved.ipynb")
    for index in range(4):
        lab.run_cell(index)
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    lab.expect_done(3)
    # The end of the run and the update of the output are two messages.
    lab.page.wait_for_function(
        """() => {
          const cell = window.jupyterapp.shell.currentWidget.content.widgets[3];
          return String(cell.model.outputs.get(0).data['text/html']).includes('done');
        }"""
    )
    html = "".join(lab.save()["cells"][3]["outputs"][0]["data"]["text/html"])
    assert "conv/relu" in html
    assert "256" in html
    assert "<script" not in html


@pytest.mark.own_page
def test_after_a_reload_the_run_is_found_again(lab):
    lab.write_notebook("reload.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="again", held="{3}"), "run")
    lab.open("reload.ipynb")
    for index in range(4):
        lab.run_cell(index)
    expect(lab.output_canvas).to_have_attribute("data-status", "running")
    lab.save()
    lab.page.reload()
    lab.wait_for_notebook()
    card = lab.card("again")
    expect(card).to_have_attribute("data-status", "running")
    card.get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16")
    release(lab, "again", 3)
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(card).to_have_attribute("data-status", "done")


def test_sort_filter_and_keys(lab):
    lab.write_notebook("keys.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name="keys", held="{}"), "run")
    lab.open("keys.ipynb")
    for index in range(4):
        lab.run_cell(index)
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-status", "done")
    rows = canvas.get_by_test_id("dv-layer-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-layer", "conv/relu")
    units = canvas.get_by_role("button", name="Units", exact=True)
    units.click()
    expect(rows.first).to_have_attribute("data-layer", "dense")
    units.click()
    expect(rows.first).to_have_attribute("data-layer", "conv/relu")
    rows.first.click()
    lab.page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    lab.page.keyboard.press("/")
    lab.page.keyboard.type("den")
    expect(rows).to_have_count(1)
    lab.page.keyboard.press("Escape")
    expect(rows).to_have_count(2)


def test_of_a_run_that_ended_before_anybody_looked_the_spectra_come_when_it_is_opened(lab):
    run = START.format(name="unseen", held="set()") + "; run.wait(); assert not run.is_whole('pfa')"
    lab.write_notebook("unseen.ipynb", SOURCE, run, "%load_ext deepview_lab", "run.is_whole('pfa')")
    lab.open("unseen.ipynb")
    for index in range(3):
        lab.run_cell(index)
    card = lab.card("unseen")
    expect(card).to_have_attribute("data-status", "done")
    lab.run_cell(3)
    expect(lab.cell(3).locator(".jp-OutputArea-output")).to_have_text("False")
    card.get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16 / 16")
    expect(row(lab.tab_canvas, "conv/relu")).to_contain_text("complete")
