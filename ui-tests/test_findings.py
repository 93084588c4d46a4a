"""Label problems, projection and report, asked for in the panel's form: stages, planted answers, the same as code."""

from __future__ import annotations

import json
import re

import pytest
from axe import severe_findings
from lab import RESULTS
from playwright.sync_api import expect

# Three clusters of 50 samples, told apart by the number modulo 3. Two labels are wrong; one training sample is there
# again among the test data.
DATA = """
import numpy as np
from deepview_lab.base import Batch
from deepview_lab.samples import StubProducer
rng = np.random.default_rng(0)
kind = np.arange(150) % 3
values = (rng.normal(size=(150, 8)) + 8 * np.eye(8)[kind]).astype(np.float32)
values[91] = values[4]
names = np.array(["cat", "dog", "cow"])[kind]
names[[10, 100]] = ["cow", "cat"]
pets = StubProducer({"dense": values}, {
    Batch.StdKeys.LABELS: {"label": list(names), "dataset": ["train"] * 90 + ["test"] * 60},
    Batch.StdKeys.IDENTIFIER: [f"pet-{i}" for i in range(150)],
})
%load_ext deepview_lab
"""
# Keeps all that the newest card ever said of how far it is.
WATCH = """() => {
  window.dvSaid = new Set();
  new MutationObserver(() => {
    window.dvSaid.add(document.querySelector('[data-testid="dv-run"] [data-testid="dv-progress"]')?.innerText ?? '');
  }).observe(document.querySelector('[data-testid="dv-side-panel"]'),
    { subtree: true, childList: true, characterData: true });
}"""


def choose_alone(panel, name):
    """Check this analysis in the panel's form and no other."""
    form = panel.get_by_test_id("dv-run-form")
    for box in form.get_by_role("group").get_by_role("checkbox").all():
        box.uncheck()
    form.get_by_role("checkbox", name=name).check()


class Asked:
    """One question in the panel of a notebook, and its answer in a canvas.

    Parameters
    ----------
    lab : Lab
        The window.
    panel : Locator
        DeepView's panel.
    """

    def __init__(self, lab, panel):
        self.lab = lab
        self.panel = panel
        self.form = panel.get_by_test_id("dv-run-form")
        self._before = 0

    def run(self, name, stage=None):
        """Run this analysis alone and open its page in a tab; its card must have told of the ``stage``, if given."""
        choose_alone(self.panel, name)
        self.lab.page.evaluate(WATCH)
        self.panel.get_by_test_id("dv-run-button").click()
        cards = self.panel.get_by_test_id("dv-run")
        expect(cards).to_have_count(self._before + 1)
        self._before += 1
        card = cards.first
        expect(card).to_have_attribute("data-status", "done", timeout=180_000)
        if stage is not None:
            said = " | ".join(self.lab.page.evaluate("() => [...window.dvSaid]"))
            assert re.search(stage, said), said
        expect(card.get_by_test_id("dv-progress")).to_contain_text("150 samples")
        card.get_by_test_id("dv-open").click()
        return self.found(self.lab.tab_canvas)

    def found(self, canvas):
        expect(canvas).to_have_attribute("data-status", "done", timeout=180_000)
        found = self.lab.findings(canvas)
        expect(found.get_by_role("table")).to_be_visible()
        return found

    def as_code(self, face, cell):
        """Leave the tab, insert the same as a cell, run it, and return what it finds."""
        page = self.lab.page
        page.locator(".lm-TabBar-tab", has_text=": DeepView").locator(".lm-TabBar-tabCloseIcon").click()
        expect(self.lab.tab_canvas).to_have_count(0)
        page.locator(".lm-TabBar-tab", has_text="findings.ipynb").first.click()
        page.evaluate("at => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = at; }", cell - 1)
        self.panel.get_by_test_id("dv-insert-code").click()
        inserted = self.lab.cell(cell)
        expect(inserted).to_contain_text(f'{face}.spec(pool="average")')
        self.lab.run_cell(cell)
        self.lab.expect_done(cell)
        self._before += 1
        inserted.scroll_into_view_if_needed()
        return self.found(inserted.get_by_test_id("dv-canvas"))


