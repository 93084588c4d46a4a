"""Charts of layers of every shape, and names that look like markup."""

import numpy as np
import pytest

from deepview_lab.analysis import IUASpec
from deepview_lab.base import Batch
from deepview_lab.figures import iua_chart
from deepview_lab.figures.palette import DEAD, INACTIVE


def results(fields):
    spec = IUASpec()
    return spec.finish(spec.update(spec.create(), Batch(fields))).results


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 7), (4, 5, 3), (4, 2, 2, 3), (4, 2, 2, 2, 3)])
def test_any_shape_gives_one_bar_for_each_unit(shape):
    figure = iua_chart(results({"r": np.ones(shape)}))
    assert len(figure.data[0].x) == (shape[-1] if len(shape) > 1 else 1)


def test_dead_units_have_their_own_colour():
    figure = iua_chart(results({"r": np.array([[0.0, 1.0], [0.0, 0.0]])}))
    assert list(figure.data[0].marker.color) == [DEAD, INACTIVE]
    assert figure.layout.annotations[0].text == "r: 2 units, 1 dead"


def test_a_hundred_layers_fit_one_figure():
    figure = iua_chart(results({f"layer_{index}": np.ones((2, 3)) for index in range(100)}))
    assert len(figure.data) == 100
    tops = sorted(figure.layout[f"yaxis{index or ''}"].domain[0] for index in (0, *range(2, 101)))
    assert min(np.diff(tops)) > 0


def test_a_layer_s_name_is_no_markup():
    title = iua_chart(results({"<b>x</b>": np.ones((2, 3))})).layout.annotations[0].text
    assert title.startswith("&lt;b&gt;x")
