"""A canvas of a table of the user's own, and what is chosen there and in Python."""

from __future__ import annotations

import json
import re

from axe import severe_findings
from lab import RESULTS
from playwright.sync_api import expect

DATA = """
import json, pathlib
import numpy as np, pandas as pd
import deepview_lab
%load_ext deepview_lab
rng = np.random.default_rng(5)
pets = pd.DataFrame({
    "id": [f"pet-{i}" for i in range(300)],
    "x": rng.normal(size=300), "y": rng.normal(size=300),
    "label": ["cat", "dog", "<b>cow</b>"] * 100,
    "stars": np.arange(300) % 5,
    "review": ["short", "تعمل بشكل جيد", "x" * 1_000_000] * 100,
})
pets.loc[7, "x"] = np.nan
rare = "mine"
canvas = deepview_lab.Canvas(pets, name="pets")
canvas
"""
CHOOSE = 'canvas.filter = \'label == "cat" and stars < 2\'\ncanvas.selected = ["pet-0", "pet-6"]'
TELL = """
pathlib.Path("told.json").write_text(json.dumps({
    "selected": canvas.selected, "filter": canvas.filter, "tags": canvas.tags, "excluded": canvas.excluded,
    "frame": canvas.selection_frame()["id"].tolist(), "rare": rare}))
"""
PICTURES = """
import numpy as np, pandas as pd, deepview_lab
%load_ext deepview_lab
def dot(i):
    picture = np.full((28, 28, 3), 30, dtype=np.uint8)
    picture[4:24, 4 + i % 10 : 14 + i % 10] = [200, 20 * (i % 12), 60]
    return picture
shots = pd.DataFrame({
    "id": [f"shot-{i}" for i in range(200)],
    "picture": [dot(i) if i % 7 else None for i in range(199)] + ["no-such-file.png"],
    "x": np.arange(200) % 20, "y": np.arange(200) // 20, "label": ["left", "right"] * 100,
    "predicted": ["left", "right"] * 90 + ["left", "left"] * 10,
})
canvas = deepview_lab.Canvas(shots, media="picture", name="shots")
canvas.selected = ["shot-1", "shot-7", "shot-199"]
canvas
"""
ODD = """
for name, odd in {
    "empty": pets[:0], "single": pets[:1], "equal": pets.assign(x=1.0, y=1.0), "nowhere": pets.assign(x=np.nan),
    "labels": pets.assign(label=[f"<i>{i}</i>" for i in range(300)]),
}.items():
    deepview_lab.Canvas(odd, name=name)
"""


def told(lab, index):
    (lab.root / "told.json").unlink(missing_ok=True)
    lab.run_cell(index)
    lab.expect_done(index)
    return json.loads((lab.root / "told.json").read_text())


def test_a_table_is_a_page_that_python_and_the_mouse_choose_on(lab):
    lab.write_notebook("frames.ipynb", DATA, CHOOSE, TELL, ODD)
    lab.open("frames.ipynb")
    lab.show_panel()
    lab.run_cell(0)
    lab.expect_done(0)
    canvas = lab.output_canvas
    passing = canvas.get_by_test_id("dv-passing")
    expect(passing).to_have_text("300 of 300")
    expect(canvas.get_by_test_id("dv-map-plot")).to_be_visible()
    expect(canvas.get_by_test_id("dv-facets")).to_contain_text("<b>cow</b>")

    # Python chooses, the page follows.
    lab.run_cell(1)
    lab.expect_done(1)
    expect(passing).to_have_text("40 of 300")
    selection = canvas.get_by_test_id("dv-selection")
    expect(selection).to_contain_text("2 selected")

    # The page chooses, Python follows; a variable is overwritten only when that was confirmed.
    canvas.get_by_test_id("dv-tag").click()
    canvas.get_by_test_id("dv-tag-name").fill("night")
    lab.page.keyboard.press("Enter")
    expect(canvas.get_by_test_id("dv-tags")).to_contain_text("night")
    canvas.get_by_test_id("dv-variable").fill("rare")
    canvas.get_by_test_id("dv-send").click()
    expect(canvas.get_by_test_id("dv-sent")).to_have_text("rare holds a str already.")
    found = told(lab, 2)
    assert found["selected"] == found["frame"] == ["pet-0", "pet-6"]
    assert (found["filter"], found["rare"]) == ('label == "cat" and stars < 2', "mine")
    assert found["tags"] == {"night": ["pet-0", "pet-6"]}
    canvas.get_by_test_id("dv-send").click()
    expect(canvas.get_by_test_id("dv-sent")).to_have_text("2 ids are in rare")
    assert told(lab, 2)["rare"] == ["pet-0", "pet-6"]

    canvas.get_by_test_id("dv-exclude").click()
    expect(passing).to_have_text("38 of 300")
    expect(canvas.get_by_test_id("dv-filters")).to_contain_text("not excluded")
    for theme, light in (("light", True), ("dark", False)):
        lab.theme(light=light)
        lab.screenshot(RESULTS / f"frames-inline-{theme}.png")