def table(found):
    """All rows of the table on show as dictionaries, pages and all."""
    while found.get_by_test_id("dv-more").count() > 0:
        found.get_by_test_id("dv-more").click()
    heads = found.locator("thead th").all_inner_texts()
    rows = found.locator("tbody tr").evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")
    return [dict(zip(heads, row, strict=True)) for row in rows]


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def narrow(lab, panel, width=260):
    """Give the panel the least width that is supported."""
    lab.page.evaluate(
        """([panel, width]) => {
          const split = window.jupyterapp.shell._hsplitPanel;
          const total = split.node.offsetWidth;
          const sizes = split.widgets.map(side => side.node.contains(panel) ? width : side.node.offsetWidth);
          const main = split.widgets.findIndex(side => side.id === 'jp-main-vsplit-panel');
          sizes[main] += total - sizes.reduce((sum, size) => sum + size, 0);
          split.setRelativeSizes(sizes);
        }""",
        [panel.element_handle(), width],
    )
    lab.page.wait_for_function(
        "([panel, width]) => Math.abs(panel.offsetWidth - width) < 16", arg=[panel.element_handle(), width]
    )


def agrees(shown, called):
    """Whether a table on the page says what the rows of a DataFrame do, as precisely as it shows them."""
    if [list(row) for row in shown] != [list(row) for row in called]:
        return False
    return all(
        same(row[head], value) for row, known in zip(shown, called, strict=True) for head, value in known.items()
    )


def same(text, value):
    if not isinstance(value, float):
        return text == str(value)
    return abs(number(text) - value) <= 0.51 * 10.0 ** -len(text.partition(".")[2])


@pytest.fixture
def asked(lab):
    lab.write_notebook("findings.ipynb", DATA)
    lab.open("findings.ipynb")
    panel = lab.show_panel()
    lab.run_cell(0)
    expect(panel.get_by_test_id("dv-run-form").get_by_test_id("dv-data")).to_have_value("pets")
    return Asked(lab, panel)


@pytest.mark.timeout(900)
def test_what_was_planted_is_found_from_the_form_and_by_the_code_that_it_inserts(lab, asked):
    found = asked.run("Label problems")
    problems = table(found)
    assert {row["id"]: (row["label"], row["suggested"]) for row in problems} == {
        "pet-10": ("cow", "dog"),
        "pet-100": ("cat", "dog"),
    }
    lab.screenshot(RESULTS / "labels-light.png")
    assert table(asked.as_code("LabelProblems", 1)) == problems

    # The first one of a kernel takes seconds. The others may be done before a stage is seen.
    found = asked.run("Projection", r"(Compiling|Fitting) UMAP")
    expect(found).to_contain_text("Positions of 150 samples by dense.")
    expect(found.locator("tbody tr")).to_have_count(50)
    positions = table(found)
    assert [row["id"] for row in positions] == [f"pet-{i}" for i in range(150)]
    places = [(number(row["x"]), number(row["y"])) for row in positions]
    middles = [[sum(axis) / 50 for axis in zip(*places[kind::3], strict=True)] for kind in range(3)]
    for index, (x, y) in enumerate(places):
        away = [(x - mx) ** 2 + (y - my) ** 2 for mx, my in middles]
        assert away.index(min(away)) == index % 3
    assert table(asked.as_code("DimensionReduction", 2)) == positions

    found = asked.run("Dataset report")
    report = table(found)
    assert {row["id"] for row in report} == {f"pet-{i}" for i in range(150)}
    sets = {row["id"]: row["duplicates_dense"] for row in report}
    others = [name for name in sets if name not in ("pet-4", "pet-91")]
    assert sets["pet-4"] == sets["pet-91"]
    assert sets["pet-4"] not in {sets[name] for name in others}
    rarest = [number(row["familiarity_dense"]) for row in report]
    assert rarest == sorted(rarest)
    lab.screenshot(RESULTS / "report-page-light.png")
    again = asked.as_code("DatasetReport", 3)
    assert table(again) == report
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = lab.page.evaluate(active)
    again.focus()
    lab.page.keyboard.press("Home")
    lab.page.wait_for_function("() => document.activeElement.scrollTop === 0")
    lab.page.keyboard.press("PageDown")  # which scrolls the table, not the notebook
    lab.page.wait_for_function("() => document.activeElement.scrollTop > 0")
    lab.page.keyboard.press("ArrowUp")
    assert lab.page.evaluate(active) == before


