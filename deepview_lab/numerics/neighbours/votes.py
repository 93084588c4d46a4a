"""Which label the neighbours of a sample speak for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.neighbours.nearest import NeighbourGraph

__all__ = ["LabelVotes", "label_votes"]

_CELLS = 2**22


@dataclass(frozen=True, eq=False)
class LabelVotes:
    """What neighbours say of the label of each row.

    Attributes
    ----------
    best_other : numpy.ndarray
        int64 [rows]: the label that is the likeliest besides the given one; -1 for rows without any evidence.
    evidence : numpy.ndarray
        float64 [rows]: how much likelier that label makes the neighbours than the given one does: the natural log of
        the ratio, per neighbour. Negative where the given label is the likelier; NaN without evidence.
    disagreeing : numpy.ndarray
        float64 [rows]: share (0..1) of the labelled neighbours that have another label than the given one; NaN without
        any.
    """

    best_other: NDArray[np.int64]
    evidence: NDArray[np.float64]
    disagreeing: NDArray[np.float64]


def label_votes(graph: NeighbourGraph, labels: NDArray[np.integer], classes: int) -> LabelVotes:
    """Return what the neighbours of each row say of its label.

    Parameters
    ----------
    graph : NeighbourGraph
        Neighbours of the rows.
    labels : numpy.ndarray
        int [rows]: 0 to classes - 1; -1 for a row without a label, which has no vote.
    classes : int
        Number of different labels.

    Notes
    -----
    A naive Bayes model of neighbourhoods. From all rows it learns which labels lie around which: ``M[y, c]``, the share
    of label ``c`` among the neighbours of rows labelled ``y``, with one count added to each. A row with the neighbours'
    labels ``c_1 ... c_k`` then has the evidence::

        (ln P(z) + sum_j w_j ln M[z, c_j]) - (ln P(y) + sum_j w_j ln M[y, c_j])

    for another label ``z`` against its own ``y``, divided by ``k``. Labels that are easily confused are often
    neighbours, so that disagreement between them weighs little, and much where two labels never meet. Nearer
    neighbours weigh more: ``w_j`` is proportional to exp(-2 (d_j / d_k)^2), and the weights sum to ``k``.

    Takes O(rows k + classes^2) memory and O(rows classes^2) time at most.

    Examples
    --------
    >>> from deepview_lab.numerics.neighbours.nearest import neighbour_graph
    >>> rows = np.array([[0.0], [1], [2], [3], [20], [21], [22], [23]])
    >>> votes = label_votes(neighbour_graph(rows, 3), np.array([0, 0, 0, 1, 1, 1, 1, 1]), 2)
    >>> int(votes.evidence.argmax()), float(votes.disagreeing[3])
    (3, 1.0)
    """
    count, k = graph.indices.shape
    known = labels >= 0
    voters = labels[graph.indices]
    counted = known[:, None] & (voters >= 0)
    weights = np.where(counted, _weights(graph.distances), 0.0)
    usual = _log_usual(labels, voters, weights, classes)
    prior = np.log(np.bincount(labels[known], minlength=classes) / max(int(known.sum()), 1) + 1e-300)
    best_other = np.full(count, -1, dtype=np.int64)
    evidence = np.full(count, np.nan)
    judged = np.flatnonzero(counted.any(axis=1)) if classes > 1 else np.empty(0, dtype=np.intp)
    size = max(1, _CELLS // max(classes, 1))
    for start in range(0, len(judged), size):
        rows = judged[start : start + size]
        cells = np.arange(len(rows))
        flat = cells[:, None] * classes + np.maximum(voters[rows], 0)
        votes = np.bincount(flat.ravel(), weights[rows].ravel(), len(rows) * classes).reshape(len(rows), classes)
        likelihood = votes @ usual.T + prior
        own = likelihood[cells, labels[rows]].copy()
        likelihood[cells, labels[rows]] = -np.inf
        best_other[rows] = likelihood.argmax(axis=1)
        evidence[rows] = (likelihood.max(axis=1) - own) / k
    votes_cast = counted.sum(axis=1)
    against = (counted & (voters != labels[:, None])).sum(axis=1)
    disagreeing = np.divide(against, votes_cast, out=np.full(count, np.nan), where=votes_cast > 0)
    return LabelVotes(best_other, evidence, disagreeing)


def _weights(distances: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return float64 [rows, k] weights that sum to k in each row."""
    farthest = distances[:, -1:].astype(np.float64)
    near = np.divide(distances, farthest, out=np.zeros(distances.shape), where=farthest > 0)
    weights = np.exp(-2 * near**2)
    if distances.shape[1]:
        weights /= weights.mean(axis=1, keepdims=True)
    return np.asarray(weights)


def _log_usual(
    labels: NDArray[np.integer], voters: NDArray[np.integer], weights: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """Return float64 [classes, classes]: ln M[label, label of a neighbour]."""
    pairs = np.maximum(labels, 0)[:, None] * classes + np.maximum(voters, 0)
    seen = np.bincount(pairs.ravel(), weights.ravel(), classes * classes).reshape(classes, classes) + 1
    return np.asarray(np.log(seen / seen.sum(axis=1, keepdims=True)))
