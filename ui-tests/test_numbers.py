"""The numbers that people see are those of the results, for units that are zero at some positions only, too."""

from __future__ import annotations

import json

from playwright.sync_api import expect
from test_live import row

# Zero: unit 0 everywhere, 1 at all positions but one, 2 in all samples but one, 3 at half of the positions; 4 nowhere.
PARTLY_DEAD = """
import json
import numpy as np
import deepview_lab
from deepview_lab.introspectors import IUA
from deepview_lab.samples import StubProducer

maps = np.ones((44, 4, 4, 5), np.float32)
maps[..., 0] = 0
maps[..., 1] = 0
maps[:, 2, 3, 1] = 1
maps[..., 2] = 0
maps[17, ..., 2] = 1
maps[:, :2, :, 3] = 0
run = deepview_lab.start(StubProducer({"maps": maps, "vector": maps[:, 0, 0]}), IUA.spec(), batch_size=16, name="parts")
_ = run.wait()
"""
TOLD = """
print(json.dumps({
    name: {"dead": len(layer.dead_units), "inactive": float(layer.mean_inactive / np.prod(layer.counts.shape))}
    for name, layer in run.results["iua"].results.items()
}))
"""


def test_dead_units_and_inactive_shares_are_those_of_the_result(lab):
    lab.write_notebook("parts.ipynb", "%load_ext deepview_lab", PARTLY_DEAD, "run", TOLD)
    lab.open("parts.ipynb")
    for index in range(4):
        lab.run_cell(index)
    lab.expect_done(3)
    told = json.loads(lab.cell(3).locator(".jp-OutputArea-output").inner_text())
    # Counted by hand. In `vector`, the first position, unit 2 lives by one sample; units 0, 1 and 3 never do.
    assert {name: numbers["dead"] for name, numbers in told.items()} == {"maps": 1, "vector": 3}
    by_hand = {"maps": (1 + 15 / 16 + 43 / 44 + 1 / 2) / 5, "vector": (1 + 1 + 43 / 44 + 1) / 5}
    for name, numbers in told.items():
        assert abs(numbers["inactive"] - by_hand[name]) < 1e-9
        shown = row(lab.output_canvas, name)
        expect(shown.locator("td.dv-c-dead")).to_have_text(str(numbers["dead"]))
        expect(shown.locator("td.dv-c-mean")).to_contain_text(f"{100 * numbers['inactive']:.1f}%")
