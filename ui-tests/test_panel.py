"""The panel finds what is in the kernel, runs it, and says the same in code."""

from __future__ import annotations

import re

import pytest
from axe import severe_findings
from lab import RESULTS, Lab
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
    lab.pictures_in_both_themes("panel-inserted")


@pytest.mark.own_page
def test_after_a_reload_and_in_a_second_window_a_run_can_be_run_again_and_inserted(lab):
    panel = open_with(lab, "panel-again", DATA)
    expect(source(panel, "raw")).to_be_visible()
    panel.get_by_test_id("dv-run-button").click()
    cards = panel.get_by_test_id("dv-run")
    expect(cards.first).to_have_attribute("data-status", "done")
    told = shown_by(lab, cards.first)
    second = Lab(lab.page.context.new_page(), lab.url, lab.root)
    second.open("panel-again.ipynb")
    expect(second.show_panel().get_by_test_id("dv-run-again")).to_be_enabled()
    second.page.close()

    lab.page.reload()
    lab.wait_for_notebook()
    lab.show_panel()
    cards.get_by_test_id("dv-run-again").click()
    expect(cards).to_have_count(2)
    expect(cards.first).to_have_attribute("data-status", "done")
    lab.screenshot(RESULTS / "panel-again.png")
    assert shown_by(lab, cards.first) == told
    cards.last.get_by_test_id("dv-insert-run").click()
    inserted = lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="deepview_lab.start")
    expect(inserted).to_have_count(1)
    lab.command("notebook:run-cell")
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    share = re.search(r"\d+\.\d%", told[0]).group()
    expect(row(lab.output_canvas, "relu")).to_contain_text(share)
    expect(cards.first.get_by_test_id("dv-insert-run")).to_be_visible()
    expect(cards.first.get_by_test_id("dv-run-again")).to_have_count(0)


def shown_by(lab, card, *, findings=False):
    """Return the table that a card opens in a tab, of layers or of findings, as lines of text, and close the tab."""
    card.get_by_test_id("dv-open").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    table = lab.findings(lab.tab_canvas) if findings else lab.tab_canvas
    rows = table.locator("tbody tr, [data-testid=dv-layer-row]")
    expect(rows.first).to_contain_text(re.compile(r"\d"))
    told = rows.all_inner_texts()
    lab.command("application:close")
    expect(lab.tab_canvas).to_have_count(0)
    return told


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


# A network of three layers that needs no framework.
NETWORK = """
import os, time
import numpy as np
from deepview_lab.base import Batch, Layer, Model, ModelDetails, ResponseInfo
from deepview_lab.samples import StubProducer

class Net(ModelDetails):
    kinds = {"block/relu_1": "ReLU", "block/relu_2": "ReLU", "conv_1": "Conv2D", "conv_2": "Conv2D", "dense": "Dense"}
    inputs = {"x": ResponseInfo("x", np.dtype("float32"), (None, 4), Layer("x"))}
    responses = {
        name: ResponseInfo(name, np.dtype("float32"), (None, 8), Layer(name, typename=kind))
        for name, kind in kinds.items()
    }
    def run(self, inputs, requested):
        x = inputs["x"]
        weights = {name: np.random.default_rng(i).normal(size=(4, 8)) for i, name in enumerate(self.kinds)}
        return {name: np.maximum(x @ weights[name], 0).astype("float32") for name in requested}

net = Model(Net(), name="net")
train_ds = StubProducer({"x": np.random.default_rng(0).normal(size=(320, 4)).astype("float32")})
"""


def layer(panel, name):
    return panel.locator(f'[data-testid="dv-layer-choice"][data-layer="{name}"]')


def open_with(lab, name, *cells):
    """Open a notebook whose cells have run, the extension loaded, and return the panel."""
    lab.write_notebook(f"{name}.ipynb", "%load_ext deepview_lab", *cells)
    lab.open(f"{name}.ipynb")
    panel = lab.show_panel()
    for index in range(len(cells) + 1):
        lab.run_cell(index)
        lab.expect_done(index)
    return panel


def restart_kernel(lab):
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    lab.wait_for_kernel()


