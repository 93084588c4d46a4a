"""What goes wrong around a run: nothing that was computed is lost, and what can go on goes on."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from lab import RESULTS, Lab
from pages import new_page
from playwright.sync_api import expect
from proxy import Proxy
from server import Server
from test_live import SOURCE, START, release, row

# Held at the fourth batch: three are kept whatever happens.
KEPT = "This page keeps the results up to batch 3."
SHOWN_HERE = "Results up to batch 3 are shown here."
SHOWN = "display(run)\nos.getpid()"
BUSY = START + "\ntry:\n    run.wait()\nfinally:\n    print('left', run.status)"
# Comms of our targets, clients of the hub, subshells.
CENSUS = """
import comm, json
from deepview_lab.lab.session import session
targets = [made.target_name for made in list(comm.get_comm_manager().comms.values())]
print(json.dumps({name: targets.count(name) for name in ("deepview_lab", "deepview_lab.ctl", "deepview_lab.hello")}))
"""


@pytest.fixture
def window(browser, root):
    """Return a function that opens further windows, by any address; their console must stay free of errors."""
    contexts = []
    errors = []

    def open_window(url):
        page = new_page(browser)
        contexts.append(page.context)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return Lab(page, url, root)

    yield open_window
    for context in contexts:
        context.close()
    assert [error for error in errors if not is_others(error)] == []


def is_others(error):
    """Tell what browser and ipywidgets log: no answer from the server; a comm that asks a new kernel for widgets."""
    return re.search(
        r"WebSocket connection|Failed to load resource|net::ERR|NetworkError|Failed to fetch|Comm not found", error
    )


def begin(lab, name, *more):
    """Run cells that start a run, and wait until three of its eight batches are shown in panel and output."""
    cells = ("%load_ext deepview_lab", SOURCE, START.format(name=name, held="{3}"), SHOWN, *more)
    lab.write_notebook(f"{name}.ipynb", *cells)
    lab.open(f"{name}.ipynb")
    lab.show_panel()
    for index in range(4):
        lab.run_cell(index)
    expect(lab.card(name)).to_contain_text("batch 3 / 8")
    expect(lab.output_canvas.get_by_test_id("dv-progress")).to_contain_text("96 of 256")
    expect(row(lab.output_canvas, "conv/relu")).to_contain_text("%")


def expect_kept(lab, name, word):
    """Panel, output and tab say what happened and still show the numbers."""
    card = lab.card(name)
    expect(card).to_contain_text(KEPT)
    expect(lab.output_canvas).to_contain_text(KEPT)
    expect(lab.output_canvas.locator(".dv-State.pill")).to_have_text(word)
    expect(row(lab.output_canvas, "conv/relu")).to_contain_text("%")
    card.get_by_test_id("dv-open").click()
    expect(lab.tab_canvas).to_contain_text(KEPT)
    expect(row(lab.tab_canvas, "conv/relu")).to_contain_text("%")


def assert_saved_as_json(lab, place):
    """Save what the page holds from a card or a canvas: three batches of 32 samples, with the numbers shown."""
    with lab.page.expect_download() as downloading:
        place.get_by_test_id("dv-save-json").click()
    assert downloading.value.suggested_filename == "killed.json"
    saved = json.loads(Path(downloading.value.path()).read_text())
    assert saved["run"]["batches"] == 3
    columns = saved["tables"]["iua"]["columns"]
    index = columns["layer"].index("conv/relu")
    assert columns["samples"][index] == 96
    expect(row(lab.tab_canvas, "conv/relu")).to_contain_text(f"{100 * columns['inactiveMean'][index]:.1f}")


def pill(lab):
    return lab.show_panel().locator(".dv-SidePanel-head .dv-State.pill")


def dismiss(lab, title):
    """Close the dialog in which JupyterLab itself tells of the fault."""
    dialog = lab.page.locator(".jp-Dialog").filter(has_text=title)
    dialog.locator(".jp-mod-accept, .jp-mod-reject").last.click()
    expect(dialog).to_have_count(0)


def pid_of(lab):
    expect(lab.cell(3).locator(".jp-OutputArea-executeResult")).to_have_text(re.compile(r"\d+"))
    return int(
        re.sub(r"\D", "", lab.cell(3).locator(".jp-OutputArea-executeResult .jp-OutputArea-output").inner_text())
    )


def census(lab, index):
    """Run the counting cell and return what it says."""
    lab.run_cell(index)
    lab.expect_done(index)
    output = lab.cell(index).locator(".jp-OutputArea-output")
    expect(output.first).to_contain_text("{")
    return json.loads(output.first.inner_text())


@pytest.mark.own_page
def test_a_page_reloaded_during_a_blocking_cell_says_so_and_finds_the_run_mid_cell(lab):
    cells = ("%load_ext deepview_lab", SOURCE, BUSY.format(name="blocked", held="{3}"), CENSUS)
    lab.write_notebook("blocked.ipynb", *cells)
    lab.open("blocked.ipynb")
    lab.show_panel()
    for index in range(3):
        lab.run_cell(index)
    expect(lab.card("blocked")).to_contain_text("batch 3 / 8")
    lab.save()
    lab.page.reload()
    lab.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
    card = lab.card("blocked")
    expect(card).to_contain_text("batch 3 / 8")
    card.get_by_test_id("dv-cancel").click()
    expect(card).to_have_attribute("data-status", "cancelled")
    release(lab, "blocked", 3)
    lab.wait_for_kernel()
    counted = census(lab, 3)
    assert counted == {"deepview_lab": 1, "deepview_lab.ctl": 1, "deepview_lab.hello": 1}


def test_a_restart_keeps_the_numbers_and_run_again_brings_deepview_back(lab):
    begin(lab, "restart", CENSUS)
    panel = lab.show_panel()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(pill(lab)).to_have_text("Not loaded")
    expect_kept(lab, "restart", "Kernel restarted")
    lab.page.locator(".lm-TabBar-tab", has_text="restart.ipynb").first.click()
    panel.get_by_test_id("dv-load").click()
    expect(pill(lab)).to_have_text("Idle")
    expect(lab.card("restart")).to_contain_text("The kernel was restarted, so this run cannot resume.")
    counted = census(lab, 4)
    assert counted == {"deepview_lab": 1, "deepview_lab.ctl": 1, "deepview_lab.hello": 1}


def test_a_killed_kernel_keeps_the_numbers(lab):
    begin(lab, "killed")
    os.kill(pid_of(lab), signal.SIGKILL)
    expect(pill(lab)).to_have_text("Not loaded")
    dismiss(lab, "Kernel Restarting")
    expect_kept(lab, "killed", "Kernel restarted")
    assert_saved_as_json(lab, lab.card("killed"))
    assert_saved_as_json(lab, lab.tab_canvas)


def test_an_interrupt_ends_the_cell_and_keeps_the_result(lab):
    blocking = "IUA.introspect(Source('broken', 8, {3}), batch_size=32)"
    lab.write_notebook("broken.ipynb", "%load_ext deepview_lab", SOURCE, blocking)
    lab.open("broken.ipynb")
    panel = lab.show_panel()
    for index in range(3):
        lab.run_cell(index)
    card = panel.get_by_test_id("dv-run")
    expect(card).to_contain_text("batch 3 / 8")
    lab.command("notebook:interrupt-kernel")
    lab.expect_done(2)
    expect(card).to_have_attribute("data-status", "cancelled")
    card.get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "conv/relu")).to_contain_text("%")


def test_two_windows_on_one_kernel_agree(lab, window):
    begin(lab, "both", CENSUS)
    lab.save()
    other = window(lab.url)
    other.page.goto(f"{lab.url}/lab/workspaces/other/tree/both.ipynb?reset")
    other.wait_for_notebook()
    other.show_panel()
    expect(other.card("both")).to_contain_text("batch 3 / 8")
    assert census(lab, 4) == {"deepview_lab": 2, "deepview_lab.ctl": 2, "deepview_lab.hello": 1}
    other.card("both").get_by_test_id("dv-cancel").click()
    for page in (lab, other):
        expect(page.card("both")).to_have_attribute("data-status", "cancelled")
        expect(page.output_canvas).to_have_attribute("data-status", "cancelled")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    for page in (lab, other):
        expect(pill(page)).to_have_text("Not loaded")
        expect(page.card("both")).to_have_attribute("data-status", "cancelled")


def test_a_notebook_that_is_renamed_and_closed_leaves_its_run_to_be_found_again(lab):
    begin(lab, "moved", CENSUS)
    lab.card("moved").get_by_test_id("dv-open").click()
    tab = lab.tab_canvas
    expect(row(tab, "dense")).to_contain_text("16")
    lab.page.locator(".lm-TabBar-tab", has_text="moved.ipynb").first.click()
    lab.save()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.rename('renamed.ipynb')")
    panel = lab.show_panel()
    expect(panel.locator(".dv-SidePanel-head")).to_contain_text("renamed.ipynb")
    expect(lab.card("moved")).to_have_attribute("data-status", "running")
    lab.save()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    expect(tab).to_contain_text("Open the notebook to follow it.")
    expect(row(tab, "conv/relu")).to_contain_text("%")
    release(lab, "moved", 3)
    lab.command("docmanager:open", {"path": "renamed.ipynb"})
    lab.wait_for_notebook()
    expect(lab.card("moved")).to_have_attribute("data-status", "done")
    counted = census(lab, 4)
    assert counted["deepview_lab"] == 1
    lab.page.locator(".lm-TabBar-tab", has_text="moved: DeepView").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")


def test_a_cut_connection_is_tried_again_until_it_is_back(server, window):
    url, _ = server
    proxy = Proxy(int(url.rpartition(":")[2]))
    try:
        lab = window(f"http://127.0.0.1:{proxy.port}")
        begin(lab, "cut")
        proxy.cut()
        panel = lab.show_panel()
        expect(pill(lab)).to_have_text("Disconnected")
        expect(panel).to_contain_text(SHOWN_HERE)
        expect(panel).to_contain_text(re.compile(r"Trying again in \d+ s\."))
        expect(lab.output_canvas).to_contain_text("Kernel disconnected. " + SHOWN_HERE)
        lab.screenshot(RESULTS / "state-disconnected-light.png")
        release(lab, "cut", 3)
        # The second wait of ours is ten seconds: past it, the connection has been away for fifteen at least.
        expect(panel).to_contain_text(re.compile(r"Trying again in 1\d s\."))
        expect(panel).to_contain_text(re.compile(r"Trying again in (1[1-9]|20) s\."))
        assert proxy.refused > 2
        dismiss(lab, "Server Connection Error")
        proxy.mend()
        panel.get_by_test_id("dv-reconnect").click()
        expect(lab.card("cut")).to_have_attribute("data-status", "done")
        expect(lab.output_canvas).to_have_attribute("data-status", "done")
        expect(lab.output_canvas.locator(".dv-State.pill")).to_have_text("Finished")
    finally:
        proxy.close()


def test_a_server_that_was_restarted_took_its_kernels_with_it_and_the_numbers_stay(window, root, tmp_path):
    served = Server(tmp_path, root)
    served.start()
    try:
        lab = window(served.url)
        begin(lab, "served")
        served.stop()
        expect(pill(lab)).to_have_text("Disconnected")
        served.start()
        # JupyterLab learns it from the kernel's connection or from the list of sessions, whichever answers first.
        expect(pill(lab)).to_have_text(re.compile("^(Kernel died|No kernel)$"))
        panel = lab.show_panel()
        expect(panel.get_by_role("button", name=re.compile("^(Start|Choose) a kernel$"))).to_be_visible()
        expect(lab.card("served")).to_contain_text(KEPT)
        expect(row(lab.output_canvas, "conv/relu")).to_contain_text("%")
    finally:
        served.stop()


@pytest.mark.own_page
@pytest.mark.alone
def test_twenty_runs_in_a_row_leave_nothing_behind(lab, window):
    """Comms, the memory of the kernel and that of the page stay where they were after the warm-up."""
    weigh = (
        CENSUS
        + "import gc, threading\n_ = gc.collect()\n"
        + "rss = int(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')))\n"
        + "print(json.dumps({'rss': rss, 'threads': threading.active_count()}))"
    )
    start = START.format(name="many", held="{}") + "\nrun.wait();"
    lab.write_notebook("many.ipynb", "%load_ext deepview_lab", SOURCE, start, weigh)
    lab.open("many.ipynb")
    panel = lab.show_panel()
    client = lab.page.context.new_cdp_session(lab.page)

    def runs(total, done):
        for number in range(done, total):
            lab.run_cell(2)
            expect(panel.locator('[data-testid="dv-run"][data-status="done"]')).to_have_count(number + 1)
        lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.widgets[3].model.clearExecution(); }")
        lab.run_cell(3)
        lab.expect_done(3)
        said = lab.cell(3).locator(".jp-OutputArea-output")
        expect(said).to_contain_text("threads")
        client.send("HeapProfiler.collectGarbage")
        heap = client.send("Runtime.getHeapUsage")["usedSize"]
        counted, weighed = (json.loads(line) for line in said.inner_text().strip().splitlines())
        return counted, weighed, heap

    for index in (0, 1):
        lab.run_cell(index)
    counted, before, heap_before = runs(5, 0)
    assert counted == {"deepview_lab": 1, "deepview_lab.ctl": 1, "deepview_lab.hello": 1}
    counted, after, heap_after = runs(25, 5)
    assert counted == {"deepview_lab": 1, "deepview_lab.ctl": 1, "deepview_lab.hello": 1}
    weights = {"kernel_kb": [before["rss"], after["rss"]], "page_bytes": [heap_before, heap_after]}
    (RESULTS / "twenty-runs.json").write_text(json.dumps(weights))
    # A pool may grow by a thread or two whenever it likes; what each run left behind would be twenty.
    assert after["threads"] < before["threads"] + 5, after
    assert after["rss"] - before["rss"] < 30_000
    assert heap_after - heap_before < 15e6
