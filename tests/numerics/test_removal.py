"""Removal orders equal a plain, slow search that looks at the whole matrix for every unit."""

import numpy as np
import pytest

from deepview_lab.numerics import (
    UnitRemoval,
    abs_max_order,
    abs_min_order,
    correlations,
    l1_max_order,
    l1_min_order,
)


def slow_l1(correlation, extreme=np.nanmax):
    """Remove the unit of the largest (or smallest) sum; break ties as FEATURES.md says."""
    left = correlation.copy()
    np.fill_diagonal(left, np.nan)
    gone = []
    while len(gone) < len(left) - 1:
        sums = np.nansum(left, axis=0)
        sums[gone] = np.nan
        tied = np.flatnonzero(np.isclose(sums, extreme(sums)))
        unit = tied[0]
        if len(tied) > 1:
            columns = left[:, tied]
            unit = np.argwhere(np.isclose(columns, extreme(columns)))[0, 0]
        gone.append(int(unit))
        left[unit, :] = left[:, unit] = np.nan
    return [*gone, *sorted(set(range(len(left))) - set(gone))]


def slow_abs(correlation, extreme=np.nanmax):
    """Remove one unit of the closest (or farthest) pair; break ties as FEATURES.md says."""
    left = correlation.copy()
    np.fill_diagonal(left, np.nan)
    gone = []
    while len(gone) < len(left) - 1:
        cells = np.argwhere(np.isclose(left, extreme(left)))
        rows = list(dict.fromkeys(cells[:, 0]))
        others = left[rows]
        for index, row in enumerate(rows):
            others[index, cells[cells[:, 0] == row][0, 1]] = np.nan
        position = 0
        if not np.isnan(others).all():
            position = np.argwhere(np.isclose(others, extreme(others)))[:, 0].min()
        unit = int(cells[position, 0])
        gone.append(unit)
        left[unit, :] = left[:, unit] = np.nan
    return [*gone, *sorted(set(range(len(left))) - set(gone))]


def slow_l1_min(correlation):
    return slow_l1(correlation, np.nanmin)


def slow_abs_min(correlation):
    return slow_abs(correlation, np.nanmin)


def covariance_of(rows):
    return np.cov(rows, rowvar=False)


def mixed(rng, units):
    return covariance_of(rng.standard_normal((200, 5)) @ rng.standard_normal((5, units)) + rng.random((200, units)))


def duplicated(rng, units):
    rows = rng.standard_normal((200, units))
    rows[:, units // 2 :] = rows[:, : units - units // 2] * rng.choice([1.0, -3.0], units - units // 2)
    return covariance_of(rows)


def one_hot(rng, units):
    return covariance_of(np.eye(units)[rng.integers(0, units, 400)])


def equal(rng, units):
    return np.full((units, units), 0.5) + np.eye(units) * 0.5


def coarse(rng, units):
    rounded = np.round(np.abs(np.corrcoef(rng.standard_normal((units, 12)))), 1)
    return np.maximum(rounded, rounded.T)


def unrelated(rng, units):
    return np.eye(units)


def blocks(rng, units):
    """Groups that do not know of each other: many correlations are exactly 0."""
    group = np.arange(units) % 3
    return covariance_of(rng.standard_normal((90, units))) * (group[:, None] == group)


PAIRS = [
    (l1_max_order, slow_l1),
    (l1_min_order, slow_l1_min),
    (abs_max_order, slow_abs),
    (abs_min_order, slow_abs_min),
]
ORDERS = [order for order, _ in PAIRS]
MAKERS = [mixed, duplicated, one_hot, equal, coarse, unrelated, blocks]


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("units", [2, 3, 10, 33])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("fast", "slow"), PAIRS, ids=lambda function: function.__name__)
def test_equals_the_slow_search(maker, units, seed, fast, slow):
    correlation = correlations(maker(np.random.default_rng(seed), units))
    assert fast(correlation).tolist() == slow(correlation)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("units", [0, 1])
def test_no_unit_and_one_unit(order, units):
    assert order(np.zeros((units, units))).tolist() == list(range(units))


@pytest.mark.parametrize("order", ORDERS)
def test_a_wide_layer_gives_a_permutation_and_the_matrix_is_not_changed(order):
    correlation = correlations(mixed(np.random.default_rng(0), 600))
    before = correlation.copy()
    assert sorted(order(correlation)) == list(range(600))
    np.testing.assert_array_equal(correlation, before)


@pytest.mark.parametrize(("fast", "slow"), PAIRS[:2], ids=lambda function: function.__name__)
def test_sums_kept_up_to_date_stay_exact_over_many_removals(fast, slow):
    correlation = correlations(mixed(np.random.default_rng(1), 400))
    assert fast(correlation).tolist() == slow(correlation)


def test_correlations_of_a_constant_unit_are_zero():
    covariance = np.diag([1.0, 0.0, 4.0])
    covariance[0, 2] = covariance[2, 0] = -1.0
    np.testing.assert_allclose(correlations(covariance), [[0, 0, 0.5], [0, 0, 0], [0.5, 0, 0]])


def test_what_goes_is_a_prefix_and_constant_units_always_go():
    removal = UnitRemoval.of(np.array([4]), np.array([2, 0, 1, 3]))
    assert [removal.removed(keep).tolist() for keep in (1, 3, 4, 5)] == [[4, 2, 0, 1], [4, 2], [4], [4]]
