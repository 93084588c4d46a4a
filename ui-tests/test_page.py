"""A page opened from disk without a network: the run's numbers, filters, selections, details. No name is run."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from axe import severe_findings
from lab import PATIENCE, RESULTS
from playwright.sync_api import expect
from test_live import row

import deepview_lab
from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.projection.strategies import PCA
from deepview_lab.base import Batch
from deepview_lab.introspectors import IUA, PFA, DatasetReport
from deepview_lab.samples import StubProducer

HOSTILE = "</script><img src=x onerror=window.hacked=1>"


class Opened:
    """A page in a window of its own, which cannot reach any network."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900}, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests = []
        self.errors = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.goto(path.as_uri())
        self.canvas = self.page.get_by_test_id("dv-canvas")

    def close(self):
        self.context.close()
        outside = [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))]
        assert (outside, self.errors) == ([], [])


@pytest.fixture(scope="module")
def run():
    rng = np.random.default_rng(0)
    relu = np.maximum(rng.normal(size=(320, 4, 4, 6)), 0)
    relu[..., 2] = 0
    data = StubProducer({"relu": relu, "dense": rng.normal(size=(320, 12)), HOSTILE: rng.normal(size=(320, 8))})
    run = deepview_lab.start(data, IUA.spec(), PFA.spec(pool="average"), name=f"audit {HOSTILE}")
    run.wait(300)
    return run


@pytest.fixture(scope="module")
def path(run, tmp_path_factory):
    return run.to_html(tmp_path_factory.mktemp("page") / "audit.html")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_shows_the_runs_numbers_and_filters_selects_and_opens_a_layer(browser, run, path, theme):
    opened = Opened(browser, path, color_scheme=theme)
    page, canvas = opened.page, opened.canvas
    expect(canvas).to_have_attribute("data-status", "done")
    expect(page.locator(".dv-root")).to_have_attribute("data-dv-theme", theme)
    assert page.evaluate("window.hacked") is None
    share = run.results["iua"].results["relu"].mean_inactive / 96
    expect(row(canvas, "relu")).to_contain_text(f"{100 * share:.1f}%")
    keep = run.results["pfa"].get_recipe(strategy=PFA.Strategy.KL())["dense"].recommended_output_count
    expect(row(canvas, "dense")).to_contain_text(f"{keep} / 12")
    expect(page.get_by_test_id("dv-report-header")).to_contain_text("Samples320")
    page.screenshot(path=RESULTS / f"page-{theme}.png")

    row(canvas, "dense").click()
    detail = page.get_by_test_id("dv-layer-detail")
    expect(detail.get_by_test_id("dv-figure-keep")).to_contain_text(f"{keep} of 12")
    row(canvas, HOSTILE).click()
    expect(detail).to_have_attribute("data-layer", HOSTILE)
    page.screenshot(path=RESULTS / f"page-detail-{theme}.png")
    page.get_by_test_id("dv-filter").fill("dense")
    expect(row(canvas, "relu")).to_have_count(0)
    expect(row(canvas, "dense")).to_be_visible()
    assert severe_findings(page, "body") == []
    opened.close()


@pytest.mark.parametrize(
    ("strategy", "value"), [("Energy", 0.5), ("Energy", 0.99), ("Size", 0.25), ("Size", 0.5), ("Size", 0.8)]
)
def test_other_strategies_count_what_python_counts(browser, run, path, strategy, value):
    opened = Opened(browser, path)
    recipe = run.results["pfa"].get_recipe(strategy=getattr(PFA.Strategy, strategy)(value))
    opened.canvas.locator(f'input[type="radio"][value="{strategy.lower()}"]').check(force=True)
    opened.page.get_by_test_id("dv-strategy-value").fill(str(value))
    for layer, units in (("relu", 6), ("dense", 12), (HOSTILE, 8)):
        keep = recipe[layer].recommended_output_count
        expect(row(opened.canvas, layer)).to_contain_text(f"{keep} / {units}")
    opened.close()


def test_theme_details_json_and_print(browser, run, path):
    opened = Opened(browser, path, color_scheme="light")
    page = opened.page
    page.get_by_test_id("dv-page-theme").click()
    expect(page.locator(".dv-root")).to_have_attribute("data-dv-theme", "dark")
    page.get_by_test_id("dv-page-details").click()
    expect(page.get_by_test_id("dv-report-header")).to_contain_text("not in it: data, weights, code")
    with page.expect_download() as download:
        page.get_by_test_id("dv-page-json").click()
    told = json.loads(download.value.path().read_text())
    columns = run.snapshot("iua").columns()
    assert told["run"]["name"] == run.name
    np.testing.assert_array_equal(told["tables"]["iua"]["columns"]["inactiveMean"], columns["inactive_mean"])
    page.emulate_media(media="print")
    expect(page.locator("#dv-static")).to_be_visible()
    expect(page.locator("#dv-page")).to_be_hidden()
    page.screenshot(path=RESULTS / "page-print.png", full_page=True)
    opened.close()


