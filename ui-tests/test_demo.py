"""The demo notebook as a newcomer meets it: opened from the launcher, all cells run, its dead units seen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lab import RESULTS
from playwright.sync_api import expect
from test_live import row

DEMO = Path(__file__).parents[1] / "examples" / "demo.ipynb"
# Of 32 units, 8 are dead; the demo's text says what the demo finds (tests/demo).
DEAD_IN_RELU3 = "8"


def code_of(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.timeout(900)
def test_the_card_in_the_launcher_opens_the_demo_which_shows_its_dead_units(lab):
    lab.write_notebook("launcher.ipynb", "1")
    lab.open("launcher.ipynb")
    lab.command("launcher:create")
    launcher = lab.page.locator(".jp-LauncherCard", has_text="DeepView demo")
    expect(launcher).to_be_visible()
    lab.screenshot(RESULTS / "launcher.png")
    launcher.click()
    lab.page.wait_for_function("() => /Untitled/.test(window.jupyterapp.shell.currentWidget?.title?.label ?? '')")
    lab.wait_for_notebook()
    shown = lab.page.locator(".jp-Notebook:visible")
    expect(shown).to_contain_text("What is inside this network?")
    assert code_of(lab.save()) == code_of(json.loads(DEMO.read_text()))

    lab.command("notebook:run-all-cells")
    card = lab.card("demo")
    expect(card).to_have_attribute("data-status", "done", timeout=600_000)
    canvas = shown.get_by_test_id("dv-canvas").first
    canvas.scroll_into_view_if_needed()
    expect(row(canvas, "relu3")).to_contain_text(re.compile(r"%"))
    expect(row(canvas, "relu3").locator("td.dv-c-dead")).to_have_text(DEAD_IN_RELU3)
    card.get_by_test_id("dv-open").click()
    tab = lab.tab_canvas
    expect(tab).to_have_attribute("data-status", "done")
    expect(tab.get_by_test_id("dv-layer-row")).to_have_count(11)
    expect(row(tab, "relu3").locator("td.dv-c-dead")).to_have_text(DEAD_IN_RELU3)
    lab.pictures_in_both_themes("demo-tab")
