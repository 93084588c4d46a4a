"""Graphs that are searched once, and are what a search of one's own would have found."""

import numpy as np
import pytest

from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs
from deepview_lab.numerics.neighbours.nearest import neighbour_graph


def points(count=400, units=5, seed=0):
    # Many of equal distance, which is where a longer list could begin otherwise.
    return np.random.default_rng(seed).integers(-2, 3, (count, units)).astype(np.float32)


def of(graphs, rows, k, **options):
    told = []
    return graphs.of(rows, k, step=told.append, **options), bool(told)


@pytest.mark.parametrize("first", [1, 10, 14, 30])
def test_nobodys_graph_depends_on_who_asked_before(first):
    graphs, rows = NeighbourGraphs(), points()
    of(graphs, rows, first)
    for k in (10, 14, 30):
        found, _ = of(graphs, rows, k)
        alone, _ = of(NeighbourGraphs(), rows, k)
        np.testing.assert_array_equal(found.indices, alone.indices)
        np.testing.assert_array_equal(found.distances, alone.distances)
        np.testing.assert_array_equal(found.distances, neighbour_graph(rows, k).distances)


def test_equal_points_are_searched_once_and_others_anew():
    graphs, rows = NeighbourGraphs(), points()
    assert of(graphs, rows, 10)[1]
    assert not of(graphs, rows.copy(), 14)[1]
    for other in (2 * rows, rows[::-1], rows.reshape(-1, 1), np.append(rows, rows[:1], axis=0)):
        assert of(graphs, other, 10)[1]
    graphs.clear()
    assert of(graphs, rows, 10)[1]


def test_approximate_lists_are_as_long_as_asked_for():
    pytest.importorskip("faiss", reason="it searches approximately")
    graphs, rows = NeighbourGraphs(), np.random.default_rng(0).standard_normal((10_000, 3)).astype(np.float32)
    found, _ = of(graphs, rows, 4, exact=False)
    assert not found.exact
    np.testing.assert_array_equal(found.indices, neighbour_graph(rows, 4, exact=False).indices)
    assert of(graphs, rows, 5, exact=False)[1]
    assert of(graphs, rows, 4, exact=True)[0].exact
