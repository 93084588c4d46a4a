"""A Model gives stages that read responses; fields find the inputs they belong to."""

import numpy as np
import pytest

from deepview_lab.base import (
    Batch,
    Layer,
    LayerKind,
    Model,
    ModelDetails,
    ResponseInfo,
    peek_first_batch,
    pipeline,
)
from deepview_lab.base.response import unit_axis_of
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.samples import StubProducer

FLOAT = np.dtype(np.float32)


def info(name, shape, unit_axis=-1, kind=LayerKind.UNKNOWN):
    return ResponseInfo(name, FLOAT, shape, Layer(name, kind), unit_axis)


class Doubling(ModelDetails):
    """Responds with twice the sum of its inputs, and remembers what it was asked."""

    def __init__(self, **inputs):
        self._inputs = {name: info(name, shape, kind=LayerKind.PLACEHOLDER) for name, shape in inputs.items()}
        self.asked = []

    @property
    def responses(self):
        return {"double": info("double", (None, 2)), "triple": info("triple", (None, 2))}

    @property
    def inputs(self):
        return self._inputs

    def run(self, inputs, requested):
        self.asked.append((sorted(inputs), requested))
        total = np.sum([inputs[name] for name in self._inputs], axis=0)
        factors = {"double": 2, "triple": 3}
        return {name: total * factors[name] for name in requested}


def producer(**fields):
    return StubProducer(fields, {Batch.StdKeys.IDENTIFIER: ["a", "b"]})


ONES = np.ones((2, 2), np.float32)


def test_responses_replace_fields_and_metadata_stays():
    model = Model(Doubling(x=(None, 2)))
    batch = peek_first_batch(pipeline(producer(x=ONES), model("double")), 2)
    assert list(batch.fields) == ["double"]
    assert batch.fields["double"].tolist() == [[2, 2], [2, 2]]
    assert batch.metadata[Batch.StdKeys.IDENTIFIER] == ("a", "b")


def test_the_only_field_feeds_the_only_input_under_any_name():
    details = Doubling(x=(None, 2))
    peek_first_batch(pipeline(producer(images=ONES), Model(details)("double")), 2)
    assert details.asked == [(["x"], ("double",))]


def test_a_field_of_another_shape_says_both_shapes():
    chain = pipeline(producer(images=np.ones((2, 3))), Model(Doubling(x=(None, 2)))("double"))
    with pytest.raises(
        DeepViewException, match=r"'images' has samples of shape \(3,\).*'x' needs \(2,\).*ImageResizer"
    ):
        peek_first_batch(chain)


def test_an_open_dimension_fits_any_size():
    chain = pipeline(producer(images=np.ones((2, 2))), Model(Doubling(x=(None, None)))("double"))
    assert peek_first_batch(chain, 2).batch_size == 2


def test_several_inputs_are_matched_by_name():
    details = Doubling(left=(None, 2), right=(None, 2))
    batch = peek_first_batch(pipeline(producer(right=ONES, left=3 * ONES), Model(details)("double")), 2)
    assert batch.fields["double"].tolist() == [[8, 8], [8, 8]]


def test_fields_that_no_input_needs_are_left_behind():
    details = Doubling(left=(None, 2), right=(None, 2))
    peek_first_batch(pipeline(producer(right=ONES, left=ONES, more=ONES), Model(details)("double")), 2)
    assert details.asked[0][0] == ["left", "right"]


def test_names_that_differ_are_both_listed_with_the_remedy():
    chain = pipeline(producer(a=ONES, right=ONES), Model(Doubling(left=(None, 2), right=(None, 2)))("double"))
    with pytest.raises(DeepViewException, match=r"'left', 'right', but the batch has the fields 'a', 'right'.*Rename"):
        peek_first_batch(chain)


def test_none_requests_every_response():
    details = Doubling(x=(None, 2))
    peek_first_batch(pipeline(producer(x=ONES), Model(details)()), 2)
    assert details.asked[0][1] == ("double", "triple")


def test_a_request_keeps_its_order_and_drops_repeats():
    assert Model(Doubling(x=(None, 2)))(["triple", "double", "triple"]).requested == ("triple", "double")


def test_an_unknown_response_shows_near_matches():
    with pytest.raises(UnknownNameError, match=r"Unknown response 'doubel'. Did you mean 'double'") as caught:
        Model(Doubling(x=(None, 2)))("doubel")
    assert isinstance(caught.value, KeyError)


@pytest.mark.parametrize(("given", "kind"), [(3, "int"), (lambda batch_size: iter([]), "function")])
def test_something_else_than_names_says_what_to_write(given, kind):
    with pytest.raises(
        TypeError, match=rf"got an object of type {kind}\. Write model\(requested_responses=\['layer'\]\)"
    ):
        Model(Doubling())(given)


def test_an_empty_request_is_refused():
    with pytest.raises(DeepViewException, match=r"requested_responses is empty"):
        Model(Doubling(x=(None, 2)))([])


def test_infos_are_mappings_and_callable():
    model = Model(Doubling(x=(None, 2)))
    assert list(model.response_infos) == ["double", "triple"]
    assert model.response_infos() == model.response_infos
    assert list(model.input_layers().keys()) == ["x"]
    assert "nope" not in model.response_infos
    with pytest.raises(UnknownNameError, match=r"Known: 'double', 'triple'"):
        model.response_infos["zzz"]


def test_a_pipeline_knows_the_responses_before_data_flows():
    details = Doubling(x=(None, 2))
    chain = pipeline(producer(x=ONES), Model(details)("triple"))
    assert chain.responses == {"triple": details.responses["triple"]}
    assert details.asked == []


@pytest.mark.parametrize(
    ("shape", "unit_axis", "units", "size"),
    [
        ((None, 7, 7, 64), -1, 64, 3136),
        ((None, 64, 7, 7), 1, 64, 3136),
        ((None, 10), -1, 10, 10),
        ((None,), -1, 1, 1),
        ((None, None, 8), -1, 8, None),
    ],
)
def test_units_and_size_come_from_the_shape(shape, unit_axis, units, size):
    described = info("r", shape, unit_axis)
    assert (described.units, described.size) == (units, size)


def test_the_unit_axis_of_an_array_follows_the_info_while_it_fits():
    assert unit_axis_of(4, info("r", (None, 64, 7, 7), 1)) == 1
    assert unit_axis_of(2, info("r", (None, 64, 7, 7), 1)) == 1
    assert unit_axis_of(4, None) == 3


def test_kinds_have_deepviews_values():
    assert LayerKind.LINEAR is LayerKind.DENSE
    assert LayerKind(2001) is LayerKind.CONV_2D
    assert LayerKind(8002) is LayerKind.RELU
