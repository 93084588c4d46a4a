"""Narrow places: one scroll bar, columns that make room in their order, a panel that works at 250 px."""

from __future__ import annotations

from lab import RESULTS
from playwright.sync_api import expect
from test_panel import open_with

WIDE = 1440

# As many layers as MobileNetV2 has, with as many units.
NETWORK = """
import numpy as np
import deepview_lab
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer
rng = np.random.default_rng(0)
fields = {f"block_{i}_relu": rng.normal(size=(40, 1280 if i == 155 else 8)).astype("f4") for i in range(156)}
fields = {name: np.maximum(values, 0) for name, values in fields.items()}
train_ds = StubProducer(fields)
run = deepview_lab.start(train_ds, IUA.spec(), PFA.spec(), name="wide")
run
"""

# Elements around and in the canvas that can be scrolled, by the axis.
SCROLLED = """canvas => {
  const found = [];
  const look = node => {
    const {overflowX, overflowY} = getComputedStyle(node);
    const open = value => value === 'auto' || value === 'scroll';
    const name = node.className.toString().slice(0, 60);
    if (open(overflowY) && node.scrollHeight > node.clientHeight + 1) found.push('y ' + name);
    if (open(overflowX) && node.scrollWidth > node.clientWidth + 1) found.push('x ' + name);
  };
  canvas.querySelectorAll('*').forEach(look);
  for (let node = canvas; node && !node.classList.contains('jp-WindowedPanel-outer'); node = node.parentElement) {
    look(node);
  }
  return found.filter(name => !name.includes('dv-Chips'));
}"""


def heads(canvas):
    return [head for head in canvas.locator("thead .dv-columns th:visible").all_inner_texts() if head.strip()]


def test_an_inline_canvas_of_many_layers_has_one_scroll_bar_and_columns_make_room_in_order(lab):
    open_with(lab, "widths", NETWORK)
    canvas = lab.output_canvas
    expect(canvas).to_have_attribute("data-status", "done")
    for width in (WIDE, 900):
        lab.page.set_viewport_size({"width": width, "height": 900})
        lab.screenshot(RESULTS / f"widths-{width}.png")
        found = [name for name in canvas.evaluate(SCROLLED) if width == WIDE or name.startswith("y ")]
        assert found == ["y dv-LayerTable"], width
        if width == WIDE:
            assert "State" in heads(canvas)