CALLED = """
import json, pathlib
from deepview_lab.introspectors import LabelProblems
called = {}
for evidence in ("both", "neighbours", "familiarity"):
    found = LabelProblems.introspect(pets, pool="average", evidence=evidence)
    called[evidence] = LabelProblems.show(found).to_dict("records")
pathlib.Path("called.json").write_text(json.dumps(called))
"""


@pytest.mark.own_page
def test_one_evidence_chosen_in_the_form_finds_what_the_same_call_in_a_cell_finds(lab, asked):
    words, evidence = "likeness only", "familiarity"
    choose_alone(asked.panel, "Label problems")
    asked.form.get_by_test_id("dv-evidence").select_option(label=words)
    narrow(lab, asked.panel)
    lab.screenshot(RESULTS / f"evidence-form-{evidence}.png")
    shown = table(asked.run("Label problems"))
    lab.screenshot(RESULTS / f"evidence-{evidence}.png")
    lab.page.locator(".lm-TabBar-tab", has_text="findings.ipynb").first.click()
    asked.panel.get_by_test_id("dv-insert-code").click()
    expect(lab.cell(1)).to_contain_text(f'evidence="{evidence}"')
    lab.page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource(code)", CALLED
    )
    lab.run_cell(1)
    lab.expect_done(1)
    called = json.loads((lab.root / "called.json").read_text())
    assert agrees(shown, called[evidence])
    assert not [name for name in called if name != evidence and agrees(shown, called[name])]


THREE = """
from deepview_lab.introspectors import Duplicates, IUA, LabelProblems
import deepview_lab
run = deepview_lab.start(pets, IUA.spec(), Duplicates.spec(), LabelProblems.spec(), name="three")
run.wait()
"""


def test_the_pages_go_by_keyboard_and_axe_finds_nothing_serious_light_or_dark(lab):
    lab.write_notebook("pages.ipynb", DATA, THREE)
    lab.open("pages.ipynb")
    lab.show_panel()
    for index in range(2):
        lab.run_cell(index)
        lab.expect_done(index)
    lab.card("three").get_by_test_id("dv-open").click()
    canvas = lab.tab_canvas
    pages = canvas.get_by_role("toolbar", name="Page")
    pages.get_by_role("button", name="Layers").focus()
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    expect(pages.get_by_role("button", name="Label problems")).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(pages.get_by_role("button", pressed=True)).to_have_text("Label problems")
    found = canvas.get_by_role("region", name="Label problems")
    expect(found.get_by_role("table", name="Label problems")).to_be_visible()
    expect(found.get_by_role("rowheader")).to_have_text(["pet-100", "pet-10"])
    lab.page.keyboard.press("Shift+Tab")
    lab.page.keyboard.press("Tab")
    expect(pages.get_by_role("button", name="Label problems")).to_be_focused()
    for _ in range(8):  # a page that is too wide is scrolled by keyboard
        if found.evaluate("element => element === document.activeElement"):
            break
        lab.page.keyboard.press("Tab")
    expect(found).to_be_focused()
    for light in (True, False):
        lab.theme(light=light)
        assert severe_findings(lab.page, ".jp-MainAreaWidget [data-testid='dv-canvas']") == []
        assert severe_findings(lab.page, "[data-testid='dv-side-panel']") == []
        lab.screenshot(RESULTS / f"pages-{'light' if light else 'dark'}.png")
