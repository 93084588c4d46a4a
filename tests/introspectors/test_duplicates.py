"""The face of Duplicates, in a script without Jupyter."""

import numpy as np
import pytest

import deepview_lab
from deepview_lab.base import Batch
from deepview_lab.exceptions import DeepViewException, UnpooledResponseError
from deepview_lab.introspectors import Duplicates
from deepview_lab.samples import StubProducer
from deepview_lab.testing import producer_of


@pytest.fixture
def fields():
    values = np.random.default_rng(0).standard_normal((120, 8))
    values[100] = values[3]
    values[101] = values[4] + 1e-4
    return {"dense": values}


@pytest.mark.parametrize("batch_size", [1, 32, 500])
def test_introspect_gives_deepview_s_results(fields, batch_size):
    duplicates = Duplicates.introspect(producer_of(fields), batch_size=batch_size)
    assert duplicates.count == 120
    [exact, near] = duplicates.results["dense"]
    assert isinstance(exact, Duplicates.DuplicateSetCandidate)
    assert (exact.indices, exact.size, exact.mean, exact.std, exact.projection) == ([3, 100], 2, 0, 0, None)
    assert near.indices == [4, 101]
    assert near.mean > 0
    np.testing.assert_array_equal(near.batch.fields["dense"], fields["dense"][[4, 101]].astype(np.float32))


@pytest.mark.parametrize("strategy", [Duplicates.KNNStrategy.KNNAnnoy(), Duplicates.KNNStrategy.KNNFaiss()])
@pytest.mark.parametrize(
    "threshold", [Duplicates.ThresholdStrategy.Slope(), Duplicates.ThresholdStrategy.Percentile(99.9)]
)
def test_deepview_s_strategies_are_accepted(fields, strategy, threshold):
    duplicates = Duplicates.introspect(producer_of(fields), strategy=strategy, threshold=threshold)
    assert any({3, 100} <= set(candidate.indices) for candidate in duplicates.results["dense"])


def test_a_search_of_one_s_own_gets_slope_as_its_threshold(fields):
    seen = []

    def nothing(vectors, threshold):
        seen.append((vectors.shape, threshold))
        return []

    duplicates = Duplicates.introspect(producer_of(fields), strategy=nothing)
    assert seen == [((120, 8), Duplicates.Slope())]
    assert [candidate.indices for candidate in duplicates.results["dense"]] == [[3, 100]]


def test_a_live_run_gives_the_same_face(fields):
    result = deepview_lab.start(producer_of(fields), Duplicates.spec(reach=3.0)).wait()["duplicates"]
    assert isinstance(result, Duplicates)
    assert isinstance(result.at(0.0), Duplicates)
    assert len(result.at(0.0).results["dense"]) == 1


def test_the_table_lists_leaks_first(fields):
    split = ["train"] * 101 + ["test"] * 19
    producer = StubProducer(fields, {Batch.StdKeys.LABELS: {"dataset": split}})
    frame = Duplicates.show(Duplicates.introspect(producer))
    assert frame["ids"].tolist() == ["4, 101", "3, 100"]
    assert frame["leak"].tolist() == ["train, test", ""]
    with pytest.raises(DeepViewException, match="introspect"):
        Duplicates.show("duplicates")


def test_feature_maps_need_pooling():
    maps = {"conv": np.random.default_rng(0).standard_normal((20, 3, 3, 4))}
    with pytest.raises(UnpooledResponseError, match="Duplicates"):
        Duplicates.introspect(producer_of(maps))
    assert Duplicates.introspect(producer_of(maps), pool="average").count == 20
