"""Lists of the best, against sorting everything."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from deepview_lab.numerics.neighbours.nearest_lists import (
    NearestLists,
    Offer,
    chosen_pairs,
    cut_off,
    left_side,
    right_side,
)

numbers = st.floats(-(2.0**99), 2.0**99, width=32)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    offers=st.lists(st.lists(st.tuples(st.integers(0, 4), numbers), max_size=20), max_size=6),
    k=st.integers(1, 6),
    settled_between=st.booleans(),
)
def test_lists_hold_the_best_of_what_was_offered(offers, k, settled_between):
    lists, number = NearestLists(5, k), 0
    offered = {}
    for candidates in offers:
        ids = np.arange(number, number + len(candidates), dtype=np.int32)
        number += len(candidates)
        owner = np.array([candidate[0] for candidate in candidates], dtype=np.int32)
        scores = np.array([candidate[1] for candidate in candidates], dtype=np.float32)
        lists.offer([Offer(owner, ids, scores)])
        for one, name, score in zip(owner.tolist(), ids.tolist(), scores.tolist(), strict=True):
            offered.setdefault(one, {})[name] = score
        if settled_between:
            lists.settle()
    lists.settle()
    assert lists.waiting == 0
    for owner in range(5):
        scores = offered.get(owner, {})
        best = sorted(scores.values(), reverse=True)[:k]
        listed = lists.ids[owner].tolist()
        assert [scores[name] for name in listed if name >= 0] == best
        assert listed[len(best) :] == [-1] * (k - len(best))
        assert lists.worst[owner] == (best[-1] if len(best) == k else -np.inf)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    scores=arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 700)), elements=numbers),
    data=st.data(),
)
def test_at_least_k_scores_reach_the_cut(scores, data):
    k = data.draw(st.integers(1, min(scores.shape[1], 40)))
    assert ((scores >= cut_off(scores, k)[:, None]).sum(axis=1) >= k).all()


def test_not_many_more_than_k_scores_reach_the_cut():
    scores = np.random.default_rng(0).standard_normal((200, 4096)).astype(np.float32)
    assert (scores >= cut_off(scores, 10)[:, None]).sum(axis=1).mean() < 13


def test_scores_are_minus_half_of_squared_distances():
    rows = np.random.default_rng(0).standard_normal((20, 5)).astype(np.float32)
    left, right = left_side(rows), right_side(rows)
    squares = ((rows[:, None].astype(np.float64) - rows) ** 2).sum(axis=2)
    np.testing.assert_allclose(left @ right.T, -squares / 2, atol=1e-5)


def test_chosen_pairs_come_row_after_row():
    scores = np.float32([[1, 5], [7, 2]])
    row, column, score = chosen_pairs(scores >= 2, scores)
    assert (row.tolist(), column.tolist(), score.tolist()) == ([0, 1, 1], [1, 0, 1], [5, 7, 2])
