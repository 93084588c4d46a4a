"""Lists of the best of what is offered, and scores that tell which rows are near."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearestLists", "Offer", "chosen_pairs", "cut_off", "left_side", "right_side"]

_GROUPS = 64


class Offer(NamedTuple):
    """Candidates for lists, each an element of three arrays [candidates].

    Attributes
    ----------
    lists : numpy.ndarray
        int32: number of the list.
    ids : numpy.ndarray
        int32: what is offered.
    scores : numpy.ndarray
        float32: higher is nearer.
    """

    lists: NDArray[np.int32]
    ids: NDArray[np.int32]
    scores: NDArray[np.float32]


class NearestLists:
    """The ``k`` best of all that was offered to each list.

    Attributes
    ----------
    ids : numpy.ndarray
        int32 [lists, k], the best first; -1 where fewer were offered. Of what :meth:`settle` has looked at.
    worst : numpy.ndarray
        float32 [lists]: the score of the last of each list, which another must exceed; -inf until there are ``k``.
    waiting : int
        Candidates that were offered since.
    """

    def __init__(self, count: int, k: int) -> None:
        self.ids: NDArray[np.int32] = np.full((count, k), -1, dtype=np.int32)
        self._scores = np.full((count, k), -np.inf, dtype=np.float32)
        self.worst: NDArray[np.float32] = self._scores[:, -1].copy()
        self._offers: list[Offer] = []
        self.waiting = 0

    def offer(self, candidates: Iterable[Offer]) -> None:
        """Note candidates; nothing may be offered to a list twice."""
        for offer in candidates:
            self._offers.append(offer)
            self.waiting += len(offer.lists)

    def settle(self) -> None:
        """Put the best of what was offered into the lists."""
        if not self.waiting:
            return
        asked, ids, scores = (np.concatenate(parts) for parts in zip(*self._offers, strict=True))
        self._offers, self.waiting = [], 0
        keys = _keys(asked, scores)
        order = _radix_order(keys)
        # What was listed is sorted already, and a stable sort of two runs is a merge.
        lists = np.flatnonzero(np.bincount(asked, minlength=len(self.ids))).astype(np.int32)
        k = self.ids.shape[1]
        keys = np.concatenate([_keys(np.repeat(lists, k), self._scores[lists].ravel()), keys[order]])
        ids = np.concatenate([self.ids[lists].ravel(), ids[order]])
        scores = np.concatenate([self._scores[lists].ravel(), scores[order]])
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], lists.astype(np.uint64) << np.uint64(32))
        best = order[starts[:, None] + np.arange(k)]
        self.ids[lists], self._scores[lists] = ids[best], scores[best]
        self.worst[lists] = self._scores[lists, -1]


def left_side(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return [rows, columns + 2]: ``left_side(a)[i] @ right_side(b)[j]`` is the score of row i of a and row j of b.

    That is minus half of their squared distance.
    """
    halves = _halves(rows)
    return np.hstack([rows, halves, np.ones_like(halves)])


def right_side(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return [rows, columns + 2], the other factor of the scores of :func:`left_side`."""
    halves = _halves(rows)
    return np.hstack([rows, np.ones_like(halves), halves])


def _halves(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.einsum("ij,ij->i", rows, rows)[:, None] * np.float32(-0.5))


def cut_off(scores: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """Return float32 [rows]: a score that at least ``k``, and not many more, of each row's ``scores`` reach.

    It is the k-th largest among the maxima of groups of columns, which takes a fraction of the time of finding the k-th
    largest of all.
    """
    count, width = scores.shape
    groups = min(width, max(_GROUPS, 4 * k))
    grouped = scores[:, : width // groups * groups].reshape(count, -1, groups).max(axis=1)
    return np.asarray(np.partition(grouped, groups - k, axis=1)[:, groups - k])


def chosen_pairs(
    chosen: NDArray[np.bool_], scores: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return the rows, the columns and the scores of the elements that are ``chosen``, row after row."""
    at = np.flatnonzero(chosen)
    row, column = np.divmod(at.astype(np.int32), np.int32(scores.shape[1]))
    return row, column, scores.ravel()[at]


def _keys(lists: NDArray[np.int32], scores: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return uint64 keys that ascend with the list and, within it, as the scores descend."""
    bits = (-scores).view(np.int32)
    ascending = np.where(bits < 0, ~bits, bits | np.int32(-(2**31))).view(np.uint32)
    return (lists.astype(np.uint64) << np.uint64(32)) | ascending


def _radix_order(keys: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return what sorts the keys: NumPy's stable sort of 16 bits is a radix sort, four of which take half the time."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    for shift in (16, 32, 48):
        digits = (keys >> np.uint64(shift)).astype(np.uint16)
        if digits.any():
            order = order[np.argsort(digits[order], kind="stable")]
    return order
