"""The names in a stranger's files are names: none of them runs, and none of them changes how the rest looks."""

from __future__ import annotations

import pytest
from lab import RESULTS
from playwright.sync_api import expect
from test_live import row
from test_panel import layer, open_with
from test_reports import RUN, report

# IPython ends a line at U+2028, and its ";" makes a call of the next one.
ATTACK = "conv\u2028;os.system touch {}"

# Keras loads this in safe mode. TensorFlow checks the names of layers that compute, but not those of inputs.
MODEL = """
import os, keras, numpy as np
from deepview_lab.tensorflow import load_tf_model_from_path
from deepview_lab.samples import StubProducer
name = {name!a}
keras.Sequential([keras.Input((4,), name=name), keras.layers.Dense(8, name="last")]).save("hostile.keras")
net = load_tf_model_from_path("hostile.keras")
data = StubProducer({{"x": np.ones((64, 4), "float32")}})
"""


@pytest.mark.timeout(300)
def test_the_name_of_a_layer_runs_nothing_and_its_run_works(lab):
    name = ATTACK.format("model-pwned")
    panel = open_with(lab, "hostile-model", MODEL.format(name=name))
    layer(panel, name).click()
    lab.screenshot(RESULTS / "hostile-panel.png")
    panel.get_by_test_id("dv-run-button").click()
    card = panel.get_by_test_id("dv-run").first
    expect(card).to_have_attribute("data-status", "done")
    card.get_by_test_id("dv-insert-run").click()
    lab.command("notebook:run-cell")
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    expect(row(lab.output_canvas, name)).to_contain_text("complete")
    lab.screenshot(RESULTS / "hostile-canvas.png")
    assert not (lab.root / "model-pwned").exists()
    (lab.root / "hostile.keras").unlink()


def test_the_name_of_a_report_runs_nothing_when_it_is_inserted_as_code(lab):
    name = f"{ATTACK.format('report-pwned')} \u2028x = .dvreport"
    panel = open_with(lab, "hostile-report", "import os", RUN, f"run.wait(); path = run.save({name!a})")
    item = report(panel, name)
    item.get_by_test_id("dv-report-menu").click()
    lab.page.locator(".lm-Menu-item", has_text="Insert as Code").click()
    inserted = lab.page.locator(".jp-Notebook .jp-CodeCell", has_text="open_report")
    expect(inserted).to_contain_text(r"conv\u2028;os.system touch report-pwned")
    lab.command("notebook:run-cell")
    expect(lab.output_canvas).to_have_attribute("data-status", "done")
    assert not (lab.root / "report-pwned").exists()
    item.get_by_test_id("dv-report-open").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    (lab.root / name).unlink()
