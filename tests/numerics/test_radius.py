"""Clusters of single linkage up to a radius, against the closure of all pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.exceptions import CancelledError
from deepview_lab.numerics.neighbours import radius as radius_module
from deepview_lab.numerics.neighbours.equal_rows import equal_rows
from deepview_lab.numerics.neighbours.nearest import neighbour_graph
from deepview_lab.numerics.neighbours.radius import radius_forest
from deepview_lab.numerics.neighbours.union_find import Edges, components, leaf_order, spanning_forest


def closure(distances, threshold):
    """Return the smallest member of each row's cluster, by walking from row to row."""
    label = np.full(len(distances), -1)
    for start in range(len(distances)):
        if label[start] < 0:
            waiting = [start]
            while waiting:
                row = waiting.pop()
                if label[row] < 0:
                    label[row] = start
                    waiting.extend(np.flatnonzero((distances[row] <= threshold) & (label < 0)))
    return label


def all_distances(rows):
    rows = np.asarray(rows, dtype=np.float64)
    return np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))


def clusters(forest, count, threshold):
    links = forest.up_to(threshold)
    return components(count, links.first, links.second)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    rows=st.lists(st.lists(st.integers(-6, 6), min_size=2, max_size=2), min_size=1, max_size=40, unique_by=tuple),
    k=st.integers(1, 10),
    reach=st.integers(0, 9),
)
def test_clusters_are_the_closure_at_every_threshold_up_to_the_radius(rows, k, reach):
    rows = np.array(rows, dtype=np.float32)
    forest = radius_forest(rows, neighbour_graph(rows, k), reach)
    assert len(forest) < len(rows)
    for threshold in {0.5, 1.0, 1.5, 2.0, 3.5, float(reach)}:
        if threshold <= reach:
            np.testing.assert_array_equal(
                clusters(forest, len(rows), threshold), closure(all_distances(rows), threshold)
            )


@pytest.mark.parametrize("scale", [1.0, 1e-4])
def test_a_cloud_that_is_denser_than_the_lists_is_one_cluster(scale, monkeypatch):
    monkeypatch.setattr(radius_module, "_PENDING", 500)  # several rounds
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((600, 8)).astype(np.float32)
    rows[100:400] = rows[100] + scale * rng.standard_normal((300, 8))
    distances = all_distances(rows)
    radius = 4.0 * scale
    forest = radius_forest(rows, neighbour_graph(rows, 5), radius)
    for threshold in np.linspace(0.2, 1, 7) * radius:
        np.testing.assert_array_equal(clusters(forest, 600, threshold), closure(distances, threshold))


def test_linking_says_how_far_it_is_and_stops_when_told():
    rows = np.random.default_rng(0).standard_normal((300, 2)).astype(np.float32)
    graph = neighbour_graph(rows, 3)

    def stop(done):
        raise CancelledError

    with pytest.raises(CancelledError):
        radius_forest(rows, graph, 5.0, step=stop)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    edges=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 5)), max_size=40),
    weight=st.integers(0, 5),
)
def test_a_spanning_forest_keeps_the_components_at_every_weight(edges, weight):
    table = np.array(edges, dtype=np.int64).reshape(-1, 3)
    graph = Edges(table[:, 0], table[:, 1], table[:, 2].astype(np.float32))
    forest = spanning_forest(12, graph)
    part, whole = forest.up_to(weight), graph.up_to(weight)
    np.testing.assert_array_equal(components(12, part.first, part.second), components(12, whole.first, whole.second))
    assert len(forest) == 12 - len(set(components(12, graph.first, graph.second).tolist()))


def test_the_largest_gap_between_leaves_is_where_they_are_connected():
    forest = Edges(np.array([0, 2, 1]), np.array([1, 3, 2]), np.float32([1, 2, 5]))
    order, gaps = leaf_order(5, forest)
    assert order.tolist() == [0, 1, 2, 3, 4]
    assert gaps.tolist() == [1, 5, 2, np.inf]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(st.sampled_from([-0.0, 0.0, 1.0, 2.5]), min_size=3, max_size=3), max_size=20))
def test_equal_rows_are_those_that_compare_equal(rows):
    table = np.array(rows, dtype=np.float32).reshape(-1, 3)
    expected = [next(first for first in range(len(rows)) if rows[first] == row) for row in rows]
    assert equal_rows(table).tolist() == expected


def test_colliding_hashes_do_not_make_rows_equal(monkeypatch):
    monkeypatch.setattr(
        "deepview_lab.numerics.neighbours.equal_rows.row_hashes", lambda rows: np.zeros(len(rows), dtype=np.uint64)
    )
    assert equal_rows(np.float32([[1], [2], [1], [-0.0], [0.0]])).tolist() == [0, 1, 0, 3, 3]


def test_rows_without_columns_are_all_equal():
    assert equal_rows(np.empty((3, 0), dtype=np.float32)).tolist() == [0, 0, 0]
