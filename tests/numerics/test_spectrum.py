"""The formulas of PFA against ones written out plainly, and their edges."""

import math

import numpy as np
import pytest

from deepview_lab.numerics import (
    constant_units,
    cumulative_energy,
    eigensystem,
    eigenvalues,
    energy_count,
    kl_count,
    kl_divergence,
    linear_ratio,
    size_threshold,
)


def random_covariance(units, seed=0):
    rows = np.random.default_rng(seed).standard_normal((units * 2, units)) * np.arange(1, units + 1)
    return np.cov(rows, rowvar=False)


def test_eigenvalues_descend_and_are_not_negative():
    column = np.random.default_rng(0).standard_normal((20, 1))
    values = eigenvalues(column @ column.T)
    assert (np.diff(values) <= 0).all()
    assert values.min() >= 0
    assert values[0] == pytest.approx(float((column**2).sum()))


def test_each_eigenvector_belongs_to_its_eigenvalue():
    covariance = random_covariance(8)
    values, vectors = eigensystem(covariance)
    np.testing.assert_allclose(covariance @ vectors, vectors * values, atol=1e-9)
    np.testing.assert_allclose(values, eigenvalues(covariance), rtol=1e-10)


def test_kl_equals_the_sum_written_out():
    values = eigenvalues(random_covariance(7))
    share = [float(value) / float(values.sum()) for value in values]
    expected = sum(p * math.log(p * 7) for p in share)
    assert kl_divergence(values) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("values", "keep"),
    [([1.0, 0, 0, 0], 1), ([2.0] * 6, 6), ([0.0] * 5, 5), ([3.0], 1), ([0.0], 1)],
    ids=["rank 1", "flat", "all zero", "one unit", "one constant unit"],
)
def test_units_to_keep_at_the_edges(values, keep):
    spectrum = np.array(values)
    ratio = linear_ratio(kl_divergence(spectrum), math.log(len(spectrum)))
    assert kl_count(ratio, len(spectrum)) == keep


def test_a_share_outside_0_to_1_keeps_at_least_one_unit_and_at_most_all():
    assert (kl_count(-0.5, 4), kl_count(1.5, 4)) == (1, 4)


def test_energy_reaches_its_threshold_with_the_fewest_components():
    values = np.array([5.0, 3.0, 1.0, 1.0])
    assert [energy_count(values, t) for t in (0.0, 0.5, 0.51, 0.8, 0.81, 1.0)] == [1, 1, 2, 2, 3, 4]
    np.testing.assert_allclose(cumulative_energy(values), [0.5, 0.8, 0.9, 1.0])


def test_without_energy_all_components_are_kept():
    assert energy_count(np.zeros(3), 0.5) == 3
    assert np.isnan(cumulative_energy(np.zeros(3))).all()


def test_the_size_threshold_is_a_percentile_over_all_layers():
    spectra = [np.array([3.0, 1.0]), np.array([1.0, 1.0, 0.0]), np.zeros(2)]
    before = [0, 0.75, 0, 0.5, 1, 1, 1]
    for size in (0.1, 0.5, 0.9):
        expected = float(np.clip(np.percentile(before, 100 * size), 1e-8, 1 - 1e-8))
        assert size_threshold(spectra, size, 1e-8) == pytest.approx(expected)


@pytest.mark.parametrize("units", [5, 17, 65, 129])
def test_of_one_layer_a_size_keeps_exactly_that_many_units(units):
    # A sum that differed from the last running sum by a rounding kept one more in 4 of 10 cases.
    values = np.sort(np.random.default_rng(units).gamma(1, 1, units))[::-1]
    wanted = list(range(1, units - 1))
    assert [energy_count(values, size_threshold([values], keep / (units - 1), 1e-8)) for keep in wanted] == wanted


def test_constant_units_are_small_against_the_largest_variance():
    assert constant_units(np.diag([1.0, 1e-9, 0.0, 1e-7]), 1e-8).tolist() == [1, 2]
    assert constant_units(np.zeros((3, 3)), 1e-8).tolist() == []
