"""The sketch of a scatter keeps its promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.numerics.covariance.sketch import ScatterSketch


def data(count, units, rank, seed=0):
    rng = np.random.default_rng(seed)
    low = rng.standard_normal((count, rank)) @ (rng.standard_normal((rank, units)) * np.geomspace(9, 1, rank)[:, None])
    return low + 0.1 * rng.standard_normal((count, units)) + 50


def sketched(rows, size, cuts=()):
    sketch = ScatterSketch(rows.shape[1], size=size)
    for piece in np.split(rows, cuts):
        sketch.add(piece)
    return sketch


def approximation(sketch):
    values, vectors = sketch.leading(sketch.units)
    return (vectors * values) @ vectors.T


@given(st.integers(3, 120), st.integers(2, 20), st.integers(1, 8), st.integers(0, 99))
def test_no_direction_is_overstated_or_understated_by_more_than_the_shortfall(count, units, size, seed):
    rows = data(count, units, min(3, units), seed)
    sketch = sketched(rows, size)
    centred = rows - rows.mean(axis=0)
    scatter = centred.T @ centred
    missing = np.linalg.eigvalsh(scatter - approximation(sketch))
    rounding = 1e-8 * np.trace(scatter)
    assert missing.min() >= -rounding
    assert missing.max() <= sketch.shortfall + rounding


def test_the_shortfall_is_within_its_bound():
    rows = data(900, 60, rank=4)
    singular = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)
    sketch = sketched(rows, 20)
    assert 0 < sketch.shortfall <= (singular[4:] ** 2).sum() / (20 - 4)


def test_leading_directions_are_nearly_exact():
    rows = data(900, 60, rank=4)
    values, vectors = sketched(rows, 20).leading(4)
    _, singular, exact = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(values, singular[:4] ** 2, rtol=0.01)
    np.testing.assert_allclose(np.abs((vectors * exact[:4].T).sum(axis=0)), 1, atol=1e-3)


@pytest.mark.parametrize("cuts", [range(1, 200), [3, 150], []])
def test_the_cut_into_batches_does_not_matter(cuts):
    rows = data(200, 15, rank=3)
    cut, whole = sketched(rows, 7, list(cuts)), sketched(rows, 7)
    np.testing.assert_array_equal(cut.leading(5)[0], whole.leading(5)[0])
    assert (cut.shortfall, cut.count) == (whole.shortfall, 200)


def test_merging_keeps_the_promise_and_leaves_the_second_alone():
    rows = data(300, 12, rank=3)
    first, second = sketched(rows[:130], 5), sketched(rows[130:], 5)
    before = second.leading(5)[0], second.count, second.shortfall
    first.merge(second)
    np.testing.assert_array_equal(second.leading(5)[0], before[0])
    assert (second.count, second.shortfall) == before[1:]
    centred = rows - rows.mean(axis=0)
    missing = np.linalg.eigvalsh(centred.T @ centred - approximation(first))
    assert first.count == 300
    assert missing.min() > -1e-6
    assert missing.max() <= first.shortfall + 1e-6
    np.testing.assert_allclose(first.mean(), rows.mean(axis=0))
    np.testing.assert_allclose(first.total(), (centred**2).sum())


def test_an_empty_sketch_is_the_identity_of_merge():
    rows = data(90, 6, rank=2)
    expected = sketched(rows, 4).leading(3)[0]
    left, right = ScatterSketch(6, size=4), sketched(rows, 4)
    left.merge(sketched(rows, 4))
    right.merge(ScatterSketch(6, size=4))
    np.testing.assert_allclose(left.leading(3)[0], expected)
    np.testing.assert_allclose(right.leading(3)[0], expected)


def test_before_any_row_and_after_one_there_is_no_variance():
    sketch = ScatterSketch(3, size=2)
    np.testing.assert_array_equal(sketch.leading(2)[0], [0, 0])
    sketch.add(np.array([[1.0, 2.0, 3.0]]))
    values, vectors = sketch.leading(2)
    np.testing.assert_array_equal(values, [0, 0])
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(2))
    np.testing.assert_array_equal(sketch.mean(), [1, 2, 3])


@given(st.lists(st.integers(0, 200), max_size=4), st.integers(0, 200))
def test_restored_at_any_row_it_goes_on_with_the_same_bits(cuts, at):
    rows = data(200, 15, rank=6)
    expected = sketched(rows, 7, sorted(cuts)).state()
    folded, parts = sketched(rows[:at], 7).state()
    again = ScatterSketch.restored(15, folded, {name: values.copy() for name, values in parts.items()}, size=7)
    assert again.count == at
    again.add(rows[at:])
    assert again.state()[0] == expected[0]
    for name, values in again.state()[1].items():
        np.testing.assert_array_equal(values, expected[1][name], err_msg=name)
    assert expected[1]["sums"][1] > 0, "nothing was ever cut off"


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("mean", np.zeros(4)),
        ("rows", np.zeros((15, 3))),
        ("rows", np.zeros((2, 4))),
        ("pending", np.zeros((7, 3))),
        ("sums", np.zeros(3)),
    ],
)
def test_what_is_no_state_is_refused(part, values):
    folded, parts = sketched(data(20, 3, rank=2), 7).state()
    with pytest.raises(ValueError, match="no sketch of 3 units in 7 rows"):
        ScatterSketch.restored(3, folded, {**parts, part: values}, size=7)
