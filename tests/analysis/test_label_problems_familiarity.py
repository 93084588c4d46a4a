"""Familiarity as evidence against labels: densities equal scikit-learn's, planted errors, hard labels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.datasets import load_digits
from sklearn.mixture import GaussianMixture as Reference

from deepview_lab.analysis.familiarity.mixture import GMMCovarianceType, GMMSettings
from deepview_lab.analysis.label_problems.familiarity import label_familiarity
from deepview_lab.analysis.label_problems.spec import ONE_GAUSSIAN, LabelProblemsSpec
from deepview_lab.exceptions import CancelledError
from deepview_lab.numerics.densities.label_odds import calibrated, label_folds
from tests.analysis.as_rows import as_rows, finished
from tests.analysis.heard import Heard

# What docs/label_problems.md was measured with: stated here too, so that a change of it is noticed.
FOLDS, STRENGTH, FLOOR = 5, 100, 0.1
BOTH, FAMILIARITY = LabelProblemsSpec(), LabelProblemsSpec(evidence="familiarity")


def three_groups(count=150, units=3, seed=0):
    """Return rows and their group, groups overlapping a little, with unequal covariances."""
    rng = np.random.default_rng(seed)
    groups = np.arange(count) % 3
    rows = rng.standard_normal((count, units)) * (1 + groups[:, None]) + 6 * groups[:, None]
    rows[:, 1] += rows[:, 0]
    return rows.astype(np.float32), groups


def judged(rows, labels, settings=ONE_GAUSSIAN, step=lambda _: None):
    return label_familiarity(rows, labels, settings, step)


def suspects(values, labels, spec=FAMILIARITY):
    return finished(spec, {"x": values}, labels={"a": list(labels)}).results["x"]["a"]


def by_reference(rows, labels, gaussians, covariance_type):
    """Return [rows, labels] the log densities by scikit-learn and SciPy, each row by mixtures fitted without it."""
    fold, order = label_folds(rows, labels, FOLDS)
    found = np.empty((len(rows), labels.max() + 1))
    unit = np.sqrt(rows.astype(float).var(axis=0, ddof=1).mean())
    for number in range(FOLDS):
        train = [order[(labels[order] == label) & (fold[order] != number)] for label in range(found.shape[1])]
        scaled = [(rows[chosen] - rows.mean(axis=0, dtype=float)) / unit for chosen in train]
        within = sum(len(part) * np.cov(part.T, bias=True) for part in scaled) / sum(map(len, scaled))
        tested = (rows[fold == number] - rows.mean(axis=0, dtype=float)) / unit
        for label, part in enumerate(scaled):
            fitted = Reference(
                gaussians, covariance_type=covariance_type, random_state=0, init_params="k-means++", max_iter=200
            ).fit(part - part.mean(axis=0))
            density = 0
            for weight, mean, covariance in zip(fitted.weights_, fitted.means_, fitted.covariances_, strict=True):
                count = weight * len(part)
                own, usual = (
                    (covariance, within) if covariance_type == "full" else map(np.diag, (covariance, np.diag(within)))
                )
                drawn = (count * own + STRENGTH * usual) / (count + STRENGTH)
                drawn = drawn + FLOOR * np.trace(within) / len(within) * np.eye(len(within))
                density += weight * multivariate_normal(mean + part.mean(axis=0), drawn).pdf(tested)
            found[fold == number, label] = np.log(density) - rows.shape[1] * np.log(unit)
    return found


@pytest.mark.parametrize("gaussians", [1, 2])
@pytest.mark.parametrize("covariance_type", list(GMMCovarianceType))
def test_densities_and_the_best_label_equal_those_of_scikit_learn_on_the_same_folds(gaussians, covariance_type):
    rows, labels = three_groups()
    settings = GMMSettings(gaussian_count=gaussians, covariance_type=covariance_type)
    found = judged(rows, labels, settings)
    density = by_reference(rows, labels, gaussians, covariance_type.value)
    each = np.arange(len(rows))
    np.testing.assert_allclose(found.density, density[each, labels], rtol=1e-5, atol=1e-5)
    likely = density + np.log(np.bincount(labels) / len(labels))
    own = likely[each, labels].copy()
    likely[each, labels] = -np.inf
    np.testing.assert_array_equal(found.best_other, likely.argmax(axis=1))
    np.testing.assert_allclose(found.evidence, calibrated(likely.max(axis=1) - own), rtol=1e-4, atol=1e-5)
    for label in range(3):
        mine = density[labels == label, label]
        below = (mine[:, None] > mine + 1e-9).mean(axis=1)
        np.testing.assert_allclose(found.rarity[labels == label], below)


@pytest.mark.parametrize("seed", [0, 1])
def test_of_flipped_digits_both_kinds_of_evidence_find_more_than_neighbours(seed):
    digits = load_digits()
    rng = np.random.default_rng(seed)
    flipped = rng.choice(len(digits.target), 36, replace=False)
    labels = digits.target.copy()
    labels[flipped] = (labels[flipped] + rng.integers(1, 10, len(flipped))) % 10
    first = {
        evidence: np.isin(
            suspects(digits.data, labels, LabelProblemsSpec(evidence=evidence, least_ratio=1.01)).suspects[:36], flipped
        ).mean()
        for evidence in ("neighbours", "familiarity", "both")
    }
    assert first["familiarity"] > 0.8
    assert first["both"] >= max(0.95, first["neighbours"])


def test_a_sample_does_not_vouch_for_itself():
    rows, labels = three_groups()
    rows[7] = rows[7] + 40
    moved = judged(rows, labels)
    alone = by_reference(rows, labels, 1, "full")[7, labels[7]]
    assert moved.density[7] == pytest.approx(alone, rel=1e-5)
    assert moved.rarity[7] == 0


def test_kinds_of_evidence_can_be_asked_alone_and_the_columns_say_which():
    rows, labels = three_groups()
    tables = {
        evidence: finished(
            LabelProblemsSpec(evidence=evidence, least_ratio=1.01), {"x": rows}, labels={"a": labels.tolist()}
        ).findings()
        for evidence in ("neighbours", "familiarity", "both")
    }
    assert {"by neighbours", "disagreeing", "neighbours"} <= set(tables["neighbours"].table)
    assert not {"by familiarity", "familiar as", "rarity"} & set(tables["neighbours"].table)
    assert {"by familiarity", "familiar as", "rarity"} <= set(tables["familiarity"].table)
    assert not {"by neighbours", "disagreeing", "neighbours"} & set(tables["familiarity"].table)
    assert set(tables["both"].table) == set(tables["neighbours"].table) | set(tables["familiarity"].table)
    assert "likelier by their familiarity." in tables["familiarity"].summary


def test_the_mixture_changes_the_evidence():
    rows, labels = three_groups()
    diagonal = LabelProblemsSpec(evidence="familiarity", mixture=GMMSettings(gaussian_count=2))
    assert not np.allclose(suspects(rows, labels).density, suspects(rows, labels, diagonal).density)


@pytest.mark.parametrize("few", [1, 2])
def test_labels_of_one_or_two_samples_are_left_to_their_neighbours_with_a_note(few):
    rows, groups = three_groups()
    labels = ["rare" if index < few else f"g{group}" for index, group in enumerate(groups)]
    found = finished(BOTH, {"x": rows}, labels={"a": labels})
    asked = found.results["x"]["a"]
    assert np.isnan(asked.by_familiarity[:few]).all()
    assert np.isfinite(asked.by_familiarity[few:]).all()
    np.testing.assert_array_equal(asked.ratio[:few], asked.by_neighbours[:few])
    assert "rare" not in set(asked.familiar_as)
    assert "1 label(s) with fewer than 5 samples" in found.notes["a"]
    assert "rare" in found.findings().summary


def test_labels_of_few_samples_raise_no_false_alarms():
    rng = np.random.default_rng(1)
    values = rng.standard_normal((1016, 30))
    values[1000:1008] += 4
    values[1008:] -= 4
    labels = ["many"] * 1000 + ["few"] * 8 + ["others"] * 8
    asked = suspects(values, labels)
    assert np.isfinite(asked.by_familiarity).all()
    assert asked.suspects.tolist() == []


@pytest.mark.parametrize("spec", [BOTH, FAMILIARITY])
def test_rows_that_are_all_identical_give_no_suspects_and_finite_evidence(spec):
    asked = suspects(np.full((40, 3), 7.0), ["a", "b"] * 20, spec)
    assert np.isfinite(asked.ratio).all()
    assert asked.suspects.tolist() == []


def test_a_single_label_has_densities_but_cannot_be_wrong():
    asked = suspects(three_groups()[0], ["same"] * 150, BOTH)
    assert np.isnan(asked.ratio).all()
    assert np.isfinite(asked.density).all()
    assert asked.rarity.min() == 0


def test_only_labels_of_few_samples_give_nothing_but_a_note():
    found = finished(FAMILIARITY, {"x": np.eye(6)}, labels={"a": list("aabbcc")})
    assert np.isnan(found.results["x"]["a"].ratio).all()
    assert "3 label(s)" in found.notes["a"]


def test_samples_without_label_or_with_nan_are_judged_by_nobody_and_judge_nobody():
    rows, labels = three_groups()
    clean = suspects(np.delete(rows, [5, 6], axis=0), np.delete(labels, [5, 6]), FAMILIARITY)
    dirty = rows.copy()
    dirty[6] = np.nan
    given = [None if index == 5 else int(label) for index, label in enumerate(labels)]
    asked = suspects(dirty, given, FAMILIARITY)
    assert np.flatnonzero(np.isnan(asked.ratio)).tolist() == [5, 6]
    assert asked.familiar_as[5] is asked.familiar_as[6] is None
    # The sample without a label is part of the scale of all, hence not to the last digit.
    np.testing.assert_allclose(np.delete(asked.density, [5, 6]), clean.density, rtol=1e-6)


@pytest.mark.parametrize("gaussians", [1, 2])
def test_the_order_of_the_samples_does_not_matter(gaussians):
    spec = LabelProblemsSpec(evidence="familiarity", mixture=GMMSettings(gaussian_count=gaussians))
    rows, labels = three_groups()
    order = np.random.default_rng(0).permutation(len(rows))
    found, shuffled = suspects(rows, labels, spec), suspects(rows[order], labels[order], spec)
    np.testing.assert_allclose(shuffled.ratio, found.ratio[order], rtol=1e-6)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_scale_of_the_responses_does_not_matter(scale):
    rng = np.random.default_rng(2)
    labels = np.arange(120) % 2
    values = rng.standard_normal((120, 4)) + 8 * labels[:, None]
    labels[[9, 20]] = [0, 1]
    assert sorted(suspects(values * scale, labels).suspects) == [9, 20]


def test_equal_seeds_give_equal_bits():
    rows, labels = three_groups()
    settings = GMMSettings(gaussian_count=3, seed=4)
    first, second = judged(rows, labels, settings), judged(rows, labels, settings)
    np.testing.assert_array_equal(first.evidence, second.evidence)
    np.testing.assert_array_equal(first.density, second.density)


def test_wide_responses_are_taken_along_their_principal_axes():
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 2
    labels[9] = 0
    values = rng.standard_normal((120, 300)).astype(np.float32)
    values[:, :3] += 20 * (np.arange(120) % 2)[:, None]
    assert suspects(values, labels).suspects.tolist() == [9]


def test_far_off_values_leave_the_evidence_of_the_others_alone():
    rows, labels = three_groups()
    labels[0] = 2
    rows[50] = 1e6
    asked = suspects(rows, labels)
    assert np.isfinite(asked.ratio).all()
    assert 0 in suspects(np.delete(rows, 50, axis=0), np.delete(labels, 50)).suspects


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_a_run_can_be_stopped_between_labels_and_folds(share):
    rows, labels = three_groups()
    context = Heard(
        as_rows({"x": rows}, labels={"a": labels.tolist()}), stop_at="Comparing labels in x", stop_after=share
    )
    with pytest.raises(CancelledError):
        BOTH.finish(BOTH.create(), context)
    heard = Heard(as_rows({"x": rows}, labels={"a": labels.tolist()}))
    BOTH.finish(BOTH.create(), heard)
    done = [part for stage, part in heard.steps if stage == "Comparing labels in x"]
    assert done == sorted(done)
    # Of each of five folds, three labels are fitted and then three are compared.
    assert np.diff([0, *done, 1]).max() < 1.001 / (5 * 2 * 3)
