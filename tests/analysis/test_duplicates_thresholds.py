"""Thresholds of Duplicates, against their formulas computed in another way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.analysis.duplicates.spec import DuplicatesSpec
from deepview_lab.analysis.duplicates.thresholds import (
    Absolute,
    Cosine,
    Percentile,
    Relative,
    Slope,
    neighbour_distances,
    threshold_distance,
)
from deepview_lab.numerics.neighbours.equal_rows import equal_rows
from deepview_lab.numerics.neighbours.nearest import neighbour_graph
from tests.analysis.as_rows import finished

SORTED = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=300).map(np.sort)


def slope_by_steps(distances, sensitivity):
    count = len(distances)
    stride, probe = count // 1000 + 1, count // 2
    window = count // sensitivity
    target = distances[probe + probe // 2] - distances[probe - probe // 2]
    while probe > stride:
        if distances[probe + window] - distances[probe] > target:
            break
        probe -= stride
    return distances[probe]


def distances_of_all(points):
    """Return the sorted distances above zero of each row to its ten nearest, itself included, by brute force."""
    points = points.astype(np.float64)
    every = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    nearest = np.sort(every, axis=1)[:, :10].ravel()
    return np.trim_zeros(np.sort(nearest))


@settings(derandomize=True, deadline=None)
@given(distances=SORTED, sensitivity=st.integers(3, 9))
def test_slope_is_deepview_s(distances, sensitivity):
    assert Slope(sensitivity)(distances) == slope_by_steps(distances, sensitivity)


def test_slope_strides_over_many_distances():
    distances = np.sort(np.random.default_rng(0).gamma(2.0, size=5500))
    assert Slope()(distances) == slope_by_steps(distances, 5)


@settings(derandomize=True, deadline=None)
@given(distances=SORTED, percentile=st.floats(0, 100))
def test_percentile_is_deepview_s_and_the_largest_distance_at_0(distances, percentile):
    index = len(distances) - int(percentile * 0.01 * len(distances))
    expected = distances[index] if index < len(distances) else distances[-1]
    assert Percentile(percentile)(distances) == expected


@settings(derandomize=True, deadline=None, max_examples=50)
@given(
    rows=st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=1, max_size=40),
)
def test_copies_count_among_the_ten_neighbours(rows):
    points = np.array(rows, dtype=np.float32)
    first, copies = np.unique(equal_rows(points), return_counts=True)
    found = neighbour_distances(neighbour_graph(points[first], 10), copies)
    np.testing.assert_allclose(found, distances_of_all(points), rtol=1e-6)


@pytest.mark.parametrize("threshold", [Slope(), Slope(3), Percentile(98.5), Percentile(50)])
def test_the_threshold_of_a_response_is_that_of_its_columns_divided_by_their_norms(threshold):
    values = np.random.default_rng(0).standard_normal((300, 6)).astype(np.float32)
    values[:, 2] = 0
    values[10] = values[20]
    norms = np.linalg.norm(values.astype(np.float64), axis=0)
    scaled = values / np.where(norms == 0, 1, norms)
    found = finished(DuplicatesSpec(threshold=threshold), {"x": values}).responses["x"]
    assert found.threshold == pytest.approx(threshold(distances_of_all(scaled)), rel=1e-4)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5, 10, 64])
def test_noise_has_next_to_no_duplicates(dimensions):
    noise = np.random.default_rng(dimensions).standard_normal((2000, dimensions))
    found = finished(DuplicatesSpec(), {"x": noise}).responses["x"]
    assert (found.cluster_of >= 0).sum() <= 8  # 1 in 1,000 is expected in few dimensions, in pairs
    assert found.threshold > 0


@pytest.mark.parametrize("copies", [2, 3, 4, 5, 8, 10])
def test_most_samples_may_have_duplicates_before_the_default_moves(copies):
    rng = np.random.default_rng(0)
    originals = rng.standard_normal((2000 // copies, 32))
    twins = np.repeat(originals, copies, axis=0)
    twins = twins + 1e-3 * rng.standard_normal(twins.shape)
    found = finished(DuplicatesSpec(), {"x": twins}).results["x"]
    assert [candidate.size for candidate in found] == [copies] * (2000 // copies)


def test_a_dead_unit_hides_no_duplicates():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((500, 16))
    values[:40:2] = values[1:40:2] + 1e-3 * rng.standard_normal((20, 16))
    values[:, 3] = 0
    found = finished(DuplicatesSpec(), {"x": values}).results["x"]
    assert [candidate.indices for candidate in found] == [[index, index + 1] for index in range(0, 40, 2)]


def test_the_usual_distance_is_that_of_the_formula():
    # Of a line of equal steps the neighbours 2, 3, 4, 5 are 1, 2, 2, 3 steps away, and 4, 6, 8, 10 are 2, 3, 4, 5.
    line = np.arange(1000, dtype=np.float32)[:, None]
    graph = neighbour_graph(line, 10)
    m = np.log(2) / np.log(3 / 2)
    usual = 5 * (np.log(2) / (10 - 1 / 3 + 0.002)) ** (1 / m)
    expected = usual * min(0.13, (1e-3 / np.log(2)) ** (1 / m))
    assert threshold_distance(Relative(), graph, np.ones(1000, dtype=int)) == pytest.approx(expected, rel=1e-6)
    assert Relative(chance=0.1).of_graph(graph) > Relative().of_graph(graph)
    assert Relative(fraction=1e-3).of_graph(graph) == pytest.approx(1e-3 * usual, rel=1e-6)


@pytest.mark.parametrize("similarity", [0.5, 0.9, 0.98, 1.0])
def test_cosine_joins_what_is_that_similar_whatever_the_lengths(similarity):
    angles = np.arccos(similarity) + np.array([-1e-3, 1e-3])
    for angle, joined in zip(angles, (True, False), strict=True):
        values = np.array([[1.0, 0.0], [7 * np.cos(max(angle, 0)), 7 * np.sin(max(angle, 0))], [-1, -1]])
        found = finished(DuplicatesSpec(threshold=Cosine(similarity)), {"x": values}).results["x"]
        assert [candidate.indices for candidate in found] == ([[0, 1]] if joined else [])


def test_a_sample_of_zeros_is_similar_to_no_other_one():
    values = np.array([[0.0, 0.0], [1, 0], [0, 0], [1, 0.1]])
    found = finished(DuplicatesSpec(threshold=Cosine(0.4)), {"x": values}).results["x"]
    assert [candidate.indices for candidate in found] == [[0, 2], [1, 3]]


def test_absolute_is_a_distance_of_the_responses_as_they_are():
    values = np.array([[0.0, 0], [3, 4], [1000, 0], [1000, 5.1]])
    found = finished(DuplicatesSpec(threshold=Absolute(5.0)), {"x": values}).results["x"]
    assert [candidate.indices for candidate in found] == [[0, 1]]


def test_a_threshold_of_one_s_own_gets_the_sorted_distances():
    seen = []

    def smallest(distances):
        seen.append(distances)
        return distances[0]

    values = np.random.default_rng(0).standard_normal((50, 4))
    found = finished(DuplicatesSpec(threshold=smallest), {"x": values}).results["x"]
    assert [candidate.size for candidate in found] == [2]
    assert (np.diff(seen[0]) >= 0).all()
    assert seen[0][0] > 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: Slope(2),
        lambda: Percentile(-1),
        lambda: Percentile(101),
        lambda: Cosine(1.5),
        lambda: Absolute(-1),
        lambda: Absolute(float("nan")),
        lambda: Relative(fraction=0),
        lambda: Relative(chance=0.5),
        lambda: DuplicatesSpec(threshold=Slope),
        lambda: DuplicatesSpec(threshold=0.5),
        lambda: DuplicatesSpec(strategy="annoy"),
        lambda: DuplicatesSpec(reach=0.5),
        lambda: DuplicatesSpec(strategy=lambda vectors, threshold: []),
        lambda: finished(DuplicatesSpec(threshold=lambda distances: float("nan")), {"x": np.eye(4)}),
    ],
)
def test_what_is_no_threshold_or_strategy_is_refused(make):
    with pytest.raises(ValueError, match=r"must|takes"):
        make()
