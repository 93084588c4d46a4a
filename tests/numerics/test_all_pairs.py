"""The nearest of all rows by tiles of pairs, against distances of all pairs."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.numerics.neighbours import all_pairs
from deepview_lab.numerics.neighbours.all_pairs import nearest_of_all
from deepview_lab.numerics.neighbours.search import exact_lists, unheard


def all_distances(rows):
    rows = np.asarray(rows, dtype=np.float64)
    squares = (rows**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares - 2 * rows @ rows.T, 0))
    np.fill_diagonal(distances, np.inf)
    return distances


def assert_nearest(lists, rows, atol=1e-4):
    distances = all_distances(rows)
    k = lists.shape[1]
    for row, listed in enumerate(lists.tolist()):
        assert row not in listed
        assert len(set(listed)) == k
    found = np.sort(np.take_along_axis(distances, lists.astype(int), axis=1), axis=1)
    np.testing.assert_allclose(found, np.sort(np.partition(distances, k - 1, axis=1)[:, :k], axis=1), atol=atol)


@pytest.fixture
def small_tiles(monkeypatch):
    """Few first rows and small tiles: several rounds among few rows."""
    monkeypatch.setattr(all_pairs, "_TILE_ROWS", 8)
    monkeypatch.setattr(all_pairs, "_TILE_CELLS", 128)
    monkeypatch.setattr(all_pairs, "_FIRST", (8, 16))
    monkeypatch.setattr(all_pairs, "_PER_NEIGHBOUR", 2)


def clusters_in_order(rng):
    """Neighbours are next to each other, so that the first rows say nothing of the last."""
    return np.repeat(100 * rng.standard_normal((30, 6)), 100, axis=0) + rng.standard_normal((3000, 6))


KINDS = {
    "noise": lambda rng: rng.standard_normal((5000, 12)),
    "clusters in order": clusters_in_order,
    "few different values": lambda rng: rng.integers(0, 2, (3000, 7)),
    "two tight groups": lambda rng: np.sign(rng.standard_normal((2500, 1))) + 1e-3 * rng.standard_normal((2500, 9)),
    "two rows only": lambda rng: np.array([[-1.0, 2.0], [1.0, -2.0]])[rng.integers(0, 2, 2500)],
    "one far away": lambda rng: np.vstack([[[1e3] * 4], rng.standard_normal((2600, 4))]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_lists_hold_the_nearest_whatever_the_data_look_like(kind):
    rows = KINDS[kind](np.random.default_rng(0)).astype(np.float32)
    rows -= rows.mean(axis=0)
    assert_nearest(nearest_of_all(rows, 10, unheard), rows, atol=1e-3 * np.abs(rows).max())


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=2, max_size=60),
    k=st.integers(1, 12),
)
def test_ties_and_any_number_of_rows(rows, k):
    table = np.array(rows, dtype=np.float32)
    with pytest.MonkeyPatch.context() as patched:
        small_tiles.__wrapped__(patched)
        lists = nearest_of_all(table, min(k, len(rows) - 1), unheard)
    assert_nearest(lists, table)


@pytest.mark.usefixtures("small_tiles")
def test_many_rounds_find_the_nearest():
    rows = np.random.default_rng(1).standard_normal((900, 3)).astype(np.float32)
    assert_nearest(nearest_of_all(rows, 5, unheard), rows)


def test_threads_do_not_change_the_lists(monkeypatch):
    rows = np.random.default_rng(2).integers(0, 4, (4000, 5)).astype(np.float32)
    shared = nearest_of_all(rows, 6, unheard)

    @contextmanager
    def alone():
        yield map

    monkeypatch.setattr(all_pairs, "shared_among_threads", alone)
    np.testing.assert_array_equal(shared, nearest_of_all(rows, 6, unheard))


def test_queries_find_their_nearest_rows_nearest_first():
    rng = np.random.default_rng(3)
    queries, rows = rng.standard_normal((70, 4)).astype(np.float32), rng.standard_normal((3000, 4)).astype(np.float32)
    distances = np.linalg.norm(queries[:, None].astype(np.float64) - rows[None], axis=2)
    np.testing.assert_array_equal(exact_lists(queries, rows, 15), np.argsort(distances, axis=1)[:, :15])


@pytest.mark.parametrize("k", [1, 3])
def test_queries_of_as_many_rows_as_asked_for_get_all(k):
    rows = np.arange(k, dtype=np.float32)[:, None]
    assert exact_lists(np.float32([[-1]]), rows, k).tolist() == [list(range(k))]
