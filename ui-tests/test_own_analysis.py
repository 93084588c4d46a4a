"""An analysis that a user wrote in one file: in the panel's form, a tab, an output, the magic and a report file."""

from __future__ import annotations

import re
from pathlib import Path

from axe import severe_findings
from playwright.sync_api import expect
from test_findings import choose_alone, number, table

EXAMPLE = Path(__file__).parents[1] / "examples" / "own_analysis.py"
# Between -3 and 4 in the first layer; without its signs between 0 and 4.
DATA = """
import numpy as np
import deepview_lab
from deepview_lab.samples import StubProducer
values = np.zeros((64, 6), np.float32)
values[3, 2], values[40, 5] = -3, 4
numbers = StubProducer({"dense": values, "relu": np.maximum(values, 0)})
"""
SAVE = 'run.save("ranges.dvreport")\ndeepview_lab.open_report("ranges.dvreport")'
MAGIC = "%deepview activation_range numbers --of magnitudes --name magic"


def limits(found):
    return {row["layer"]: (number(row["lowest"]), number(row["highest"])) for row in table(found)}


def test_it_is_in_the_panel_the_canvas_the_magic_and_a_report_file(lab):
    (lab.root / "own_analysis.py").write_bytes(EXAMPLE.read_bytes())
    lab.write_notebook("own.ipynb", DATA, "%load_ext deepview_lab", "from own_analysis import ActivationRange", MAGIC)
    lab.open("own.ipynb")
    panel = lab.show_panel()
    for cell in (0, 1):
        lab.run_cell(cell)
        lab.expect_done(cell)
    form = panel.get_by_test_id("dv-run-form")
    expect(form.get_by_role("checkbox", name="Inactive units")).to_be_visible()
    expect(form.get_by_text("Activation range")).to_have_count(0)
    lab.run_cell(2)  # its row comes with the cell that imports it
    choose_alone(panel, "Activation range")
    expect(form.get_by_test_id("dv-pool")).to_have_count(0)
    form.get_by_role("checkbox", name="Inactive units").check()
    lab.pictures_in_both_themes("own-form")

    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    canvas = lab.tab_canvas
    pages = canvas.get_by_test_id("dv-page-switch").get_by_role("button")
    expect(pages).to_have_text(["Layers", re.compile("^Activation range")])
    canvas.locator('[data-testid="dv-layer-row"][data-layer="dense"]').click()
    detail = canvas.get_by_test_id("dv-layer-detail").get_by_role("region", name="Activation range")
    expect(detail.get_by_role("row")).to_have_count(7)
    expect(detail.get_by_role("row").nth(3)).to_contain_text("\N{MINUS SIGN}3")
    lab.pictures_in_both_themes("own-detail")
    pages.nth(1).click()
    found = canvas.get_by_test_id("dv-findings")
    expect(found.get_by_role("table")).to_be_visible()
    assert limits(found) == {"dense": (-3, 4), "relu": (0, 4)}
    assert severe_findings(lab.page, '[data-testid="dv-findings"]') == []
    lab.pictures_in_both_themes("own-table")

    lab.page.locator(".lm-TabBar-tab", has_text=": DeepView").locator(".lm-TabBar-tabCloseIcon").click()
    form.get_by_test_id("dv-of").select_option("magnitudes")
    form.get_by_role("checkbox", name="Inactive units").uncheck()
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
    panel.get_by_test_id("dv-insert-code").click()
    inserted = lab.cell(3)
    expect(inserted).to_contain_text('ActivationRange.spec(of="magnitudes")')
    lab.run_cell(3)
    assert shown_by(inserted) == {"dense": (0, 4), "relu": (0, 4)}
    lab.run_cell(4)
    assert shown_by(lab.cell(4)) == {"dense": (0, 4), "relu": (0, 4)}
    lab.page.evaluate(
        """source => {
          const { content } = window.jupyterapp.shell.currentWidget;
          content.model.sharedModel.addCell({ cell_type: 'code', source });
        }""",
        SAVE,
    )
    lab.run_cell(5)
    assert shown_by(lab.cell(5)) == {"dense": (0, 4), "relu": (0, 4)}
    assert (lab.root / "ranges.dvreport").exists()
    lab.pictures_in_both_themes("own-output")


def shown_by(cell):
    """The table in a cell's output."""
    cell.scroll_into_view_if_needed()
    canvas = cell.get_by_test_id("dv-canvas")
    expect(canvas).to_have_attribute("data-status", "done")
    found = canvas.get_by_test_id("dv-findings")
    expect(found.get_by_role("table")).to_be_visible()
    return limits(found)
