"""Stop is heard while the very cell that started the run is busy, and what was computed is kept."""

from __future__ import annotations

from playwright.sync_api import expect
from test_live import SOURCE, START

# The cell waits for the run and then for the file `{name}-end`: it is busy until the test allows it to end.
BUSY = (
    START
    + """
display(run)
try:
    results = run.wait()
finally:
    while not os.path.exists("{name}-end"):
        time.sleep(0.02)
"""
)
SHOW = "print(run.status, results['iua'].results['dense'].samples, results['pfa'].failed_responses)"
BLOCKING = """
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    iua = IUA.introspect(Source("blocking", 8, {3}), batch_size=32)
while not os.path.exists("blocking-end"):
    time.sleep(0.02)
"""


def begin(lab, name, kernel="python3"):
    cells = ("%load_ext deepview_lab", SOURCE, BUSY.format(name=name, held="{3}"), SHOW.format(name=name))
    lab.write_notebook(f"{name}.ipynb", *cells, kernel=kernel)
    lab.open(f"{name}.ipynb")
    lab.show_panel()
    for index in range(4):
        lab.run_cell(index)
    expect(lab.card(name)).to_have_attribute("data-status", "running")
    expect(lab.output_canvas.get_by_test_id("dv-progress")).to_contain_text("96 of 256")


def finish(lab, name):
    (lab.root / f"{name}-end").touch()
    expect(lab.cell(3).locator(".jp-OutputArea")).to_contain_text("cancelled 96 ()")


def test_stop_in_the_panel_is_heard_mid_cell(lab):
    begin(lab, "panel")
    lab.card("panel").get_by_test_id("dv-cancel").click()
    expect(lab.card("panel")).to_have_attribute("data-status", "cancelled")
    expect(lab.output_canvas).to_have_attribute("data-status", "cancelled")
    lab.expect_busy(2)
    finish(lab, "panel")


def test_stop_in_the_canvas_is_heard_mid_cell(lab):
    begin(lab, "canvas")
    lab.output_canvas.get_by_test_id("dv-cancel").click()
    expect(lab.output_canvas).to_have_attribute("data-status", "cancelled")
    lab.expect_busy(2)
    finish(lab, "canvas")


def test_a_blocking_introspect_shows_up_in_the_panel_and_can_be_stopped_there(lab):
    shown = "print(iua.results['dense'].samples)"
    lab.write_notebook("blocking.ipynb", "%load_ext deepview_lab", SOURCE, BLOCKING, shown)
    lab.open("blocking.ipynb")
    lab.show_panel()
    for index in range(4):
        lab.run_cell(index)
    card = lab.card("iua · Source")
    expect(card).to_have_attribute("data-status", "running")
    card.get_by_test_id("dv-open").click()
    expect(lab.tab_canvas.get_by_test_id("dv-progress")).to_contain_text("96 of 256")
    card.get_by_test_id("dv-cancel").click()
    expect(card).to_have_attribute("data-status", "cancelled")
    lab.page.locator(".lm-TabBar-tab", has_text="blocking.ipynb").first.click()
    lab.expect_busy(2)
    (lab.root / "blocking-end").touch()
    expect(lab.cell(3).locator(".jp-OutputArea")).to_contain_text("96")


def test_pause_rests_mid_cell_and_resume_goes_on(lab):
    begin(lab, "paused")
    canvas = lab.output_canvas
    lab.card("paused").get_by_test_id("dv-pause").click()
    expect(canvas).to_have_attribute("data-status", "paused")
    (lab.root / "paused-go-3").touch()
    lab.expect_busy(2)
    canvas.get_by_test_id("dv-pause").click()
    expect(canvas).to_have_attribute("data-status", "done")
    (lab.root / "paused-end").touch()
    expect(lab.cell(3).locator(".jp-OutputArea")).to_contain_text("done 256 ()")