def test_where_scripts_are_blocked_a_static_table_shows(browser, path):
    opened = Opened(browser, path, java_script_enabled=False)
    table = opened.page.locator("#dv-static table")
    expect(table).to_be_visible()
    expect(table).to_contain_text("relu")
    opened.page.screenshot(path=RESULTS / "page-static.png")
    opened.close()


def test_a_page_of_a_stranger_says_what_is_wrong_and_runs_nothing(browser, path, tmp_path):
    text = path.read_text()
    for name, (old, new) in {
        "newer": ('"v":1,"run"', '"v":2,"run"'),
        "lying": ('"sizes":[', '"sizes":[9'),
        "broken": ('"messages":[', '"messages":[['),
    }.items():
        damaged = tmp_path / f"{name}.html"
        damaged.write_text(text.replace(old, new, 1))
        opened = Opened(browser, damaged)
        expect(opened.page.get_by_role("alert")).to_be_visible()
        expect(opened.page.locator("#dv-static table")).to_be_visible()
        opened.close()
    # A second script, however it came in, is not ours: the policy stops it.
    foreign = tmp_path / "foreign.html"
    foreign.write_text(text.replace("</body>", "<script>window.hacked = 1</script></body>"))
    opened = Opened(browser, foreign)
    expect(opened.canvas).to_have_attribute("data-status", "done")
    assert opened.page.evaluate("window.hacked") is None
    assert re.search("Content Security Policy", opened.errors.pop())
    opened.close()


def test_export_in_the_canvas_writes_a_page_beside_the_notebook(lab, browser):
    cell = """
import numpy as np, deepview_lab
from deepview_lab.introspectors import IUA
from deepview_lab.samples import StubProducer
run = deepview_lab.start(StubProducer({"relu": np.eye(6)}), IUA.spec(), name="exported")
run.wait()
"""
    lab.write_notebook("export.ipynb", "%load_ext deepview_lab", cell)
    lab.open("export.ipynb")
    lab.show_panel()
    for index in range(2):
        lab.run_cell(index)
        lab.expect_done(index)
    lab.card("exported").get_by_test_id("dv-open").click()
    lab.tab_canvas.get_by_test_id("dv-export").click()
    told = lab.tab_canvas.get_by_test_id("dv-exported")
    expect(told).to_contain_text("exported.html. In the page:")
    expect(told).to_contain_text("not in it: data, weights, code, local paths")
    lab.screenshot(RESULTS / "page-exported.png")
    opened = Opened(browser, lab.root / "exported.html")
    expect(row(opened.canvas, "relu")).to_be_visible()
    opened.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dataset_page_filters_and_selects_without_a_kernel(browser, tmp_path, theme):
    rng = np.random.default_rng(3)
    values = (np.repeat(4 * rng.normal(size=(3, 12)), 200, axis=0) + rng.normal(size=(600, 12))).astype(np.float32)
    labels = {"label": list(np.repeat(["cat", "dog", HOSTILE], 200)), "dataset": ["train"] * 400 + ["test"] * 200}
    ids = [f"pet-{i}" for i in range(600)]
    pets = StubProducer({"dense": values}, {Batch.StdKeys.LABELS: labels, Batch.StdKeys.IDENTIFIER: ids})
    run = deepview_lab.start(pets, DatasetReport.spec(config=ReportConfig(projection=PCA(2))), name="pets")
    run.wait(300)
    data = run.results["report"].data
    opened = Opened(browser, run.to_html(tmp_path / "pets.html"), color_scheme=theme)
    page = opened.page
    page.get_by_test_id("dv-page-switch").get_by_role("button", name="Dataset", exact=True).click()
    expect(page.get_by_test_id("dv-passing")).to_have_text("600 of 600")
    page.get_by_test_id("dv-facets").get_by_role("button", name="dog:").click()
    expect(page.get_by_test_id("dv-passing")).to_have_text("200 of 600")
    scores = data["familiarity_dense"].to_numpy()[200:400]
    bound = float(np.round(np.median(scores), 3))
    field = page.get_by_test_id("dv-expression")
    field.fill(f"familiarity_dense < {bound}")
    field.press("Enter")
    count = int((scores < bound).sum())
    expect(page.get_by_test_id("dv-passing")).to_have_text(f"{count} of 600")
    page.get_by_role("button", name=f"Select all {count}").click()
    expect(page.get_by_test_id("dv-selection").locator("[data-selected]")).to_have_attribute(
        "data-selected", str(count)
    )
    assert page.evaluate("window.hacked") is None
    expect(page.locator("#dv-page img")).to_have_count(0)
    page.screenshot(path=RESULTS / f"page-dataset-{theme}.png")
    with page.expect_download() as download:
        page.get_by_test_id("dv-page-json").click()
    told = json.loads(download.value.path().read_text())["samples"]["report"]
    assert told["rows"] == 600
    for column in run.sample_table("report").columns:
        values = [None if value == "" else value for value in column.array().tolist()]
        assert told["columns"][column.name] == values, column.name
    opened.close()
