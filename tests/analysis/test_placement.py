"""Samples of a fit keep their positions; others are put among their neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.analysis.projection.placement import Embedding


def embedding(*, ids=True, count=100):
    rng = np.random.default_rng(0)
    rows = (rng.standard_normal((count, 4)) + 5).astype(np.float32)
    positions = rows[:, :2] * 10
    return Embedding(rows, positions, [f"s{index}" for index in range(count)] if ids else None)


def test_fitted_samples_keep_their_positions_in_any_order():
    fitted = embedding()
    order = np.random.default_rng(1).permutation(100)
    found = fitted.transform(fitted.rows[order], [f"s{index}" for index in order])
    np.testing.assert_array_equal(found, fitted.positions[order])


def test_without_ids_they_are_known_by_their_values():
    fitted = embedding(ids=False)
    order = np.random.default_rng(1).permutation(100)
    np.testing.assert_array_equal(fitted.transform(fitted.rows[order], None), fitted.positions[order])


def test_equal_rows_with_ids_keep_positions_of_their_own():
    rows = np.ones((2, 3), dtype=np.float32)
    fitted = Embedding(rows, np.array([[0, 0], [1, 1]], dtype=np.float32), ["a", "b"])
    np.testing.assert_array_equal(fitted.transform(rows, ["b", "a"]), [[1, 1], [0, 0]])


def test_other_data_that_reuses_ids_is_not_taken_for_the_fitted_one():
    fitted = embedding()
    strange = fitted.transform(fitted.rows[::-1].copy(), [f"s{index}" for index in range(100)])
    np.testing.assert_array_equal(strange, fitted.positions[::-1])


def test_rounding_of_a_model_does_not_move_a_fitted_sample():
    fitted = embedding()
    noise = np.random.default_rng(2).uniform(-1e-4, 1e-4, fitted.rows.shape).astype(np.float32)
    found = fitted.transform(fitted.rows + noise, [f"s{index}" for index in range(100)])
    np.testing.assert_array_equal(found, fitted.positions)


def test_new_samples_are_put_at_the_median_of_their_nearest_neighbours():
    fitted = embedding()
    new = (np.random.default_rng(3).standard_normal((20, 4)) + 5).astype(np.float32)
    distances = np.linalg.norm(new[:, None].astype(float) - fitted.rows[None], axis=2)
    nearest = np.argsort(distances, axis=1)[:, :15]
    expected = np.median(fitted.positions[nearest], axis=1)
    np.testing.assert_allclose(fitted.transform(new, None), expected, rtol=1e-6)


@pytest.mark.parametrize("size", [1, 7])
def test_where_a_new_sample_is_put_does_not_depend_on_its_batch(size):
    fitted = embedding()
    new = (np.random.default_rng(3).standard_normal((20, 4)) + 5).astype(np.float32)
    pieces = [fitted.transform(new[start : start + size], None) for start in range(0, 20, size)]
    np.testing.assert_array_equal(np.concatenate(pieces), fitted.transform(new, None))


def test_rows_that_are_not_finite_have_no_position():
    fitted = embedding()
    rows = fitted.rows[:3].copy()
    rows[1, 2] = np.nan
    np.testing.assert_array_equal(np.isnan(fitted.transform(rows, None)).any(axis=1), [False, True, False])


def test_fewer_fitted_samples_than_neighbours_are_enough():
    fitted = embedding(count=3)
    assert np.isfinite(fitted.transform(np.zeros((2, 4)), None)).all()


def test_no_rows_have_no_positions():
    assert embedding().transform(np.empty((0, 4)), []).shape == (0, 2)
