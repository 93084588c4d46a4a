"""What neighbours say of labels, against the formula computed row by row."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.numerics.neighbours.nearest import neighbour_graph
from deepview_lab.numerics.neighbours.votes import label_votes


def by_hand(graph, labels, classes):
    """Return evidence, best other label and share of disagreement of each row, one by one."""
    count, k = graph.indices.shape
    weights = np.exp(-2 * (graph.distances / graph.distances[:, -1:].astype(float)) ** 2)
    weights = weights / weights.sum(axis=1, keepdims=True) * k
    around = np.ones((classes, classes))
    for row in range(count):
        for weight, other in zip(weights[row], graph.indices[row], strict=True):
            around[labels[row], labels[other]] += weight
    around /= around.sum(axis=1, keepdims=True)
    found = []
    for row in range(count):
        scores = {}
        for label in range(classes):
            scores[label] = math.log(np.mean(labels == label)) + sum(
                weight * math.log(around[label, labels[other]])
                for weight, other in zip(weights[row], graph.indices[row], strict=True)
            )
        own = scores.pop(labels[row])
        best = max(scores, key=scores.get)
        against = np.mean([labels[other] != labels[row] for other in graph.indices[row]])
        found.append(((scores[best] - own) / k, best, against))
    return [np.array(column) for column in zip(*found, strict=True)]


@settings(derandomize=True, deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 8), classes=st.integers(2, 5))
def test_evidence_is_that_of_the_formula(seed, k, classes):
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((30, 3))
    labels = np.concatenate([np.arange(classes), rng.integers(classes, size=30 - classes)])
    graph = neighbour_graph(rows, k)
    votes = label_votes(graph, labels, classes)
    evidence, best, against = by_hand(graph, labels, classes)
    np.testing.assert_allclose(votes.evidence, evidence, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(votes.best_other, best)
    np.testing.assert_allclose(votes.disagreeing, against)


def test_rows_without_a_label_neither_vote_nor_are_judged():
    rows = np.array([[0.0], [1], [2], [50], [51], [52]])
    labels = np.array([0, 0, -1, 1, 1, -1])
    votes = label_votes(neighbour_graph(rows, 2), labels, 2)
    assert np.isnan(votes.evidence[[2, 5]]).all()
    assert votes.best_other.tolist() == [1, 1, -1, 0, 0, -1]
    assert votes.disagreeing[[0, 1, 3, 4]].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("count", [0, 1])
def test_without_neighbours_there_is_no_evidence(count):
    votes = label_votes(neighbour_graph(np.zeros((count, 2)), 3), np.zeros(count, dtype=int), 1)
    assert np.isnan(votes.evidence).all()
    assert np.isnan(votes.disagreeing).all()


def test_a_single_label_cannot_be_wrong():
    votes = label_votes(neighbour_graph(np.arange(5.0)[:, None], 2), np.zeros(5, dtype=int), 1)
    assert np.isnan(votes.evidence).all()


def test_equal_rows_count_alike():
    votes = label_votes(neighbour_graph(np.zeros((8, 2)), 3), np.array([0] * 7 + [1]), 2)
    assert np.isfinite(votes.evidence).all()
    assert votes.evidence.argmax() == 7
