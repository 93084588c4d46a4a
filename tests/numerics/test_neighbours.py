"""Nearest neighbours, against distances of all pairs."""

import builtins

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.exceptions import CancelledError, DeepViewWarning
from deepview_lab.numerics.neighbours import nearest as neighbours
from deepview_lab.numerics.neighbours.nearest import exact_is_fast, neighbour_graph


def all_distances(rows):
    rows = np.asarray(rows, dtype=np.float64)
    return np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))


@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_distances_are_those_of_the_nearest_rows(offset):
    rows = (np.random.default_rng(0).standard_normal((400, 5)) + offset).astype(np.float32)
    graph = neighbour_graph(rows, 7)
    assert graph.exact
    assert graph.recall is None
    assert graph.indices.dtype == np.int32
    assert graph.distances.dtype == np.float32
    expected = np.sort(all_distances(rows), axis=1)[:, 1:8]
    np.testing.assert_allclose(graph.distances, expected, rtol=1e-4)
    np.testing.assert_allclose(
        np.take_along_axis(all_distances(rows), graph.indices.astype(int), axis=1), expected, rtol=1e-4
    )


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=25),
    k=st.integers(1, 12),
)
def test_no_row_is_its_own_neighbour_however_many_are_equal(rows, k):
    graph = neighbour_graph(np.array(rows, dtype=np.float32), k)
    assert graph.indices.shape == (len(rows), min(k, len(rows) - 1))
    for row, listed in enumerate(graph.indices):
        assert row not in listed
        assert len(set(listed)) == len(listed)
    expected = np.sort(all_distances(rows) + np.diag(np.full(len(rows), -1.0)), axis=1)[:, 1 : 1 + k]
    np.testing.assert_allclose(graph.distances, expected, rtol=1e-6)


def test_very_large_and_very_small_values_keep_their_distances():
    rows = np.random.default_rng(1).standard_normal((50, 3))
    for scale in (1e30, 1e-30):
        scaled = (rows * scale).astype(np.float32)
        graph = neighbour_graph(scaled, 3)
        np.testing.assert_allclose(graph.distances, np.sort(all_distances(scaled), axis=1)[:, 1:4], rtol=1e-4)


def test_an_approximate_search_tells_its_recall_and_finds_close_pairs():
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((12_000, 15)).astype(np.float32)
    rows[:200:2] = rows[1:200:2] + 1e-3
    graph = neighbour_graph(rows, 10, exact=False)
    assert not graph.exact
    assert 0.5 < graph.recall <= 1
    assert (graph.indices[:200:2, 0] == np.arange(1, 200, 2)).all()
    exact = neighbour_graph(rows, 10, exact=True)
    found = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(graph.indices, exact.indices, strict=True)])
    assert graph.recall == pytest.approx(found, abs=0.05)


def test_equal_data_give_equal_graphs():
    rows = np.random.default_rng(3).standard_normal((10_500, 8)).astype(np.float32)
    threads = faiss.omp_get_max_threads()
    first, second = (neighbour_graph(rows, 5, exact=False) for _ in range(2))
    assert faiss.omp_get_max_threads() == threads
    np.testing.assert_array_equal(first.indices, second.indices)
    assert first.recall == second.recall


def test_the_search_says_how_far_it_is_and_stops_when_told():
    rows = np.random.default_rng(0).standard_normal((9000, 4)).astype(np.float32)
    told = []
    neighbour_graph(rows, 3, step=told.append)
    assert told[0] == 0
    assert told == sorted(told)
    assert 0 < told[-1] < 1

    def stop(done):
        if done > 0:
            raise CancelledError

    with pytest.raises(CancelledError):
        neighbour_graph(rows, 3, step=stop)


def test_with_self_is_the_form_that_umap_takes():
    indices, distances = neighbour_graph(np.array([[0.0], [1.0], [3.0]]), 2).with_self()
    np.testing.assert_array_equal(indices, [[0, 1, 2], [1, 0, 2], [2, 1, 0]])
    np.testing.assert_array_equal(distances, [[0, 1, 3], [0, 1, 2], [0, 2, 3]])


def test_without_faiss_many_rows_warn_about_time(monkeypatch):
    original = builtins.__import__

    def no_faiss(name, *args, **options):
        if name == "faiss":
            raise ImportError(name)
        return original(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", no_faiss)
    monkeypatch.setattr(neighbours, "_FAST_WORK", 1e9)
    rows = np.random.default_rng(0).standard_normal((10_000, 2))
    with pytest.warns(DeepViewWarning, match="faiss"):
        assert neighbour_graph(rows, 2, exact=False).exact


@pytest.mark.parametrize(
    ("rows", "k", "message"),
    [
        (np.zeros(3), 1, "table"),
        (np.zeros((3, 2)), 0, "at least 1"),
        (np.array([[np.nan], [1.0]]), 1, "finite"),
        (np.array([[np.inf], [1.0]]), 1, "finite"),
    ],
)
def test_bad_input_is_refused(rows, k, message):
    with pytest.raises(ValueError, match=message):
        neighbour_graph(rows, k)


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (2, 0)])
def test_hardly_any_data_have_hardly_any_neighbours(shape):
    graph = neighbour_graph(np.zeros(shape), 5)
    assert graph.indices.shape == (shape[0], max(shape[0] - 1, 0))


def test_exact_search_is_the_choice_where_it_takes_seconds():
    assert exact_is_fast(50_000, 64)
    assert not exact_is_fast(200_000, 64)
