"""A run that is kept on disk goes on after kill -9, from the panel."""

from __future__ import annotations

import os
import signal

import pytest
from conftest import RESULTS
from playwright.sync_api import expect
from test_faults import dismiss, pill
from test_live import row
from test_panel import source

SLOW = """
import os, pathlib, time
import numpy as np
from deepview_lab.base import pipeline
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer
VALUES = np.maximum(np.random.default_rng(0).normal(size=(640, 6)), 0)
def hold(values):
    while (values[0] == VALUES[320]).all() and not pathlib.Path("go").exists():
        time.sleep(0.02)
    return values
pathlib.Path("pid").write_text(str(os.getpid()))
slow = pipeline(StubProducer({"relu": VALUES}), Processor(hold))
"""


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_killed_a_run_resumes_from_its_checkpoint(lab, light):
    name = f"resume-{'light' if light else 'dark'}"
    go = lab.root / "go"
    go.unlink(missing_ok=True)
    lab.write_notebook(f"{name}.ipynb", "%load_ext deepview_lab", SLOW)
    lab.open(f"{name}.ipynb")
    lab.theme(light=light)
    panel = lab.show_panel()
    lab.run_cell(0)
    lab.run_cell(1)
    expect(source(panel, "slow")).to_be_visible()
    panel.get_by_test_id("dv-keep").check()
    lab.screenshot(RESULTS / f"{name}-form.png")
    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run")
    expect(card).to_contain_text("batch 5 / 10")
    expect(card).to_have_attribute("data-kept", "5")
    os.kill(int((lab.root / "pid").read_text()), signal.SIGKILL)
    expect(pill(lab)).to_have_text("Not loaded")
    dismiss(lab, "Kernel Restarting")
    expect(card).to_contain_text("kept on disk")
    lab.screenshot(RESULTS / f"{name}-lost.png")
    lab.run_cell(1)
    lab.expect_done(1)
    go.write_text("")
    panel.get_by_test_id("dv-resume").click()
    again = panel.locator('[data-testid="dv-run"][data-status="done"]')
    expect(again).to_contain_text("640 samples · 10 batches")
    again.get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "relu")).to_contain_text("%")
    lab.screenshot(RESULTS / f"{name}-resumed.png")
