"""Expectation maximization: its laws, whatever the kind of covariances."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture


def rows_of(*, offset=0.0):
    rng = np.random.default_rng(1)
    return rng.standard_normal((900, 3)) @ rng.standard_normal((3, 3)) + 4 * rng.integers(0, 3, (900, 1)) + offset


def iterated(rows, count, *, full):
    mixture, reached = GaussianMixture.around(rows[:3], full=full, added=1e-6), []
    for _ in range(count):
        mixture, mean = mixture.improved(rows, added=1e-6)
        reached.append(mean)
    return mixture, reached


@pytest.mark.parametrize("full", [False, True])
def test_no_iteration_lowers_the_likelihood(full):
    rows = rows_of()
    mixture, reached = iterated(rows, 25, full=full)
    assert (np.diff(reached) > -1e-9).all()
    assert mixture.log_density(rows).mean() >= reached[-1] - 1e-9


@pytest.mark.parametrize("full", [False, True])
def test_moments_of_the_mixture_are_those_of_the_rows(full):
    rows = rows_of()
    mixture, _ = iterated(rows, 5, full=full)
    covariances = mixture.covariances if full else np.stack([np.diag(row) for row in mixture.covariances])
    mean = mixture.weights @ mixture.means
    apart = mixture.means - mean
    covariance = np.einsum("k,kij->ij", mixture.weights, covariances + apart[:, :, None] * apart[:, None, :])
    np.testing.assert_allclose(mean, rows.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(np.diagonal(covariance), rows.var(axis=0), rtol=1e-5)
    if full:
        np.testing.assert_allclose(covariance, np.cov(rows.T, ddof=0), rtol=1e-5)


@pytest.mark.parametrize("full", [False, True])
def test_an_offset_moves_the_means_and_nothing_else(full):
    here, _ = iterated(rows_of(), 20, full=full)
    there, _ = iterated(rows_of(offset=1e4), 20, full=full)
    np.testing.assert_allclose(there.means, here.means + 1e4, rtol=1e-9)
    np.testing.assert_allclose(there.covariances, here.covariances, rtol=1e-5, atol=1e-7)


def test_a_covariance_without_inverse_is_an_error():
    rows = np.repeat(rows_of(), 2, axis=1) * 1e9
    with pytest.raises(np.linalg.LinAlgError):
        iterated(rows, 3, full=True)
