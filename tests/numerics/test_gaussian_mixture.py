"""Log densities of mixtures, against scikit-learn and the formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture as Reference

from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture


def fitted(covariance_type, *, offset=0.0):
    rng = np.random.default_rng(1)
    rows = np.concatenate([rng.standard_normal((300, 6)) * rng.uniform(0.1, 4, 6) + shift for shift in (0, 5, -3)])
    rows += offset
    return Reference(3, covariance_type=covariance_type, random_state=0).fit(rows), rows


@pytest.mark.parametrize("covariance_type", ["diag", "full"])
def test_log_densities_equal_scikit_learns(covariance_type):
    reference, rows = fitted(covariance_type)
    mixture = GaussianMixture(reference.weights_, reference.means_, reference.covariances_)
    np.testing.assert_allclose(mixture.log_density(rows), reference.score_samples(rows), rtol=1e-9)


@pytest.mark.parametrize("covariance_type", ["diag", "full"])
def test_an_offset_of_a_million_costs_no_digits(covariance_type):
    reference, rows = fitted(covariance_type)
    mixture = GaussianMixture(reference.weights_, reference.means_ + 1e6, reference.covariances_)
    np.testing.assert_allclose(mixture.log_density(rows + 1e6), reference.score_samples(rows), rtol=1e-6)


@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_diagonal_and_full_agree_where_covariances_are_diagonal(components, units, seed):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(components))
    means, variances = rng.standard_normal((components, units)), rng.uniform(0.1, 9, (components, units))
    rows = rng.standard_normal((7, units)) * 4
    diagonal = GaussianMixture(weights, means, variances).log_density(rows)
    full = GaussianMixture(weights, means, np.array([np.diag(row) for row in variances])).log_density(rows)
    np.testing.assert_allclose(diagonal, full, rtol=1e-9, atol=1e-9)
    squares = ((rows[:, None] - means) ** 2 / variances).sum(2)
    by_formula = np.log((weights * np.exp(-squares / 2) / np.sqrt((2 * np.pi * variances).prod(1))).sum(1))
    np.testing.assert_allclose(diagonal, by_formula, rtol=1e-7, atol=1e-7)


def test_far_rows_have_a_finite_log_density():
    mixture = GaussianMixture(np.array([0.5, 0.5]), np.zeros((2, 1)), np.ones((2, 1)))
    np.testing.assert_allclose(mixture.log_density(np.array([[1e3]])), -5e5 - 0.5 * np.log(2 * np.pi))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("full", [False, True])
def test_rows_that_are_not_finite_have_no_density(odd, full):
    covariances = np.eye(2)[None] if full else np.ones((1, 2))
    mixture = GaussianMixture(np.ones(1), np.zeros((1, 2)), covariances)
    np.testing.assert_array_equal(np.isnan(mixture.log_density(np.array([[0.0, odd], [0.0, 0.0]]))), [True, False])


def test_no_rows_give_no_densities():
    assert GaussianMixture(np.ones(1), np.zeros((1, 2)), np.ones((1, 2))).log_density(np.empty((0, 2))).shape == (0,)


def test_blocks_do_not_matter():
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((5000, 40)).astype(np.float32)
    mixture = GaussianMixture(np.ones(2) / 2, rng.standard_normal((2, 40)), np.ones((2, 40)))
    pieces = [mixture.log_density(rows[start : start + 77]) for start in range(0, len(rows), 77)]
    np.testing.assert_allclose(np.concatenate(pieces), mixture.log_density(rows), rtol=1e-12)
