"""The demo notebook in JupyterLab, as a newcomer sees it after ``make demo``: run all cells, look, light and dark."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import RESULTS
from playwright.sync_api import expect
from test_live import row

DEMO = Path(__file__).parents[1] / "examples" / "demo.ipynb"


@pytest.mark.timeout(900)
def test_the_demo_notebook_shows_its_dead_units(lab):
    shutil.copy(DEMO, lab.root / "demo.ipynb")
    lab.open("demo.ipynb")
    lab.show_panel()
    lab.command("notebook:run-all-cells")
    card = lab.card("demo")
    expect(card).to_have_attribute("data-status", "done", timeout=600_000)
    canvas = lab.output_canvas.first
    canvas.scroll_into_view_if_needed()
    expect(row(canvas, "relu3")).to_contain_text(re.compile(r"%"))
    lab.screenshot(RESULTS / "demo-notebook-light.png")
    card.get_by_test_id("dv-open").click()
    tab = lab.tab_canvas
    expect(tab).to_have_attribute("data-status", "done")
    expect(tab.get_by_test_id("dv-layer-row")).to_have_count(11)
    expect(row(tab, "relu3").get_by_role("gridcell").filter(has_text=re.compile(r"^[1-9]\d*$")).first).to_be_visible()
    lab.screenshot(RESULTS / "demo-tab-light.png")
    lab.theme(light=False)
    lab.screenshot(RESULTS / "demo-tab-dark.png")
    lab.page.locator(".lm-TabBar-tab", has_text="demo.ipynb").first.click()
    lab.screenshot(RESULTS / "demo-notebook-dark.png")
    lab.theme(light=True)
