"""Layouts: the forces are the slopes of UMAP's likelihood, and the loop moves points as a plain one does."""

import numpy as np
import pytest

from deepview_lab.exceptions import CancelledError
from deepview_lab.numerics.neighbours.layout import Forces, improve_layout

pytest.importorskip("numba", reason="the loop is compiled")

A, B = 1.577, 0.895  # of spread 1 and min_dist 0.1
FORCES = Forces.of(A, B)
SEED = np.array([1, 2], dtype=np.uint64)


def likelihood(distance, *, near):
    similarity = 1 / (1 + A * distance ** (2 * B))
    return np.log(similarity if near else 1 - similarity)


@pytest.mark.parametrize("near", [True, False])
def test_forces_are_the_slopes_of_the_log_likelihood(near):
    distance = np.geomspace(0.5, 50, 101)  # closer, repulsion is bounded by a thousandth in the denominator
    small = 1e-5 * distance
    slope = (likelihood(distance + small, near=near) - likelihood(distance - small, near=near)) / (2 * small)
    force = FORCES.at((distance**2).astype(np.float32))[0 if near else 1]
    np.testing.assert_allclose(force * distance, slope, rtol=1e-4 if near else 5e-3)


@pytest.mark.parametrize("power", [-39, -20, -3, 0, 8, 39])
def test_tables_are_as_exact_as_they_say(power):
    squares = (2.0**power * np.linspace(1, 2, 1001)).astype(np.float32)
    powers = squares.astype(float) ** B
    exact = (
        -2 * A * B * powers / squares / (1 + A * powers),
        2 * B / ((0.001 + squares.astype(float)) * (1 + A * powers)),
    )
    for found, expected in zip(FORCES.at(squares), exact, strict=True):
        np.testing.assert_allclose(found, expected, rtol=5e-5)


@pytest.mark.parametrize("square", [0.0, 1e-30, 1e30, np.inf, np.nan])
def test_distances_beyond_the_tables_have_a_finite_force(square):
    assert np.isfinite(FORCES.at(np.float32([square]))).all()


def moved(positions, edges, shares, **options):
    positions = np.array(positions, dtype=np.float32)
    settings = {"epochs": 50, "repelled": 5.0, "rate": 1.0, "seed": SEED} | options
    improve_layout(positions, tuple(np.array(ends, np.int32) for ends in edges), shares, FORCES, **settings)
    return positions


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_without_repulsion_it_is_plain_descent_of_the_edges(dimensions):
    rng = np.random.default_rng(0)
    start = rng.standard_normal((6, dimensions)).astype(np.float32) * 3
    edges, shares = ([0, 1, 2, 5], [1, 2, 0, 3]), np.array([1.0, 0.5, 0.25, 1.0])
    expected, drawn = start.astype(float), np.zeros(4)
    for epoch in range(20):
        rate = 0.1 * (1 - max(epoch - 1, 0) / 20)
        for edge, (head, tail) in enumerate(zip(*edges, strict=True)):
            if epoch * shares[edge] >= drawn[edge] + 1:
                drawn[edge] += 1
                difference = expected[head] - expected[tail]
                square = difference @ difference
                force = -2 * A * B * square ** (B - 1) / (1 + A * square**B)
                step = np.clip(force * difference, -4, 4) * rate
                expected[head] += step
                expected[tail] -= step
    assert drawn.tolist() == [19, 9, 4, 19]
    np.testing.assert_allclose(
        moved(start, edges, shares, epochs=20, repelled=0.0, rate=0.1), expected, rtol=1e-3, atol=1e-4
    )


def test_points_without_edges_stay_and_those_at_edges_are_pushed_away_from_them():
    start = np.float32([[0, 0], [0.2, 0], [0.1, 0.1], [0.1, -0.1]])
    found = moved(start, ([0, 1], [1, 0]), np.ones(2))
    np.testing.assert_array_equal(found[2:], start[2:])
    assert np.linalg.norm(found[:2, None] - start[None, 2:], axis=2).min() > 1


def test_the_seed_settles_it():
    rng = np.random.default_rng(0)
    start, edges = rng.standard_normal((40, 2)), rng.integers(0, 40, (2, 200))
    first, again, other = (
        moved(start, edges, np.ones(200), seed=np.array([seed], np.uint64)) for seed in (3, 3, 2**64 - 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_it_can_be_watched_and_stopped():
    seen = []

    def over(epochs):
        for epoch in epochs:
            seen.append(epoch)
            if epoch == 7:
                raise CancelledError
            yield epoch

    with pytest.raises(CancelledError):
        moved(np.eye(2), ([0], [1]), np.ones(1), over=over)
    assert seen == list(range(8))
