"""Familiarity: fits equal scikit-learn's, poor data gives a clear result or error, the rarest come first."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture as Reference

from deepview_lab.analysis.contract import Budget
from deepview_lab.analysis.familiarity.mixture import GMMCovarianceType, GMMSettings, NoMixtureError
from deepview_lab.analysis.familiarity.spec import FamiliaritySpec
from deepview_lab.base import Batch
from deepview_lab.exceptions import CancelledError, DeepViewException, TooFewSamplesError
from tests.analysis.as_rows import as_rows
from tests.analysis.heard import Heard

DIAG, FULL = GMMCovarianceType.DIAG, GMMCovarianceType.FULL


def clusters(count=400, units=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, units)) + 8 * rng.integers(0, 3, (count, 1))


def found(fields, *, context=None, strategy=None, **given):
    spec = FamiliaritySpec(strategy or GMMSettings(gaussian_count=3))
    return spec.finish(spec.create(), context or Heard(as_rows(fields, **given)))


@pytest.mark.parametrize("covariance_type", [DIAG, FULL])
def test_scores_equal_those_of_one_uninterrupted_fit_of_scikit_learn(covariance_type):
    values = clusters().astype(np.float32)
    centred = values - values.mean(axis=0, dtype=np.float64)
    reference = Reference(
        3, covariance_type=covariance_type.value, random_state=7, init_params="k-means++", max_iter=200, tol=1e-3
    ).fit(centred)
    settings = GMMSettings(gaussian_count=3, covariance_type=covariance_type, seed=7)
    result = found({"x": values}, strategy=settings)
    np.testing.assert_allclose(result.scores["x"], reference.score_samples(centred), rtol=1e-9)
    assert result.distributions["x"].iterations == reference.n_iter_
    assert result.distributions["x"].converged


def test_equal_seeds_give_equal_scores_and_random_state_is_the_seed():
    fields = {"x": np.random.default_rng(0).standard_normal((300, 3))}

    def scores(**settings):
        return found(fields, strategy=GMMSettings(gaussian_count=4, max_iterations=3, **settings)).scores["x"]

    np.testing.assert_array_equal(scores(seed=1), scores(seed=1))
    np.testing.assert_array_equal(scores(seed=1), scores(_random_state=1))
    assert not np.array_equal(scores(seed=1), scores(seed=2))


def test_the_rarest_samples_come_first_with_their_labels_and_paths():
    values = clusters(60)
    values[17] = 500
    result = found(
        {"x": values},
        strategy=GMMSettings(gaussian_count=1),
        ids=[f"s{index}" for index in range(60)],
        labels={"kind": ["odd" if index == 17 else "usual" for index in range(60)], "id": list(range(60))},
        paths=[f"{index}.png" for index in range(60)],
    )
    findings = result.findings()
    assert list(findings.table) == ["id", "familiarity x", "kind", "label id", "path"]
    first = {name: column[0] for name, column in findings.table.items()}
    assert first == {
        "id": "s17",
        "familiarity x": result.scores["x"][17],
        "kind": "odd",
        "label id": 17,
        "path": "17.png",
    }
    assert findings.samples == 60


def test_a_sample_rare_in_one_response_of_several_is_among_the_first():
    usual, strange = clusters(80, seed=1), clusters(80, seed=2)
    strange[5], usual[9] = -300, 900
    table = found({"a": usual, "b": strange}, strategy=GMMSettings(gaussian_count=1)).findings().table
    assert set(table["id"][:2]) == {5, 9}


def test_samples_with_nan_are_left_out_and_have_no_score():
    values = clusters(50)
    values[3, 1], values[8, 0] = np.nan, np.inf
    result = found({"x": values})
    assert np.flatnonzero(np.isnan(result.scores["x"])).tolist() == [3, 8]
    assert result.distributions["x"].samples == 48
    clean = np.delete(values, [3, 8], axis=0)
    np.testing.assert_array_equal(np.delete(result.scores["x"], [3, 8]), found({"x": clean}).scores["x"])
    assert result.findings().table["id"][-2:].tolist() == [3, 8]


def test_fewer_samples_than_gaussians_give_fewer_gaussians_and_a_note():
    result = found({"x": clusters(3)}, strategy=GMMSettings(gaussian_count=5))
    assert len(result.distributions["x"].mixture.weights) == 3
    assert "Only 3 Gaussians" in result.notes["x"]
    assert np.isfinite(result.scores["x"]).all()


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_samples_are_an_error_that_names_field_needed_and_got(count):
    values = np.full((3, 2), np.nan)
    values[:count] = 1
    with pytest.raises(TooFewSamplesError, match=rf"at least 2 samples of response 'x' .* got {count}"):
        found({"x": values})


def test_a_response_that_cannot_be_fitted_does_not_take_the_others_along():
    context = Heard(as_rows({"bad": np.full((40, 2), np.nan), "good": clusters(40)}))
    result = found({}, context=context)
    assert list(result.distributions) == ["good"]
    assert "at least 2 samples" in result.notes["bad"]
    with pytest.raises(KeyError, match=r"Response 'bad' has no fitted distribution; fitted: 'good'.*at least 2"):
        result.scored(Batch({"bad": np.zeros((1, 2))}))


@pytest.mark.parametrize("covariance_type", [DIAG, FULL])
@pytest.mark.parametrize(
    "values",
    [
        np.zeros((30, 3)),
        np.hstack([clusters(30), np.full((30, 1), 7.0)]),
        np.repeat(clusters(4), 10, axis=0),
        np.hstack([clusters(30)] * 2),
        np.hstack([clusters(30)] * 2) * 1e6,
        clusters(30) * 1e-12,
        clusters(30) * 1e15,
    ],
    ids=["all zero", "constant column", "few distinct", "singular", "singular and large", "tiny", "huge"],
)
def test_poor_data_gives_finite_scores(values, covariance_type):
    result = found({"x": values}, strategy=GMMSettings(gaussian_count=3, covariance_type=covariance_type))
    assert np.isfinite(result.scores["x"]).all()


def test_what_had_to_be_added_to_singular_covariances_is_told():
    values = np.hstack([clusters(200)] * 2) * 1e6
    result = found({"x": values}, strategy=GMMSettings(gaussian_count=2, covariance_type=FULL))
    assert "The covariances are singular" in result.notes["x"]


def test_values_without_any_covariance_are_a_clear_error():
    with pytest.raises(NoMixtureError, match=r"response 'x'.*1e\+300"):
        GMMSettings(gaussian_count=2).fit("x", np.array([[1e300], [-1e300], [1e300]]), lambda done: None)


def test_full_covariances_of_few_samples_are_noted():
    result = found({"x": clusters(20, 10)}, strategy=GMMSettings(gaussian_count=3, covariance_type=FULL))
    assert "few for 3 full covariances" in result.notes["x"]


def test_a_fit_that_ends_early_says_so():
    result = found({"x": clusters()}, strategy=GMMSettings(max_iterations=1))
    assert "did not converge in 1 iterations" in result.notes["x"]


def test_it_can_be_stopped_between_iterations_and_keeps_the_responses_that_are_done():
    context = Heard(as_rows({"a": clusters(), "b": clusters()}), stop_at="Fitting mixtures", stop_after=0.5)
    with pytest.raises(CancelledError):
        found({}, context=context)
    assert [list(partial.distributions) for partial in context.partials] == [["a"]]
    assert context.steps[-1] == ("Fitting mixtures", 0.5)


@pytest.mark.parametrize(
    "settings",
    [{"gaussian_count": 0}, {"max_iterations": 0}, {"convergence_threshold": -1.0}, {"covariance_type": "diag"}],
)
def test_settings_are_checked(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        GMMSettings(**settings)


def test_something_that_is_no_strategy_is_refused():
    with pytest.raises(DeepViewException, match="strategy must be"):
        FamiliaritySpec("gmm")


def test_counts_merge():
    spec = FamiliaritySpec()
    batch = Batch({"x": np.zeros((3, 2))})
    merged = spec.merge(spec.update(spec.create(), batch), spec.update(spec.update(spec.create(), batch), batch))
    assert merged.samples == 9
    assert spec.snapshot(merged, Budget.unlimited()) is None
