"""Come back tomorrow: a report that was saved from the panel is opened there by a new kernel, with the same numbers."""

from __future__ import annotations

import re

from axe import severe_findings
from lab import RESULTS
from playwright.sync_api import expect
from test_live import row
from test_panel import open_with

RUN = """
import numpy as np, deepview_lab
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer
rng = np.random.default_rng(0)
relu = np.maximum(rng.normal(size=(320, 4, 4, 6)), 0)
relu[..., 2] = 0
source = StubProducer({"relu": relu, "dense": rng.normal(size=(320, 12))})
run = deepview_lab.start(source, IUA.spec(), PFA.spec(pool="average"), name="audit")
"""


def report(panel, path):
    return panel.locator(f'[data-testid="dv-report"][data-path="{path}"]')


def new_kernel(lab):
    """Shut the kernel down and start another one."""
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.changeKernel({ name: 'python3' }).then(() => null)"
    )
    lab.wait_for_kernel()


def show_notebook(lab, name):
    lab.page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text=f"{name}.ipynb").first.click()


def test_saved_from_the_card_and_opened_by_a_new_kernel_the_numbers_are_the_same(lab):
    name = "tomorrow"
    panel = open_with(lab, name, RUN)
    expect(panel.get_by_test_id("dv-reports")).to_be_visible()
    card = lab.card("audit")
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    cells = row(lab.tab_canvas, "relu").get_by_role("gridcell")
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(cells.first).to_contain_text("relu")
    told = cells.all_text_contents()
    show_notebook(lab, name)
    before = panel.get_by_test_id("dv-report").count()
    card.get_by_test_id("dv-save-report").click()
    news = panel.get_by_test_id("dv-report-news")
    expect(news).to_contain_text("Saved as audit")
    expect(panel.get_by_test_id("dv-report")).to_have_count(before + 1)
    path = re.search(r"Saved as (.*\.dvreport)\.", news.inner_text()).group(1)
    assert (lab.root / path).is_file()
    lab.page.locator(".lm-TabBar-tab", has_text="audit: DeepView").locator(".lm-TabBar-tabCloseIcon").click()

    new_kernel(lab)
    report(panel, path).get_by_test_id("dv-report-open").click()
    lab.screenshot(RESULTS / f"{name}-load.png")
    panel.get_by_test_id("dv-report-load").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.tab_canvas, "relu").get_by_role("gridcell")).to_have_text(told)
    expect(lab.tab_canvas.locator(".dv-State.pill")).to_have_text("Saved")
    row(lab.tab_canvas, "relu").click()
    expect(lab.tab_canvas.get_by_test_id("dv-layer-detail")).to_contain_text("relu")
    lab.screenshot(RESULTS / f"{name}-opened.png")
    assert severe_findings(lab.page, '[data-testid="dv-side-panel"]') == []


def test_by_keyboard_a_report_is_inserted_as_code_and_deleted(lab):
    panel = open_with(lab, "keys", RUN, 'run.wait(); run.save("by-keys.dvreport")')
    item = report(panel, "by-keys.dvreport")
    item.get_by_test_id("dv-report-open").focus()
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")
    menu = lab.page.locator(".lm-Menu")
    expect(menu).to_contain_text("Insert as Code")
    lab.screenshot(RESULTS / "reports-menu.png")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    inserted = lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="open_report")
    expect(inserted).to_contain_text('deepview_lab.open_report("by-keys.dvreport")')
    lab.run_cell(3)
    lab.expect_done(3)
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.output_canvas, "relu")).to_contain_text("%")
    expect(lab.output_canvas.locator(".dv-State.pill")).to_have_text("Saved")

    item.get_by_test_id("dv-report-menu").click()
    lab.page.locator(".lm-Menu-item", has_text="Delete").click()
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("by-keys.dvreport")
    dialog.get_by_role("button", name="Delete").click()
    expect(item).to_have_count(0)
    assert not (lab.root / "by-keys.dvreport").exists()