def test_layers_are_searched_filtered_and_chosen_in_ranges(lab):
    panel = open_with(lab, "panel-layers", NETWORK)
    expect(panel.get_by_test_id("dv-layer-choice")).to_have_count(5)
    chosen = panel.get_by_test_id("dv-layers").locator(".dv-count").first
    layer(panel, "block/relu_1").click()
    layer(panel, "conv_1").click(modifiers=["Shift"])
    expect(chosen).to_have_text("3 of 5 chosen")
    panel.get_by_role("button", name="ReLU").click()
    expect(panel.get_by_test_id("dv-layer-choice")).to_have_count(2)
    panel.get_by_role("button", name="None", exact=True).click()
    expect(chosen).to_have_text("1 of 5 chosen")
    panel.get_by_role("button", name="ReLU").click()
    panel.get_by_test_id("dv-layer-search").fill("/^block|dense/")
    expect(panel.get_by_test_id("dv-layer-choice")).to_have_count(3)
    panel.get_by_role("button", name="All shown").click()
    expect(panel.get_by_test_id("dv-run-button")).to_have_text("Run on 4 layers")
    panel.get_by_test_id("dv-layer-search").fill("RELU_2")
    expect(panel.get_by_test_id("dv-layer-choice")).to_have_count(1)


@pytest.mark.own_page
def test_run_without_a_choice_looks_at_layers_with_units_and_shows_the_run_beside_the_notebook(lab, settings):
    settings('{"openRuns": true}')
    panel = open_with(lab, "panel-default", NETWORK)
    expect(panel.get_by_test_id("dv-layers")).to_contain_text("0 of 5 chosen")
    reason = panel.get_by_test_id("dv-run-reason")
    expect(reason).to_have_text("No layers are chosen. Run looks at all 5 layers that have units.")
    run = panel.get_by_test_id("dv-run-button")
    expect(run).to_have_text("Run on 5 layers")
    run.focus()
    lab.page.keyboard.press("Enter")
    expect(lab.tab_canvas).to_be_visible()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(lab.tab_canvas.get_by_test_id("dv-layer-row")).to_have_count(5)
    expect(lab.cell(0)).to_be_visible()
    expect(panel.get_by_test_id("dv-run").first).to_be_visible()


@pytest.mark.timeout(300)
def test_the_inserted_cell_gives_the_same_result_in_a_fresh_kernel(lab):
    panel = open_with(lab, "panel-fresh", NETWORK)
    layer(panel, "block/relu_2").click()
    layer(panel, "dense").click()
    panel.get_by_test_id("dv-batch-size").fill("50")
    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run")
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    rows = lab.tab_canvas.get_by_test_id("dv-layer-row")
    expect(rows).to_have_count(2)
    told = [rows.nth(i).get_by_role("gridcell").all_text_contents() for i in range(2)]

    lab.page.locator(".lm-TabBar-tab", has_text="panel-fresh.ipynb").first.click()
    panel.get_by_test_id("dv-insert-code").click()
    expect(lab.cell(2)).to_contain_text("deepview_lab.start")
    restart_kernel(lab)
    for index in range(3):
        lab.run_cell(index)
        lab.expect_done(index)
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    shown = lab.output_canvas.get_by_test_id("dv-layer-row")
    for index, texts in enumerate(told):
        expect(shown.nth(index).get_by_role("gridcell")).to_have_text(texts)


def test_a_run_waits_for_the_current_cell_and_shows_what_the_kernel_says(lab):
    busy = (
        "while not os.path.exists('panel-busy-end'):\n    time.sleep(0.02)\nBatch = StubProducer = None\ndel train_ds"
    )
    panel = open_with(lab, "panel-busy", NETWORK, "1 + 1")
    layer(panel, "dense").click()
    lab.page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.content.widgets[2].model.sharedModel.setSource(code)", busy
    )
    lab.run_cell(2)
    lab.expect_busy(2)
    expect(panel.get_by_test_id("dv-run-button")).to_be_enabled()
    panel.get_by_role("button", name="Refresh the variables").click()
    panel.get_by_test_id("dv-run-button").click()
    expect(panel.get_by_test_id("dv-run-reason")).to_have_text("Starts when the current cell has ended.")
    (lab.root / "panel-busy-end").touch()
    form = panel.get_by_test_id("dv-run-form")
    expect(form.get_by_role("alert")).to_contain_text("NameError: name 'train_ds' is not defined")
    expect(panel.get_by_test_id("dv-run-reason")).to_contain_text("There is no data yet.")
    expect(panel.get_by_test_id("dv-run")).to_have_count(0)


