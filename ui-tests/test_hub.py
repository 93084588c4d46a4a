"""A server as a hub runs it: below a path, for clients with a token, with the check against forged requests."""

from __future__ import annotations

import pytest
from lab import Lab
from pages import PageErrors, new_page
from playwright.sync_api import expect
from server import Server
from test_live import SOURCE, START, release, row
from test_panel import DATA, source

TOKEN = "let-me-in"
FORGED = "async url => (await fetch(url, { method: 'POST', body: '{}' })).status"


@pytest.fixture
def hub(browser, tmp_path):
    """A window of somebody who came with the token."""
    root = tmp_path / "root"
    root.mkdir()
    served = Server(tmp_path / "jupyter", root, base_url="/user/jo", token=TOKEN)
    page = new_page(browser)
    errors = PageErrors(page)
    try:
        served.start()
        yield Lab(page, served.url, root)
    finally:
        page.context.close()
        served.stop()
    assert errors.of_deepview == []


def test_below_a_path_with_token_and_xsrf_check_the_panel_and_the_live_table_work(hub):
    assert hub.page.request.get(f"{hub.url}/api/sessions").status == 403
    hub.page.goto(f"{hub.url}/lab?token={TOKEN}")
    assert hub.page.evaluate(FORGED, f"{hub.url}/api/contents") == 403
    hub.page.goto("about:blank")

    cells = ("%load_ext deepview_lab", SOURCE, START.format(name="hub", held="{3}"), "run", DATA)
    hub.write_notebook("hub.ipynb", *cells)
    hub.open("hub.ipynb")
    panel = hub.show_panel()
    for index in range(4):
        hub.run_cell(index)
    expect(hub.card("hub")).to_contain_text("batch 3 / 8")
    expect(row(hub.output_canvas, "conv/relu")).to_contain_text("%")
    release(hub, "hub", 3)
    expect(hub.output_canvas).to_have_attribute("data-status", "done")

    hub.run_cell(4)
    source(panel, "scaled").click()
    panel.get_by_test_id("dv-run-button").click()
    expect(panel.get_by_test_id("dv-run")).to_have_count(2)
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-open").click()
    expect(row(hub.tab_canvas, "relu")).to_contain_text("%")

    card.get_by_test_id("dv-save-report").click()
    report = panel.get_by_test_id("dv-report")
    expect(report).to_have_count(1)
    report.get_by_test_id("dv-report-menu").click()
    hub.page.locator(".lm-Menu-item", has_text="Delete").click()
    hub.page.locator(".jp-Dialog").get_by_role("button", name="Delete").click()
    expect(report).to_have_count(0)
    assert list(hub.root.glob("*.dvreport")) == []
