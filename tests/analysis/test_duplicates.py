"""Duplicates: sets, exact copies, other thresholds, leaks, hard data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.analysis.contract import StandaloneContext
from deepview_lab.analysis.duplicates.spec import DuplicatesSpec
from deepview_lab.analysis.duplicates.strategies import KNN
from deepview_lab.analysis.duplicates.thresholds import Absolute, Cosine, Slope
from deepview_lab.base import Batch
from deepview_lab.exceptions import CancelledError, UnknownNameError
from tests.analysis.as_rows import as_rows, finished
from tests.numerics.test_radius import all_distances, closure


def sets_of(found):
    return sorted(sorted(candidate.indices) for candidate in found)


def sets_in(labels):
    numbers, counts = np.unique(labels, return_counts=True)
    return sorted(np.flatnonzero(labels == number).tolist() for number in numbers[counts > 1])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(st.integers(-4, 4), min_size=2, max_size=2), min_size=1, max_size=40),
    threshold=st.integers(0, 5),
)
def test_sets_are_the_closure_of_all_pairs_within_the_threshold(rows, threshold):
    values = np.array(rows, dtype=np.float32)
    found = finished(DuplicatesSpec(threshold=Absolute(threshold), reach=3.0), {"x": values}).responses["x"]
    distances = all_distances(values).astype(np.float32)  # as they are kept: the farthest lie on the bound
    assert sets_of(found.candidates) == sets_in(closure(distances, threshold))
    assert threshold <= found.largest_threshold <= 3 * threshold
    for distance in {0, threshold / 2, threshold, *np.linspace(threshold, found.largest_threshold, 3)}:
        assert sets_of(found.at(distance).candidates) == sets_in(closure(distances, distance))


def test_pairs_are_kept_as_far_as_the_threshold_reaches():
    values = np.arange(40.0)[:, None] ** 2  # neighbours are 1, 3, 5, ... apart
    found = finished(DuplicatesSpec(threshold=Absolute(4), reach=3.0), {"x": values}).responses["x"]
    assert (found.threshold, found.largest_threshold) == (4, 12)
    assert sets_of(found.candidates) == [[0, 1, 2]]
    assert sets_of(found.at(12).candidates) == [[0, 1, 2, 3, 4, 5, 6]]
    with pytest.raises(ValueError, match="from 0 to 12"):
        found.at(12.1)


@pytest.mark.parametrize("copies", [2, 11, 31, 102])
@pytest.mark.parametrize("noise", [0.0, 1e-4])
def test_any_number_of_copies_is_one_set(copies, noise):
    rng = np.random.default_rng(0)
    values = rng.standard_normal((600, 16))
    values[:copies] = values[0] + noise * rng.standard_normal((copies, 16))
    [candidate] = finished(DuplicatesSpec(), {"x": values}).results["x"]
    assert sorted(candidate.indices) == list(range(copies))
    assert candidate.exact == (noise == 0)
    assert candidate.distinct == (1 if noise == 0 else copies)


def test_exact_copies_are_told_from_near_ones():
    values = np.random.default_rng(0).standard_normal((100, 8)).astype(np.float32)
    values[1] = values[0]
    values[3] = values[2]
    values[3, 0] = np.nextafter(values[3, 0], np.float32(10))
    values[5] = values[4]
    values[6] = values[4] + np.float32(1e-4)
    found = finished(DuplicatesSpec(), {"x": values}).results["x"]
    assert [(sorted(item.indices), item.exact, item.distinct) for item in found] == [
        ([4, 5, 6], False, 2),
        ([0, 1], True, 1),
        ([2, 3], False, 2),
    ]
    assert found[1].widest_step == 0
    assert 0 < found[2].widest_step < 1e-6


def test_ten_thousand_equal_samples_are_one_set():
    values = np.zeros((10_000, 8))
    values[-500:] = np.random.default_rng(0).standard_normal((500, 8))
    [candidate] = finished(DuplicatesSpec(), {"x": values}).results["x"]
    assert candidate.size == 9500
    assert candidate.mean == candidate.std == 0


def test_mean_std_order_and_projection_are_those_of_the_members():
    rng = np.random.default_rng(0)
    values = np.vstack([rng.standard_normal((7, 3)), rng.standard_normal((20, 3)) + 1000]).astype(np.float32)
    [first, second] = finished(DuplicatesSpec(threshold=Absolute(50)), {"x": values}).results["x"]
    assert sorted(second.indices) == list(range(7))
    members = values[:7].astype(np.float64)
    away = np.linalg.norm(members - members.mean(axis=0), axis=1)
    assert second.mean == pytest.approx(away.mean())
    assert second.std == pytest.approx(away.std())
    axes = np.linalg.svd(members - members.mean(axis=0))[2][:2]
    expected = (members[second.indices] - members.mean(axis=0)) @ axes.T
    np.testing.assert_allclose(np.abs(second.projection), np.abs(expected), atol=1e-6)
    assert (np.diff(second.projection[:, 0]) >= 0).all()
    assert first.size == 20


def test_small_sets_have_no_projection():
    values = np.zeros((5, 2))
    [candidate] = finished(DuplicatesSpec(), {"x": values}).results["x"]
    assert candidate.projection is None
    assert candidate.indices == [0, 1, 2, 3, 4]


def test_a_set_is_a_batch_with_ids_and_labels():
    values = np.array([[1.0], [5.0], [1.0]])
    about = {"ids": ["a", "b", "c"], "labels": {"kind": [1, 2, 3]}, "paths": list("pqr")}
    result = finished(DuplicatesSpec(), {"x": values, "y": -values}, **about)
    batch = result.results["x"][0].batch
    np.testing.assert_array_equal(batch.fields["y"], [[-1], [-1]])
    assert list(batch.metadata[Batch.StdKeys.IDENTIFIER]) == ["a", "c"]
    assert list(batch.metadata[Batch.StdKeys.LABELS]["kind"]) == [1, 3]
    assert [str(path) for path in batch.metadata[Batch.StdKeys.PATH]] == ["p", "r"]


@pytest.mark.parametrize("count", range(6))
@pytest.mark.parametrize("threshold", [None, Slope(), Cosine(), Absolute(0.1)])
def test_few_samples_work(count, threshold):
    values = np.random.default_rng(0).standard_normal((count, 4))
    spec = DuplicatesSpec(threshold=threshold) if threshold else DuplicatesSpec()
    result = finished(spec, {"x": values})
    assert result.count == count
    assert np.isfinite(result.thresholds["x"])


def test_a_close_pair_of_five_samples_is_found():
    values = np.random.default_rng(0).standard_normal((5, 8))
    values[4] = values[1] + 1e-4
    assert sets_of(finished(DuplicatesSpec(), {"x": values}).results["x"]) == [[1, 4]]


@pytest.mark.parametrize("values", [np.zeros((40, 3)), np.ones((40, 3)), np.full((2, 1), 1e30)])
def test_samples_that_are_all_equal_are_one_exact_set(values):
    for threshold in (None, Slope(), Cosine(), Absolute(0)):
        spec = DuplicatesSpec(threshold=threshold) if threshold else DuplicatesSpec()
        [candidate] = finished(spec, {"x": values}).results["x"]
        assert candidate.size == len(values)
        assert candidate.exact


def test_a_large_offset_hides_no_duplicates():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((500, 8)) + 1e4
    values[7] = values[90] + 2e-3
    assert sets_of(finished(DuplicatesSpec(), {"x": values}).results["x"]) == [[7, 90]]


def test_samples_that_are_not_finite_are_left_out_and_counted():
    values = np.random.default_rng(0).standard_normal((50, 4))
    values[3] = values[8]
    values[5, 0] = np.nan
    values[6, 1] = np.inf
    result = finished(DuplicatesSpec(), {"x": values, "y": np.ones((50, 1))})
    found = result.responses["x"]
    assert found.left_out == 2
    assert found.cluster_of[5] == found.cluster_of[6] == -1
    assert found.cluster_of[3] == found.cluster_of[8] == 0
    assert "2 samples were left out" in result.findings().summary
    assert result.responses["y"].left_out == 0
    assert finished(DuplicatesSpec(), {"x": np.full((4, 2), np.nan)}).results["x"] == ()


def test_another_threshold_needs_no_search_and_stays_within_reach():
    values = np.array([[0.0], [1.0], [3.0], [10.0]])
    result = finished(DuplicatesSpec(threshold=Absolute(1.5), reach=2.0), {"x": values})
    assert sets_of(result.results["x"]) == [[0, 1]]
    assert sets_of(result.at(Absolute(2.0)).results["x"]) == [[0, 1, 2]]
    assert sets_of(result.at({"x": 0.5}).results["x"]) == []
    assert result.at(1.0).thresholds["x"] == 1.0
    with pytest.raises(ValueError, match="reach"):
        result.at(3.5)
    with pytest.raises(ValueError, match="Run Duplicates with"):
        result.at(Cosine(0.9))
    with pytest.raises(UnknownNameError):
        result.at({"z": 1.0})


def test_links_are_pairs_of_samples_with_their_distances():
    values = np.array([[0.0], [0.0], [1.0], [3.0]])
    links = finished(DuplicatesSpec(threshold=Absolute(2.0)), {"x": values}).responses["x"].links
    assert links.first.tolist() == [0, 2]
    assert links.second.tolist() == [2, 3]
    assert links.weight.tolist() == [1, 2]


def test_leaks_and_label_conflicts_are_listed_first():
    values = np.array([[0.0], [0.0], [0.0], [50.0], [50.0], [90.0], [90.0], [200.0]])
    labels = {
        "dataset": ["train", "train", "train", "train", "test", "train", "train", "test"],
        "digit": [1, 1, 1, 2, 2, 3, 4, None],
    }
    result = finished(DuplicatesSpec(), {"x": values}, labels=labels)
    [leak] = result.leaks()
    assert (leak.candidate.indices, leak.values, leak.response) == ([3, 4], ("train", "test"), "x")
    assert repr(result.leaks()).splitlines() == [
        "response  labels                samples  ids",
        "x         dataset: train, test  2        3, 4",
    ]
    [conflict] = result.conflicts()
    assert (conflict.candidate.indices, conflict.values, conflict.dimension) == ([5, 6], (3, 4), "digit")
    assert [found.values for found in result.conflicts("dataset")] == [("train", "test")]
    table = result.findings().table
    assert table["ids"].tolist() == ["3, 4", "5, 6", "0, 1, 2"]
    assert table["leak"].tolist() == ["train, test", "", ""]
    assert table["label conflict"].tolist() == ["", "digit: 3, 4", ""]
    assert finished(DuplicatesSpec(split="digit"), {"x": values}, labels=labels).leaks()[0].values == (3, 4)


def test_data_without_labels_have_neither():
    result = finished(DuplicatesSpec(), {"x": np.zeros((3, 1))})
    assert result.leaks() == result.conflicts() == []
    assert repr(result.leaks()) == "No duplicates with different labels."
    assert "leak" not in result.findings().table


@settings(derandomize=True, deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000))
def test_the_order_of_the_samples_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((200, 6)).astype(np.float32)
    values[:30] = values[30:60] + np.float32(1e-4)
    order = rng.permutation(200)
    found = finished(DuplicatesSpec(), {"x": values}).results["x"]
    shuffled = finished(DuplicatesSpec(), {"x": values[order]}).results["x"]
    assert sets_of(found) == sorted(sorted(order[item.indices].tolist()) for item in shuffled)


def test_an_approximate_search_is_said_to_be_one_and_finds_planted_pairs():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((12_000, 12)).astype(np.float32)
    values[:200:2] = values[1:200:2] + np.float32(1e-3)
    result = finished(DuplicatesSpec(strategy=KNN(exact=False)), {"x": values})
    assert sets_of(result.results["x"]) == [[index, index + 1] for index in range(0, 200, 2)]
    assert not result.responses["x"].exact_search
    assert "approximate (recall" in result.findings().summary


def test_a_search_of_one_s_own_says_which_samples_belong_together():
    def by_sign(vectors, threshold):
        assert threshold(np.array([1.0, 2.0])) > 0
        return [np.flatnonzero(vectors[:, 0] > 0), np.flatnonzero(vectors[:, 0] < 0)[:2]]

    values = np.array([[1.0], [-2.0], [3.0], [-4.0], [-5.0]])
    result = finished(DuplicatesSpec(threshold=Slope(), strategy=by_sign), {"x": values})
    assert sets_of(result.results["x"]) == [[0, 2], [1, 3]]
    assert result.findings().rows == 2
    with pytest.raises(ValueError, match="row numbers"):
        finished(DuplicatesSpec(threshold=Slope(), strategy=lambda vectors, threshold: [[0, 9]]), {"x": values})


class Listener(StandaloneContext):
    def __init__(self, rows, stop_at=None):
        super().__init__(rows)
        self.stages, self.partials, self._stop_at = [], [], stop_at

    def step(self, stage, done=None):
        self.stages.append(stage)
        if self._stop_at is not None and stage.startswith(self._stop_at):
            raise CancelledError

    def partial(self, result):
        self.partials.append(result)


def test_each_response_is_shown_when_it_is_done():
    values = np.random.default_rng(0).standard_normal((30, 2))
    context = Listener(as_rows({"x": values, "y": values}))
    DuplicatesSpec().finish(None, context)
    assert [list(result.results) for result in context.partials] == [["x"]]
    assert {stage.split()[0] for stage in context.stages} == {"Finding"}


@pytest.mark.parametrize("stage", ["Finding equal", "Finding neighbours", "Linking"])
def test_a_run_can_be_stopped_in_every_stage(stage):
    values = np.random.default_rng(0).standard_normal((300, 2))
    with pytest.raises(CancelledError):
        DuplicatesSpec(threshold=Absolute(1.0)).finish(None, Listener(as_rows({"x": values}), stop_at=stage))
