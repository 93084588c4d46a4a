"""Familiarity as DeepView's users call it, and as a live run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from deepview_lab import start
from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException, DeepViewWarning, UnpooledResponseError
from deepview_lab.introspectors import Familiarity, GMMCovarianceType
from deepview_lab.samples import StubProducer

GMM = Familiarity.Strategy.GMM


def producer(count=200, seed=0, **shift):
    values = np.random.default_rng(seed).standard_normal((count, 3))
    for row, by in shift.items():
        values[int(row.removeprefix("row"))] += by
    return StubProducer({"dense": values}, {Batch.StdKeys.IDENTIFIER: [f"s{index}" for index in range(count)]})


def scores(familiarity, source):
    batches = list(pipeline(source, familiarity)(64))
    return np.array([one.score for batch in batches for one in batch.metadata[familiarity.meta_key]["dense"]])


def test_it_is_a_stage_that_scores_any_producer_and_leaves_fields_alone():
    familiarity = Familiarity.introspect(
        producer(), strategy=GMM(gaussian_count=2, covariance_type=GMMCovarianceType.FULL)
    )
    other = producer(50, seed=1, row7=40)
    scored = peek_first_batch(pipeline(other, familiarity), 50)
    np.testing.assert_array_equal(scored.fields["dense"], peek_first_batch(other, 50).fields["dense"])
    assert familiarity.meta_key == Batch.DictMetaKey("GMM")
    assert int(scores(familiarity, other).argmin()) == 7


@pytest.mark.parametrize("batch_size", [1, 7, 1024])
def test_the_batch_size_does_not_matter(batch_size):
    strategy = GMM(gaussian_count=3)
    whole = Familiarity.introspect(producer(), strategy=strategy)
    cut = Familiarity.introspect(producer(), strategy=strategy, batch_size=batch_size)
    np.testing.assert_array_equal(scores(whole, producer()), scores(cut, producer()))


def test_scores_of_the_stage_are_those_of_the_result():
    familiarity = Familiarity.introspect(producer(), strategy=GMM(gaussian_count=2))
    np.testing.assert_allclose(scores(familiarity, producer()), familiarity.scores["dense"], rtol=1e-5)


def test_a_run_shows_the_rarest_samples():
    result = start(producer(row40=30), Familiarity.spec(strategy=GMM(gaussian_count=1))).wait()["familiarity"]
    assert isinstance(result, Familiarity)
    assert result.findings().table["id"][0] == "s40"
    assert Familiarity.show(result)["id"][0] == "s40"


def test_an_unknown_field_is_a_key_error_that_lists_the_fitted_ones():
    familiarity = Familiarity.introspect(producer())
    strange = pipeline(StubProducer({"other": np.zeros((2, 3))}), familiarity)
    with pytest.raises(KeyError, match="Response 'other' has no fitted distribution; fitted: 'dense'"):
        peek_first_batch(strange)


def test_another_width_is_refused_by_name():
    familiarity = Familiarity.introspect(producer())
    with pytest.raises(DeepViewException, match=r"Response 'dense' cannot be scored.*3 units"):
        peek_first_batch(pipeline(StubProducer({"dense": np.zeros((2, 5))}), familiarity))


def test_samples_with_nan_score_nan():
    familiarity = Familiarity.introspect(producer())
    odd = StubProducer({"dense": np.array([[0, np.nan, 0], [0, 0, 0.0]])})
    np.testing.assert_array_equal(np.isnan(scores(familiarity, odd)), [True, False])


def test_maps_are_refused_unless_pooled_and_then_scored_alike():
    maps = StubProducer({"dense": np.random.default_rng(0).standard_normal((60, 2, 2, 3))})
    with pytest.raises(UnpooledResponseError, match="Familiarity needs one value"):
        Familiarity.introspect(maps)
    familiarity = Familiarity.introspect(maps, pool="average", strategy=GMM(gaussian_count=2))
    np.testing.assert_allclose(scores(familiarity, maps), familiarity.scores["dense"], rtol=1e-5)


def test_too_few_samples_warn_and_fit_what_they_can():
    with pytest.warns(DeepViewWarning, match="Response 'dense': Only 4 Gaussians"):
        familiarity = Familiarity.introspect(producer(4))
    assert len(familiarity.distributions["dense"].mixture.weights) == 4


def test_the_gmm_strategy_can_be_called_as_in_deepview():
    strategy = GMM(gaussian_count=2)
    distributions = strategy(producer(), batch_size=50)
    assert len(distributions["dense"].compute_familiarity_score(np.zeros((4, 3)))) == 4


@dataclass(frozen=True)
class Score:
    score: float


class Distance:
    def __init__(self, centre):
        self.centre = centre

    def compute_familiarity_score(self, x):
        return [Score(-float(np.linalg.norm(row - self.centre))) for row in x]


class Nearness:
    metadata_key = Batch.DictMetaKey("nearness")

    def __call__(self, producer, batch_size):
        values = np.concatenate([batch.fields["dense"] for batch in producer(batch_size)])
        return {"dense": Distance(values.mean(axis=0))}


def test_a_strategy_of_ones_own_gets_the_producer_and_names_the_key():
    familiarity = Familiarity.introspect(producer(), strategy=Nearness())
    assert familiarity.meta_key == Batch.DictMetaKey("nearness")
    assert int(scores(familiarity, producer(50, seed=1, row7=40)).argmin()) == 7


def test_a_strategy_of_ones_own_works_in_a_run_and_sees_no_nan():
    values = np.random.default_rng(0).standard_normal((50, 3))
    values[3] = np.nan
    values[9] = 70
    result = start(StubProducer({"dense": values}), Familiarity.spec(strategy=Nearness())).wait()["familiarity"]
    assert np.isnan(result.scores["dense"][3])
    assert result.findings().table["id"][0] == 9


def test_show_refuses_what_is_no_familiarity():
    with pytest.raises(DeepViewException, match=r"Familiarity\.show takes"):
        Familiarity.show({})
