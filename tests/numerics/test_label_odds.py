"""Folds, shrunk covariances and calibrated odds, against what they should be by definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture
from deepview_lab.numerics.densities.label_odds import calibrated, label_folds, shrunk


@settings(derandomize=True, deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 60), folds=st.integers(1, 7))
def test_folds_are_even_in_each_label_and_follow_the_rows(seed, count, folds):
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((count, 2)).astype(np.float32)
    labels = rng.integers(-1, 4, count)
    fold, order = label_folds(rows, labels, folds)
    assert sorted(order) == list(range(count))
    assert (np.diff(labels[order]) >= 0).all()
    for label in set(labels):
        sizes = np.bincount(fold[labels == label], minlength=folds)
        assert sizes.max() - sizes.min() <= 1
    shuffle = rng.permutation(count)
    np.testing.assert_array_equal(label_folds(rows[shuffle], labels[shuffle], folds)[0], fold[shuffle])


def test_equal_rows_share_a_fold_where_folds_have_room():
    rows = np.repeat(np.random.default_rng(0).standard_normal((50, 3)), 2, axis=0).astype(np.float32)
    fold, _ = label_folds(rows, np.zeros(100, dtype=int), 5)
    np.testing.assert_array_equal(fold[::2], fold[1::2])


def test_folds_do_not_depend_on_where_rows_lie():
    rows = np.linspace(0, 1, 1000, dtype=np.float32)[:, None]
    fold, _ = label_folds(rows, np.zeros(1000, dtype=int), 5)
    means = [rows[fold == number].mean() for number in range(5)]
    assert np.ptp(means) < 0.15


@pytest.mark.parametrize("diagonal", [True, False])
def test_covariances_are_drawn_towards_the_usual_ones_the_more_the_fewer_samples(diagonal):
    own, usual = np.diag([1.0, 3.0]), np.diag([5.0, 5.0])
    mixture = GaussianMixture(np.ones(1), np.zeros((1, 2)), np.array([np.diag(own) if diagonal else own]))

    def drawn(samples, floor=0.0):
        found = shrunk(mixture, samples, usual, strength=10, floor=floor).covariances[0]
        return found if diagonal else np.diag(found)

    np.testing.assert_allclose(drawn(10), [3, 4])
    np.testing.assert_allclose(drawn(10**9), [1, 3], rtol=1e-6)
    np.testing.assert_allclose(drawn(10**9, floor=0.1), [1.5, 3.5], rtol=1e-6)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), wrong=st.floats(0.02, 0.4), scale=st.floats(1.0, 1e4))
def test_the_factor_makes_the_given_labels_likeliest(seed, wrong, scale):
    rng = np.random.default_rng(seed)
    differences = -rng.exponential(scale, 200)
    differences[: int(200 * wrong)] *= -0.5
    found = calibrated(differences)
    far = 4 * np.median(np.abs(differences))
    bounded = differences / np.sqrt(1 + (differences / far) ** 2)
    best = minimize_scalar(lambda log: np.logaddexp(0, np.exp(log) * bounded).mean(), bounds=(-25, 0), method="bounded")
    assert np.logaddexp(0, found).mean() <= best.fun + 1e-9
    np.testing.assert_array_equal(np.argsort(found, kind="stable"), np.argsort(differences, kind="stable"))


def test_differences_that_are_no_better_than_a_guess_give_even_odds():
    np.testing.assert_array_equal(calibrated(np.array([5.0, -5.0, 3.0, np.nan])), [0, 0, 0, np.nan])


def test_differences_of_the_right_size_stay():
    rng = np.random.default_rng(0)
    differences = -rng.normal(1.0, np.sqrt(2.0), 200_000)  # their own log odds
    found = calibrated(differences)
    small = np.abs(differences) < 0.5
    np.testing.assert_allclose(found[small], differences[small], atol=0.06)


@pytest.mark.parametrize("differences", [[], [np.nan], [0.0, 0.0], [-1e300, -1e300, 1e300]])
def test_hard_differences_give_no_warning(differences):
    found = calibrated(np.array(differences))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(differences))