def test_by_keyboard_a_report_is_renamed_and_a_keptthat_is_taken_is_refused(lab):
    save = 'run.wait(); run.save("first.dvreport"); run.save("second.dvreport")'
    panel = open_with(lab, "rename", RUN, save)
    dialog = lab.page.locator(".jp-Dialog")
    menu = lab.page.locator(".lm-Menu")

    def name(path, text):
        report(panel, path).get_by_test_id("dv-report-menu").focus()
        lab.page.keyboard.press("Enter")
        expect(menu).to_be_visible()
        for _ in range(3):
            lab.page.keyboard.press("ArrowDown")
        lab.page.keyboard.press("Enter")
        expect(dialog).to_contain_text("New name")
        lab.page.keyboard.type(text)
        lab.page.keyboard.press("Enter")

    name("first.dvreport", "../up")
    expect(dialog).to_contain_text("A name must not contain")
    lab.screenshot(RESULTS / "reports-rename.png")
    lab.page.keyboard.type("second")
    lab.page.keyboard.press("Enter")
    news = panel.get_by_test_id("dv-report-news")
    expect(news).to_contain_text("first.dvreport was not renamed: second.dvreport already exists.")
    lab.screenshot(RESULTS / "reports-rename-refused.png")
    name("first.dvreport", "third")
    expect(report(panel, "third.dvreport")).to_be_visible()
    expect(report(panel, "first.dvreport")).to_have_count(0)
    expect(report(panel, "third.dvreport").locator(":focus")).to_have_count(1)
    assert not (lab.root / "first.dvreport").exists()
    for kept in ("second", "third"):
        (lab.root / f"{kept}.dvreport").unlink()


def test_a_kernel_that_works_elsewhere_saves_and_opens_the_files_of_the_panel(lab):
    (lab.root / "work").mkdir(exist_ok=True)
    panel = open_with(lab, "work/moved", RUN, "import os; run.wait(); os.chdir('/')")
    lab.card("audit").get_by_test_id("dv-save-report").click()
    expect(panel.get_by_test_id("dv-report-news")).to_contain_text("Saved as work/audit.dvreport.")
    assert (lab.root / "work" / "audit.dvreport").is_file()
    report(panel, "work/audit.dvreport").get_by_test_id("dv-report-open").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.tab_canvas, "dense")).to_be_visible()
    (lab.root / "work" / "audit.dvreport").unlink()


def test_in_a_folder_the_reports_of_deepview_are_found_and_a_damaged_file_says_so(lab):
    (lab.root / "work").mkdir(exist_ok=True)
    (lab.root / "deepview").mkdir(exist_ok=True)
    (lab.root / "deepview" / "broken.dvreport").write_bytes(b"no report at all")
    panel = open_with(lab, "work/nested", RUN, 'run.wait(); path = run.save("../deepview/shared.dvreport")')
    shared = report(panel, "deepview/shared.dvreport")
    shared.get_by_test_id("dv-report-open").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.tab_canvas, "dense")).to_be_visible()
    report(panel, "deepview/broken.dvreport").get_by_test_id("dv-report-open").click()
    news = panel.get_by_test_id("dv-report-news")
    expect(news).to_contain_text("is no report of DeepView Lab, or damaged")
    lab.screenshot(RESULTS / "reports-damaged.png")
    (lab.root / "deepview" / "shared.dvreport").unlink()
    shared.get_by_test_id("dv-report-open").click()
    expect(news).to_contain_text(f"The kernel finds no file {lab.root / 'deepview' / 'shared.dvreport'}")
    shared.get_by_test_id("dv-report-menu").click()
    lab.page.locator(".lm-Menu-item", has_text="Show in File Browser").click()
    expect(lab.page.locator(".jp-FileBrowser")).to_be_visible()
    for file in (lab.root / "deepview").iterdir():
        file.unlink()
    (lab.root / "deepview").rmdir()