def test_two_notebooks_never_mix(lab):
    open_with(lab, "panel-one", NETWORK)
    lab.write_notebook("panel-two.ipynb", "%load_ext deepview_lab", "mine = None", DATA)
    lab.command("docmanager:open", {"path": "panel-two.ipynb"})
    lab.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.path === 'panel-two.ipynb'"
        " && window.jupyterapp.shell.currentWidget.context.isReady"
    )
    lab.wait_for_kernel()
    panel = lab.show_panel()
    visible = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
    for index in (0, 2):
        lab.run_cell(index)
        expect(visible.nth(index).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    expect(source(panel, "raw")).to_be_visible()
    expect(source(panel, "net")).to_have_count(0)
    source(panel, "raw").click()
    source(panel, "raw").click()
    panel.get_by_test_id("dv-run-button").click()
    expect(panel.get_by_test_id("dv-run")).to_have_attribute("data-status", "done")
    lab.page.locator(".lm-TabBar-tab", has_text="panel-one.ipynb").first.click()
    expect(source(panel, "net")).to_be_visible()
    expect(source(panel, "raw")).to_have_count(0)
    expect(panel.get_by_test_id("dv-run")).to_have_count(0)
    expect(panel.get_by_test_id("dv-layers")).to_contain_text("0 of 5 chosen")


def test_everything_goes_by_keyboard(lab):
    panel = open_with(lab, "panel-keys", NETWORK)
    keyboard = lab.page.keyboard

    def tab_to(locator):
        for _ in range(60):
            if locator.evaluate("element => element === document.activeElement"):
                return
            keyboard.press("Tab")
        raise AssertionError("Tab does not get there")

    expect(layer(panel, "dense")).to_be_visible()
    panel.get_by_role("button", name="Refresh", exact=True).focus()
    tab_to(source(panel, "net"))
    keyboard.press("ArrowDown")
    expect(source(panel, "train_ds")).to_be_focused()
    keyboard.press("/")
    expect(panel.get_by_test_id("dv-layer-search")).to_be_focused()
    keyboard.type("/relu/")
    tab_to(layer(panel, "block/relu_1"))
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    keyboard.press("Shift+Space")
    tab_to(panel.get_by_role("checkbox", name="Principal filters"))
    keyboard.press("Space")
    tab_to(panel.get_by_test_id("dv-batch-size"))
    keyboard.press("Control+a")
    keyboard.type("16")
    expect(panel.get_by_test_id("dv-run-button")).to_have_text("Run on 2 layers")
    tab_to(panel.get_by_test_id("dv-run-button"))
    keyboard.press("Enter")
    card = panel.get_by_test_id("dv-run")
    expect(card).to_have_attribute("data-status", "done")
    expect(card).to_contain_text("20 batches")
    again = card.get_by_test_id("dv-run-again")
    tab_to(again)
    keyboard.press("Enter")
    expect(panel.get_by_test_id("dv-run")).to_have_count(2)
    expect(lab.page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)


def test_axe_finds_nothing_serious_in_the_panel_light_or_dark(lab):
    broken = "def broken(batch_size):\n    raise ValueError('no such file')\n    yield"
    start = (
        "import deepview_lab\nfrom deepview_lab.introspectors import IUA\nrun = deepview_lab.start(broken, IUA.spec())"
    )
    panel = open_with(lab, "panel-axe", NETWORK, broken, start)
    layer(panel, "dense").click()
    panel.get_by_test_id("dv-candidates").click()
    panel.get_by_test_id("dv-run-button").click()
    expect(panel.locator('[data-testid="dv-run"][data-status="done"]')).to_have_count(1)
    expect(panel.locator('[data-testid="dv-run"][data-status="failed"]')).to_have_count(1)
    for light in (True, False):
        lab.theme(light=light)
        assert severe_findings(lab.page, '[data-testid="dv-side-panel"]') == []
