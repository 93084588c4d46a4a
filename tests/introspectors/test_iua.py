"""The face of IUA, in a script without Jupyter."""

import numpy as np
import pytest

import deepview_lab
from deepview_lab.base import Batch, pipeline
from deepview_lab.exceptions import DeepViewException, EmptyProducerError
from deepview_lab.introspectors import IUA
from deepview_lab.processors import FieldRemover
from deepview_lab.testing import producer_of

FIELDS = {"relu_2": np.array([[0.0, 1.0], [0.0, 0.0], [3.0, 0.0]]), "relu_1": np.ones((3, 2, 2, 2))}


@pytest.mark.parametrize("batch_size", [1, 2, 32])
def test_introspect_gives_deepview_s_results(batch_size):
    iua = IUA.introspect(producer_of(FIELDS), batch_size=batch_size)
    result = iua.results["relu_2"]
    assert isinstance(result, IUA.Result)
    assert result.inactive == [1, 2, 1]
    assert result.mean_inactive == pytest.approx(4 / 3)
    assert result.std_inactive == pytest.approx(np.std([1, 2, 1]))
    assert result.unit_inactive_count == [2, 2]
    assert result.unit_inactive_proportion == [2 / 3, 2 / 3]


def test_the_absolute_tolerance_counts_and_the_relative_one_is_accepted():
    iua = IUA.introspect(producer_of(FIELDS), rtol=1e-5, atol=1.0)
    assert iua.results["relu_1"].mean_inactive == 8
    assert IUA.introspect(producer_of(FIELDS), rtol=100.0).results["relu_1"].mean_inactive == 0


def test_a_live_run_gives_the_same_face():
    run = deepview_lab.start(producer_of(FIELDS), IUA.spec(atol=1.0))
    iua = run.wait()["iua"]
    assert isinstance(iua, IUA)
    assert iua.results["relu_1"].mean_inactive == 8


def test_settings_reach_the_analysis():
    run = deepview_lab.start(producer_of(FIELDS), IUA.spec(per_sample=False, compiled=False, on_nonfinite="raise"))
    assert run.wait()["iua"].results["relu_1"].per_sample is None


def test_a_pipeline_is_a_producer():
    iua = IUA.introspect(pipeline(producer_of(FIELDS), FieldRemover(fields="relu_1")))
    assert list(iua.results) == ["relu_2"]


def test_the_table_is_deepview_s_in_the_order_of_the_network():
    frame = IUA.show(IUA.introspect(producer_of(FIELDS)))
    assert list(frame.columns) == ["response", "mean inactive", "std inactive"]
    assert frame["response"].tolist() == ["relu_2", "relu_1"]
    assert frame["mean inactive"].tolist() == pytest.approx([4 / 3, 0])


def test_details_are_opted_into():
    frame = IUA.show(IUA.introspect(producer_of(FIELDS)), response_names=["relu_2"], details=True)
    assert frame.iloc[0].to_dict() == {
        "response": "relu_2",
        "mean inactive": pytest.approx(4 / 3),
        "std inactive": pytest.approx(np.std([1, 2, 1])),
        "units": 2,
        "dead units": 0,
        "inactive share": pytest.approx(2 / 3),
        "samples": 3,
        "left out": 0,
        "note": "",
    }


@pytest.mark.parametrize("vis_type", [IUA.VisType.CHART, "chart"])
def test_the_chart_has_a_bar_for_each_unit_of_dense_layers_and_convolutions(vis_type):
    figure = IUA.show(IUA.introspect(producer_of(FIELDS)), vis_type=vis_type)
    assert [len(trace.y) for trace in figure.data] == [2, 2]
    assert [title.text for title in figure.layout.annotations] == ["relu_2: 2 units", "relu_1: 2 units"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"vis_type": "pie"}, "IUA.VisType.TABLE or IUA.VisType.CHART.*'pie'"),
        ({"response_names": ["relu_3"]}, "'relu_3'.*Did you mean 'relu_"),
        ({"response_names": []}, "response_names is empty"),
    ],
)
def test_a_wrong_request_is_a_value_error_that_says_what_there_is(options, says):
    iua = IUA.introspect(producer_of(FIELDS))
    with pytest.raises(ValueError, match=says):
        IUA.show(iua, **options)


def test_showing_something_else_is_told():
    with pytest.raises(DeepViewException, match=r"dict.*run\.wait"):
        IUA.show({})


def test_a_producer_without_batches_is_told():
    with pytest.raises(EmptyProducerError):
        IUA.introspect(lambda batch_size: iter(()))


def test_a_shape_that_changes_midway_is_told():
    def ragged(batch_size):
        yield Batch({"r": np.zeros((batch_size, 3))})
        yield Batch({"r": np.zeros((batch_size, 4))})

    with pytest.raises(DeepViewException, match=r"'r' had samples of shape \(3,\) and now has shape \(4,\)"):
        IUA.introspect(ragged)
