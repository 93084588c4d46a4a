"""What one does with the layer table, by keyboard, beside a working kernel: marks, copies, details, strategies."""

from __future__ import annotations

import json
import re

import pytest
from axe import severe_findings
from playwright.sync_api import expect
from test_live import SOURCE, START, release, row

SHOWN = """
import json
recipe = run.results["pfa"].get_recipe(strategy=PFA.Strategy.Energy(0.8))
print(json.dumps({name: layer.recommended_output_count for name, layer in recipe.items()}))
"""
CANVAS = '[data-testid="dv-canvas"]'


def keep(canvas, layer):
    return row(canvas, layer).locator("td.dv-c-keep")


@pytest.fixture
def canvas(lab):
    """The canvas of a run whose last batch waits."""
    cells = ["%load_ext deepview_lab", SOURCE, START.format(name="table", held="{7}"), "run", SHOWN]
    for file in lab.root.glob("table-go-*"):
        file.unlink()
    lab.write_notebook("table.ipynb", *cells)
    lab.open("table.ipynb")
    for index in range(4):
        lab.run_cell(index)
    expect(row(lab.output_canvas, "conv/relu")).to_contain_text("%")
    return lab.output_canvas


def test_details_and_strategies_follow_the_run_and_are_those_of_the_recipe(lab, canvas):
    row(canvas, "conv/relu").focus()
    lab.page.keyboard.press("Enter")
    detail = canvas.get_by_test_id("dv-layer-detail")
    expect(detail).to_have_attribute("data-layer", "conv/relu")
    expect(detail).to_contain_text("1 dead")
    expect(detail.locator(".dv-Spectrum")).to_be_visible()
    lab.page.keyboard.press("ArrowDown")
    expect(detail).to_have_attribute("data-layer", "dense")
    expect(detail).to_contain_text("From 224 samples.")

    canvas.get_by_role("radio", name="KL").focus()
    lab.page.keyboard.press("ArrowRight")
    canvas.get_by_test_id("dv-strategy-value").fill("0.8")
    expect(canvas.get_by_test_id("dv-layer-table")).to_have_attribute("aria-busy", "false")
    release(lab, "table", 7)
    expect(canvas).to_have_attribute("data-status", "done")
    expect(detail).to_contain_text("From 256 samples.")
    lab.run_cell(4)
    lab.expect_done(4)
    told = json.loads(lab.cell(4).locator(".jp-OutputArea-output").inner_text())
    for layer, count in told.items():
        expect(keep(canvas, layer)).to_contain_text(re.compile(rf"^{count} / "))
    expect(detail.get_by_test_id("dv-figure-keep")).to_contain_text(f"{told['dense']} of 16")

    canvas.get_by_test_id("dv-detail-close").focus()
    lab.page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(row(canvas, "dense")).to_be_focused()


def test_rows_are_marked_by_keyboard_and_copied(lab, canvas):
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row(canvas, "conv/relu").focus()
    lab.page.keyboard.press("Space")
    expect(row(canvas, "conv/relu")).to_have_attribute("aria-selected", "true")
    lab.page.keyboard.press("Shift+ArrowDown")
    expect(canvas.get_by_test_id("dv-shown")).to_have_text("2 of 2 marked")
    lab.page.keyboard.press("Space")
    expect(canvas.get_by_test_id("dv-shown")).to_have_text("1 of 2 marked")

    canvas.get_by_test_id("dv-copy").focus()
    lab.page.keyboard.press("Enter")
    expect(canvas.get_by_role("button", name="Copy as Markdown")).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(canvas.get_by_role("status").filter(has_text="Copied 1 layer as Markdown.")).to_have_count(1)
    copied = lab.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[2].startswith("| conv/relu | ")

    canvas.get_by_test_id("dv-columns").focus()
    lab.page.keyboard.press("Enter")
    expect(canvas.get_by_role("checkbox", name="Units", exact=True)).to_be_focused()
    lab.page.keyboard.press("Space")
    expect(canvas.locator('th[data-column="units"]')).to_have_count(0)
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("Escape")
    expect(canvas.get_by_test_id("dv-shown")).to_have_text("2 layers")
    canvas.get_by_test_id("dv-only-dead").focus()
    lab.page.keyboard.press("Enter")
    expect(canvas.get_by_test_id("dv-layer-row")).to_have_count(1)
    release(lab, "table", 7)


def test_the_canvas_with_all_its_sheets_has_no_serious_finding_light_or_dark(lab, canvas):
    row(canvas, "conv/relu").click()
    expect(canvas.locator(".dv-Spectrum")).to_be_visible()
    expect_nothing_severe(lab)
    canvas.locator('.dv-Detail [value="list"]').check()
    canvas.get_by_role("radio", name="Size").check()
    expect(canvas.get_by_test_id("dv-layer-table")).to_have_attribute("aria-busy", "false")
    canvas.get_by_test_id("dv-columns").click()
    expect_nothing_severe(lab)
    lab.pictures_in_both_themes("layer-table")
    release(lab, "table", 7)


def expect_nothing_severe(lab):
    for light in (True, False):
        lab.theme(light=light)
        assert severe_findings(lab.page, CANVAS) == []
