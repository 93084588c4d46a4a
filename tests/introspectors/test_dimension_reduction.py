"""DimensionReduction as DeepView's users call it, and as a live run."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from deepview_lab import start
from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException, PartialResultWarning, UnpooledResponseError
from deepview_lab.introspectors import DimensionReduction, DimensionReductionStrategyType
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer

Strategy = DimensionReduction.Strategy
KEY = Batch.StdKeys.IDENTIFIER


def data(count=120, units=6, seed=0):
    return np.random.default_rng(seed).standard_normal((count, units)) * np.geomspace(9, 0.5, units) + 3


def producer(values, ids=None, **fields):
    return StubProducer({"x": values, **fields}, {KEY: ids} if ids is not None else None)


def projected(source, reduction, batch_size=50):
    return np.concatenate([batch.fields["x"] for batch in pipeline(source, reduction)(batch_size)])


@pytest.mark.parametrize("batch_size", [None, 1, 7])
def test_pca_is_a_stage_whose_result_does_not_depend_on_the_batch_size(batch_size):
    reduction = DimensionReduction.introspect(producer(data()), strategies=Strategy.PCA(2), batch_size=batch_size)
    expected = projected(producer(data()), DimensionReduction.introspect(producer(data()), strategies=Strategy.PCA(2)))
    np.testing.assert_allclose(projected(producer(data()), reduction), expected, atol=1e-5)
    assert expected.shape == (120, 2)


def test_a_second_data_set_is_projected_onto_the_first_ones_basis():
    first, second = data(), data(40, seed=1)
    reduction = DimensionReduction.introspect(producer(first), strategies=Strategy.PCA(2))
    centred = first - first.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2].T
    found = projected(producer(second), reduction)
    np.testing.assert_allclose(np.abs(found), np.abs((second - first.mean(axis=0)) @ axes), atol=1e-4)


def test_with_a_mapping_the_other_fields_pass_untouched_whatever_they_are():
    images = np.zeros((120, 4, 4, 3))
    source = producer(data(), images=images)
    reduction = DimensionReduction.introspect(source, strategies={"x": Strategy.StandardPCA(3)})
    batch = peek_first_batch(pipeline(source, reduction), 10)
    assert batch.fields["x"].shape == (10, 3)
    np.testing.assert_array_equal(batch.fields["images"], images[:10])


def test_a_second_pass_in_another_order_gives_the_fitted_embedding():
    values, ids = data(), [f"s{index}" for index in range(120)]
    spec = DimensionReduction.spec(strategies=Strategy.UMAP(2, n_epochs=20))
    result = start(producer(values, ids), spec).wait()["projection"]
    order = np.random.default_rng(1).permutation(120)
    again = producer(values[order], [ids[index] for index in order])
    np.testing.assert_array_equal(projected(again, result), result.positions["x"][order])
    assert result.findings().table["id"].tolist() == ids


def test_introspect_and_a_run_find_the_same():
    values = data()
    strategy = Strategy.UMAP(2, n_epochs=20)
    reduction = DimensionReduction.introspect(producer(values), strategies=strategy, batch_size=13)
    run = start(producer(values), DimensionReduction.spec(strategies=strategy), batch_size=64)
    np.testing.assert_array_equal(projected(producer(values), reduction), run.wait()["projection"].positions["x"])


def test_a_run_can_be_cancelled_within_umap_and_keeps_the_response_that_is_done():
    values = data(400)
    spec = DimensionReduction.spec(strategies={"a": Strategy.PCA(2), "x": Strategy.UMAP(2, n_epochs=10**9)})
    run = start(StubProducer({"a": values, "x": values}), spec)
    while run.progress.stage != "Fitting UMAP":
        with contextlib.suppress(TimeoutError):
            run.wait(0.05)
    run.cancel()
    with pytest.warns(PartialResultWarning):
        result = run.wait(300)["projection"]
    assert run.status == "cancelled"
    assert list(result.positions) == ["a"]


def test_feature_maps_are_refused_by_name_unless_pooled():
    maps = producer(np.zeros((9, 2, 2, 5)))
    with pytest.raises(UnpooledResponseError, match=r"DimensionReduction needs one value .* 'x'"):
        DimensionReduction.introspect(maps, strategies=Strategy.PCA(2))
    reduction = DimensionReduction.introspect(maps, strategies=Strategy.PCA(2), pool="max")
    assert projected(maps, reduction).shape == (9, 2)


def test_the_described_shape_is_that_of_positions():
    class Model(Processor):
        def describe(self, responses):
            from deepview_lab.base import Layer, ResponseInfo

            return {"x": ResponseInfo("x", np.dtype("float32"), (None, 6), Layer("x"))}

    reduction = DimensionReduction.introspect(producer(data()), strategies=Strategy.PCA(2))
    source = pipeline(producer(data()), Model(lambda values: values), reduction)
    assert source.responses["x"].shape == (None, 2)


class FirstColumns:
    """A strategy of one's own by DeepView's protocol."""

    target_dimensions = 2

    def __init__(self, *, one_shot=False):
        self.is_one_shot = one_shot
        self.seen = []
        self.fitted = False

    def default_batch_size(self):
        return 32

    def check_batch_size(self, batch_size):
        if batch_size < 8:
            raise DeepViewException("at least 8")

    def fit_incremental(self, data):
        self.seen.append(data)

    def fit_complete(self):
        self.fitted = True

    def transform(self, data):
        assert self.fitted
        return data[:, :2]

    def transform_one_shot(self):
        return np.concatenate(self.seen)[:, :2]

    def _clone(self):
        return FirstColumns(one_shot=self.is_one_shot)


@pytest.mark.parametrize("one_shot", [False, True])
def test_a_strategy_of_ones_own_by_deepviews_protocol(one_shot):
    strategy = FirstColumns(one_shot=one_shot)
    assert isinstance(strategy, DimensionReductionStrategyType)
    values = data().astype(np.float32)
    reduction = DimensionReduction.introspect(producer(values, y=values), strategies=strategy)
    assert strategy.seen == []  # each field has a clone
    np.testing.assert_array_equal(projected(producer(values, y=values), reduction), values[:, :2])
    with pytest.raises(DeepViewException, match="at least 8"):
        DimensionReduction.introspect(producer(values), strategies={"x": strategy}, batch_size=4)


def test_what_is_no_strategy_is_refused_before_anything_runs():
    with pytest.raises(DeepViewException, match="PCA is a class"):
        DimensionReduction.introspect(producer(data()), strategies=Strategy.PCA)
