"""The dataset page: linked views of the samples of a report, which agree with what Python computes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from axe import severe_findings
from lab import RESULTS
from playwright.sync_api import expect

HOSTILE = '<img src="x" onerror="window.dvHostile = true">'

DATA = f"""
import json, pathlib
import numpy as np
import deepview_lab
from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.projection.strategies import PCA
from deepview_lab.base import Batch
from deepview_lab.introspectors import DatasetReport
from deepview_lab.samples import StubProducer
rng = np.random.default_rng(3)
middles = 4 * rng.normal(size=(3, 12))
values = (np.repeat(middles, 200, axis=0) + rng.normal(size=(600, 12))).astype(np.float32)
values[450] = values[7]
kinds = ["cat", "dog", {HOSTILE!r}]
labels = {{"label": list(np.repeat(kinds, 200)), "dataset": ["train"] * 400 + ["test"] * 200}}
ids = [f"pet-{{i}}" for i in range(600)]
pets = StubProducer({{"dense": values}}, {{Batch.StdKeys.LABELS: labels, Batch.StdKeys.IDENTIFIER: ids}})
%load_ext deepview_lab
"""

REPORT = """
run = deepview_lab.start(pets, DatasetReport.spec(config=ReportConfig(projection=PCA(2))), name="pets")
run.wait()
frame = run.results["report"].data
pathlib.Path("pets.json").write_text(frame.iloc[:, :-1].to_json(orient="columns"))
"""

# The page's clipboard is kept from the test; what is put there is not.
KEEP_COPIES = """() => {
  navigator.clipboard.writeText = text => {
    window.dvCopied = text;
    return Promise.resolve();
  };
}"""


def inside(polygon, x, y):
    """Whether points are inside a polygon, by the even-odd rule."""
    found = np.zeros(len(x), dtype=bool)
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if ay == by:
            continue
        crosses = (ay > y) != (by > y)
        found ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return found


class Explorer:
    """The dataset page in a tab, and the report that Python has."""

    def __init__(self, lab):
        self.lab = lab
        self.page = lab.page
        lab.write_notebook("dataset.ipynb", DATA, REPORT)
        lab.open("dataset.ipynb")
        lab.show_panel()
        for index in range(2):
            lab.run_cell(index)
            lab.expect_done(index)
        columns = json.loads((lab.root / "pets.json").read_text())
        self.columns = {name: np.array(list(values.values())) for name, values in columns.items()}
        lab.card("pets").get_by_test_id("dv-open").click()
        self.canvas = lab.tab_canvas
        expect(self.canvas).to_be_visible()
        lab.show_alone()
        self.plot = self.canvas.get_by_test_id("dv-map-plot")
        self.selection = self.canvas.get_by_test_id("dv-selection")
        self.passing = self.canvas.get_by_test_id("dv-passing")
        self.facets = self.canvas.get_by_test_id("dv-facets")
        self.page.evaluate(KEEP_COPIES)

    def screen(self):
        """The places of all samples on the page, with all of them in view."""
        box = self.plot.bounding_box()
        x, y = self.columns["projection_dense_x"], self.columns["projection_dense_y"]
        scale = min((box["width"] - 32) / np.ptp(x), (box["height"] - 32) / np.ptp(y))
        left = box["x"] + box["width"] / 2 + (x - (x.min() + x.max()) / 2) * scale
        top = box["y"] + box["height"] / 2 - (y - (y.min() + y.max()) / 2) * scale
        return left, top

    def lasso(self, corners):
        mouse = self.page.mouse
        mouse.move(*corners[0])
        mouse.down()
        for corner in corners[1:]:
            mouse.move(*corner)
        mouse.up()

    def expect_selected(self, ids):
        expect(self.selection.locator("[data-selected]")).to_have_attribute("data-selected", str(len(ids)))
        self.selection.get_by_role("button", name="Copy ids").click()
        expect(self.selection).to_contain_text("copied")
        assert set(self.page.evaluate("() => window.dvCopied").split("\n")) == set(ids)

    def expect_passing(self, passes):
        expect(self.passing).to_have_text(f"{passes.sum()} of 600")

    def ends(self, title):
        handles = self.facets.get_by_role("slider", name=title)
        return [float(handle.get_attribute("aria-valuenow")) for handle in handles.all()]


def lassoed(explorer):
    """Draw lassos and return which samples are selected in the end."""
    page, ids = explorer.page, explorer.columns["id"]
    left, top = explorer.screen()
    middle = np.round([np.median(left), np.median(top)])
    # With a corner that points inwards.
    corners = [tuple(middle + step) for step in ((-90, -80), (10, -10), (110, -70), (80, 90), (-100, 70))]
    explorer.lasso(corners)
    first = inside(corners, left, top)
    assert 10 < first.sum() < 590
    explorer.expect_selected(ids[first])
    explorer.lab.pictures_in_both_themes("dataset-lasso")
    cats = np.round([np.median(left[:200]), np.median(top[:200])])
    more = [tuple(cats + step) for step in ((-40, -40), (30, -20), (40, 40), (-30, 30))]
    page.keyboard.down("Shift")
    explorer.lasso(more)
    page.keyboard.up("Shift")
    both = first | inside(more, left, top)
    assert both.sum() > first.sum()
    explorer.expect_selected(ids[both])
    explorer.canvas.get_by_test_id("dv-undo").click()
    explorer.expect_selected(ids[first])
    return first


def brushed(explorer):
    """Drag a brush, move its end by keyboard, and return which samples pass."""
    page = explorer.page
    scores = explorer.columns["familiarity_dense"]
    brush = explorer.facets.locator('[data-column="familiarity_dense"]').get_by_test_id("dv-brush")
    box = brush.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.3 * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], height)
    page.mouse.up()
    expect(explorer.passing).not_to_have_text("600 of 600")
    low, high = explorer.ends("familiarity,")
    assert scores.min() < low < high < scores.max()
    explorer.expect_passing((scores >= low) & (scores <= high))
    explorer.facets.get_by_role("slider", name="familiarity, from").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(explorer.passing).not_to_have_text(f"{((scores >= low) & (scores <= high)).sum()} of 600")
    later, high = explorer.ends("familiarity,")
    assert later > low
    passes = (scores >= later) & (scores <= high)
    explorer.expect_passing(passes)
    return passes


@pytest.mark.own_page
def test_a_lasso_a_brush_and_the_keyboard_select_what_python_selects(lab):
    explorer = Explorer(lab)
    page, canvas, ids = lab.page, explorer.canvas, explorer.columns["id"]
    expect(explorer.passing).to_have_text("600 of 600")
    expect(explorer.plot).to_have_attribute("data-painter", "canvas")  # software WebGL is not used

    # Text from outside stays text.
    expect(explorer.facets.get_by_role("button", name=HOSTILE)).to_contain_text("200")
    expect(canvas.get_by_role("group", name="Legend: label")).to_contain_text(HOSTILE)
    expect(canvas.locator("img")).to_have_count(0)
    assert page.evaluate("() => window.dvHostile") is None

    first = lassoed(explorer)
    passes = brushed(explorer)
    # What the filters hide is not selected on the map.
    explorer.plot.focus()
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    explorer.expect_selected(ids[passes])
    explorer.plot.focus()
    page.keyboard.press("Escape")
    expect(explorer.selection).to_contain_text("Nothing selected")

    # A value is a filter; undo restores step by step, a gesture at a time.
    explorer.facets.get_by_role("button", name="dog:").click()
    explorer.expect_passing(passes & (explorer.columns["label"] == "dog"))
    for _ in ("the value", "Escape", "Enter"):
        page.keyboard.press("Control+z")
        explorer.expect_passing(passes)
    explorer.expect_selected(ids[first])


@pytest.mark.own_page
def test_axe_finds_nothing_serious_light_or_dark_wide_or_narrow(lab):
    explorer = Explorer(lab)
    canvas = explorer.canvas
    samples = canvas.get_by_test_id("dv-samples")
    expect(samples.get_by_role("row").nth(1)).to_be_visible()
    expect(canvas.get_by_role("tablist", name="Parts of the page")).to_be_hidden()
    # The rarest first, as the report says.
    order = np.argsort(explorer.columns["familiarity_dense"], kind="stable")
    expect(samples.locator("[data-place='0']")).to_have_attribute("data-id", explorer.columns["id"][order[0]])
    samples.locator("[data-place='0']").focus()
    for _ in range(30):
        lab.page.keyboard.press("ArrowDown")
    expect(samples.locator("[data-place='30']")).to_be_focused()
    lab.page.keyboard.press("Space")
    explorer.expect_selected([explorer.columns["id"][order[30]]])
    where = ".jp-MainAreaWidget [data-testid='dv-canvas']"
    for wide in (True, False):
        if not wide:
            lab.page.set_viewport_size({"width": 900, "height": 800})
            tabs = canvas.get_by_role("tablist", name="Parts of the page")
            tabs.get_by_role("tab", name="Columns").click()
            expect(explorer.plot).to_be_hidden()
            lab.screenshot(RESULTS / "dataset-narrow-columns-light.png")
            tabs.get_by_role("tab", name="Samples").click()
            expect(samples.get_by_role("grid", name="Samples")).to_be_visible()
            lab.screenshot(RESULTS / "dataset-narrow-samples-light.png")
            tabs.get_by_role("tab", name="Projection").click()
            expect(explorer.plot).to_be_visible()
        for light in (False, True):
            lab.theme(light=light)
            assert severe_findings(lab.page, where) == []
            lab.screenshot(RESULTS / f"dataset-{'wide' if wide else 'narrow'}-{'light' if light else 'dark'}.png")