def test_odd_tables_have_a_page_and_nothing_of_them_is_html(lab):
    lab.write_notebook("odd.ipynb", DATA, ODD)
    lab.open("odd.ipynb")
    lab.show_panel()
    for index in range(2):
        lab.run_cell(index)
        lab.expect_done(index)
    for name, rows in (("empty", 0), ("single", 1), ("equal", 300), ("nowhere", 300), ("labels", 300), ("pets", 300)):
        lab.card(name).get_by_test_id("dv-open").click()
        canvas = lab.tab_canvas
        expect(canvas.get_by_test_id("dv-passing")).to_have_text(f"{rows} of {rows}")
        expect(canvas.locator("b:text-is('cow'), i:text-is('0')")).to_have_count(0)
        lab.page.locator(".lm-mod-current .lm-TabBar-tabCloseIcon").last.click()
    lab.card("pets").get_by_test_id("dv-open").click()
    expect(lab.tab_canvas.get_by_test_id("dv-passing")).to_have_text("300 of 300")
    lab.show_alone()
    where = ".jp-MainAreaWidget [data-testid='dv-canvas']"
    for theme, light in (("dark", False), ("light", True)):
        lab.theme(light=light)
        lab.screenshot(RESULTS / f"frames-{theme}.png")
        assert severe_findings(lab.page, where) == []


def test_pictures_are_shown_small_and_large_and_those_that_are_not_there_say_so(lab):
    lab.write_notebook("pictures.ipynb", PICTURES)
    lab.open("pictures.ipynb")
    lab.show_panel()
    lab.run_cell(0)
    lab.expect_done(0)
    lab.card("shots").get_by_test_id("dv-open").click()
    canvas = lab.tab_canvas
    expect(canvas).to_be_visible()
    lab.show_alone()
    samples = canvas.get_by_test_id("dv-samples")
    first = samples.locator("[data-id='shot-1']").get_by_test_id("dv-picture")
    expect(first).to_have_attribute("data-state", "shown")
    assert 'url("data:image/webp;base64,' in first.locator("i").get_attribute("style")
    expect(samples.locator("[data-id='shot-7']")).to_contain_text("none")
    broken = samples.locator("[data-id='shot-199']").get_by_test_id("dv-picture")
    expect(broken).to_have_attribute("data-state", "broken")
    expect(broken).to_have_attribute("title", re.compile("no-such-file.png"))
    samples.locator("[data-id='shot-1']").dblclick()
    large = canvas.get_by_test_id("dv-sample-view").get_by_test_id("dv-picture")
    expect(large).to_have_attribute("data-state", "shown")
    where = ".jp-MainAreaWidget [data-testid='dv-canvas']"
    for theme, light in (("dark", False), ("light", True)):
        lab.theme(light=light)
        lab.screenshot(RESULTS / f"pictures-{theme}.png")
        assert severe_findings(lab.page, where) == []
    lab.page.keyboard.press("Escape")
    canvas.get_by_role("tab", name="Labels").last.click()
    expect(canvas.get_by_test_id("dv-agreeing")).to_have_text("190 of 200 agree (95.0%)")
    canvas.get_by_role("button", name="right with left: 10").click()
    expect(canvas.get_by_test_id("dv-selection")).to_contain_text("10 selected")
    for theme, light in (("dark", False), ("light", True)):
        lab.theme(light=light)
        lab.screenshot(RESULTS / f"labels-{theme}.png")
        assert severe_findings(lab.page, where) == []
