"""LabelProblems: planted errors, evidence, hard labels."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from deepview_lab.analysis.label_problems.spec import LabelProblemsSpec
from deepview_lab.exceptions import CancelledError, DeepViewException, UnknownNameError
from tests.analysis.as_rows import as_rows, finished
from tests.analysis.test_duplicates import Listener


def two_groups(count=60, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((count, 4))
    values[count // 2 :] += 10
    return values, ["cat"] * (count // 2) + ["dog"] * (count // 2)


def test_planted_errors_are_found_with_their_true_label_and_their_neighbours():
    values, labels = two_groups()
    labels[3], labels[50] = "dog", "cat"
    found = finished(LabelProblemsSpec(), {"x": values}, labels={"animal": labels}, ids=[f"n{i}" for i in range(60)])
    problems = {problem.id: problem for problem in found.results["x"]["animal"].problems}
    assert set(problems) == {"n3", "n50"}
    assert (problems["n3"].given, problems["n3"].suggested) == ("dog", "cat")
    assert (problems["n50"].given, problems["n50"].suggested) == ("cat", "dog")
    distances = np.linalg.norm(values - values[3], axis=1)
    assert problems["n3"].neighbours == tuple(f"n{i}" for i in np.argsort(distances)[1:11])
    assert problems["n3"].disagreeing == 1.0


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_per_cent_of_flipped_digits_are_found(seed):
    digits = load_digits()
    rng = np.random.default_rng(seed)
    flipped = rng.choice(len(digits.target), 36, replace=False)
    labels = digits.target.copy()
    labels[flipped] = (labels[flipped] + rng.integers(1, 10, len(flipped))) % 10
    found = finished(LabelProblemsSpec(), {"x": digits.data}, labels={"digit": labels.tolist()}).results["x"]["digit"]
    right = np.isin(found.suspects, flipped)
    assert right.sum() >= 0.95 * len(flipped)
    assert right.mean() >= 0.75
    assert np.isin(found.suspects[:18], flipped).all()
    hits = [index for index in found.suspects if index in flipped]
    assert np.mean([found.suggested[index] == digits.target[index] for index in hits]) > 0.9


def test_labels_that_are_right_are_not_suspect():
    values, labels = two_groups()
    assert finished(LabelProblemsSpec(), {"x": values}, labels={"animal": labels}).results["x"]["animal"].problems == []


def test_labels_that_are_often_neighbours_weigh_little():
    rng = np.random.default_rng(0)
    mixed = rng.standard_normal((200, 3))
    far = rng.standard_normal((100, 3)) + 30
    labels = [["shirt", "top"][index % 2] for index in range(200)] + ["bag"] * 100
    labels[0] = "bag"
    found = finished(LabelProblemsSpec(), {"x": np.vstack([mixed, far])}, labels={"kind": labels})
    suspects = found.results["x"]["kind"]
    assert suspects.suspects.tolist() == [0]
    assert (suspects.disagreeing[1:200] > 0.2).sum() > 100


def mixed_groups():
    """Return three groups that overlap, so that labels are suspect by all degrees."""
    values = np.random.default_rng(4).standard_normal((90, 2)) + 2 * np.array([[0, 0], [1, 0], [0, 1]] * 30)
    return values, ["a", "b", "c"] * 30


@pytest.mark.parametrize(("options", "count"), [({"least_ratio": 1.5}, 13), ({"least_ratio": 3}, 5), ({}, 1)])
def test_suspects_are_the_labels_of_at_least_the_ratio_the_largest_first(options, count):
    values, labels = mixed_groups()
    found = finished(LabelProblemsSpec(**options), {"x": values}, labels={"a": labels}).results["x"]["a"]
    least = options.get("least_ratio", 7)
    assert found.least_ratio == least
    assert len(found.suspects) == count
    assert sorted(found.suspects) == np.flatnonzero(found.ratio >= least).tolist()
    assert (np.diff(found.ratio[found.suspects]) < 0).all()


def test_the_number_of_neighbours_and_the_space_change_the_evidence():
    values, labels = two_groups()
    data, given = {"x": values}, {"a": labels}
    default = finished(LabelProblemsSpec(), data, labels=given).results["x"]["a"]
    three = finished(LabelProblemsSpec(neighbours=3), data, labels=given).results["x"]["a"]
    directions = finished(LabelProblemsSpec(space="directions"), data, labels=given).results["x"]["a"]
    assert three.neighbours.shape == (60, 3)
    assert not np.array_equal(directions.neighbours, default.neighbours)


def test_dimensions_are_all_but_the_split_or_those_that_are_named():
    values, labels = two_groups()
    given = {"animal": labels, "dataset": ["train", "test"] * 30, "other": [1] * 60}
    assert list(finished(LabelProblemsSpec(), {"x": values}, labels=given).results["x"]) == ["animal", "other"]
    named = finished(LabelProblemsSpec(dimensions=["dataset"]), {"x": values}, labels=given)
    assert list(named.results["x"]) == ["dataset"]
    with pytest.raises(UnknownNameError, match="animal"):
        finished(LabelProblemsSpec(dimensions=["animl"]), {"x": values}, labels=given)


@pytest.mark.parametrize("labels", [{}, {"dataset": ["train"] * 60}])
def test_without_labels_the_error_says_how_to_give_some(labels):
    with pytest.raises(DeepViewException, match="LABELS"):
        finished(LabelProblemsSpec(), {"x": two_groups()[0]}, labels=labels)


def test_samples_without_label_or_with_nan_have_no_ratio():
    values, labels = two_groups()
    labels[5] = None
    values[6] = np.nan
    found = finished(LabelProblemsSpec(), {"x": values}, labels={"a": labels}).results["x"]["a"]
    assert np.flatnonzero(np.isnan(found.ratio)).tolist() == [5, 6]
    assert found.suggested[5] is found.suggested[6] is None
    assert found.evidence(6).neighbours == ()


def test_a_label_that_differs_for_every_sample_is_left_out_with_a_note():
    values = np.random.default_rng(0).standard_normal((2100, 2))
    labels = {"name": [f"s{index}" for index in range(2100)], "kind": ["a"] * 2100}
    found = finished(LabelProblemsSpec(), {"x": values}, labels=labels)
    assert list(found.results["x"]) == ["kind"]
    assert "2,100 different labels" in found.notes["name"]
    assert "2,100 different labels" in found.findings().summary


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_samples_work(count):
    values = np.arange(count, dtype=float)[:, None]
    found = finished(LabelProblemsSpec(), {"x": values}, labels={"a": ["x", "y", "x"][:count]})
    assert len(found.results["x"]["a"].ratio) == count
    assert found.findings().samples == count


def test_the_order_of_the_samples_does_not_matter():
    values, labels = two_groups(seed=3)
    labels[4] = "dog"
    order = np.random.default_rng(0).permutation(60)
    found = finished(LabelProblemsSpec(), {"x": values}, labels={"a": labels}).results["x"]["a"]
    shuffled = finished(LabelProblemsSpec(), {"x": values[order]}, labels={"a": [labels[i] for i in order]})
    np.testing.assert_allclose(shuffled.results["x"]["a"].ratio, found.ratio[order], rtol=1e-9)


def test_findings_list_the_suspects_with_the_evidence():
    values, labels = two_groups()
    labels[3] = "dog"
    findings = finished(
        LabelProblemsSpec(), {"x": values}, labels={"animal": labels}, paths=[f"{i}.png" for i in range(60)]
    ).findings()
    assert list(findings.table)[5:9] == ["likelier", "by neighbours", "disagreeing", "by familiarity"]
    vague = ("likelier", "neighbours", "by neighbours", "by familiarity")
    assert {name: column[0] for name, column in findings.table.items() if name not in vague} == {
        "id": 3,
        "response": "x",
        "dimension": "animal",
        "label": "dog",
        "suggested": "cat",
        "disagreeing": 1.0,
        "familiar as": "cat",
        "rarity": 0.0,
        "path": "3.png",
    }
    product = findings.table["by neighbours"] * findings.table["by familiarity"]
    np.testing.assert_allclose(findings.table["likelier"], np.sqrt(product))
    assert findings.table["likelier"][0] >= 7
    assert "1 of 60 labels of 'animal' are suspect" in findings.summary


def test_a_run_is_shown_response_by_response_and_can_be_stopped():
    values, labels = two_groups()
    context = Listener(as_rows({"x": values, "y": values}, labels={"a": labels}))
    LabelProblemsSpec().finish(None, context)
    assert [list(result.results) for result in context.partials] == [["x"]]
    with pytest.raises(CancelledError):
        LabelProblemsSpec().finish(None, Listener(as_rows({"x": values}, labels={"a": labels}), stop_at="Finding"))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"neighbours": 0}, ValueError),
        ({"least_ratio": 1.0}, ValueError),
        ({"least_ratio": float("inf")}, ValueError),
        ({"dimensions": "animal"}, TypeError),
        ({"space": "cosine"}, ValueError),
        ({"evidence": "votes"}, ValueError),
        ({"mixture": "full"}, TypeError),
    ],
)
def test_bad_settings_are_refused(options, error):
    with pytest.raises(error, match=next(iter(options))):
        LabelProblemsSpec(**options)
