"""Positions of points in few dimensions by stochastic gradient descent: neighbours attract, others repel (UMAP)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Forces", "improve_layout"]

# Forces are read from tables over the squared distance: a knot at every 2^-7 of each power of two from 2^-40 to 2^40,
# found by the leading bits of a float32, and straight lines between them. They are off by less than 5e-5 of the force;
# pairs that are still closer or farther get the force at the ends.
_FRACTION_BITS = 16
_FRACTION = 2**_FRACTION_BITS - 1
_STEP = np.float32(2.0**-_FRACTION_BITS)
_FIRST = int(np.float32(2.0**-40).view(np.int32))
_LAST = int(np.float32(2.0**40).view(np.int32))
_KNOTS = (_LAST - _FIRST) >> _FRACTION_BITS
_LONGEST_STEP = np.float32(4)
# Of the generator splitmix64.
_STRIDE, _FIRST_MIX, _SECOND_MIX = map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True, eq=False)
class Forces:
    """How strongly points attract and repel each other, as tables over the square of their distance.

    Attributes
    ----------
    attraction, repulsion : numpy.ndarray
        float32 [knots]: what the difference of two positions is multiplied by; negative attracts.
    """

    attraction: NDArray[np.float32]
    repulsion: NDArray[np.float32]

    @classmethod
    def of(cls, a: float, b: float, strength: float = 1.0) -> Forces:
        """Return UMAP's forces for the similarity ``1 / (1 + a d^(2b))``; ``strength`` is that of repulsion."""
        squares = (_FIRST + (np.arange(_KNOTS + 2) << _FRACTION_BITS)).astype(np.int32).view(np.float32).astype(float)
        powers = squares**b
        attraction = -2 * a * b * powers / squares / (1 + a * powers)
        repulsion = 2 * strength * b / ((0.001 + squares) * (1 + a * powers))
        return cls(attraction.astype(np.float32), repulsion.astype(np.float32))

    def at(self, squares: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return attraction and repulsion at squared distances, as the compiled loop reads them."""
        bits = np.clip(squares.astype(np.float32).view(np.int32), _FIRST, _LAST) - _FIRST
        knot, between = bits >> _FRACTION_BITS, (bits & _FRACTION).astype(np.float32) * _STEP
        first, second = (
            (table[knot] + between * (table[knot + 1] - table[knot])).astype(np.float32)
            for table in (self.attraction, self.repulsion)
        )
        return first, second


def improve_layout(
    positions: NDArray[np.float32],
    edges: tuple[NDArray[np.int32], NDArray[np.int32]],
    shares: NDArray[np.floating],
    forces: Forces,
    *,
    epochs: int,
    repelled: float,
    rate: float,
    seed: NDArray[np.unsignedinteger],
    over: Callable[[range], Iterable[int]] = iter,
) -> None:
    """Move ``positions`` such that the ends of edges come together and others keep their distance.

    Parameters
    ----------
    positions : numpy.ndarray
        float32 [points, dimensions], C-contiguous; changed in place.
    edges : tuple of numpy.ndarray
        int32 [edges] twice: the points at both ends.
    shares : numpy.ndarray
        float [edges]: in which share (0..1] of the epochs an edge attracts.
    forces : Forces
        Attraction and repulsion.
    epochs : int
        How often to go through the edges.
    repelled : float
        From so many points drawn at random the first end of an edge is pushed away each time.
    rate : float
        The first step length; it falls linearly to zero.
    seed : numpy.ndarray
        Unsigned integers that settle which points are drawn: with an equal seed, equal positions come out.
    over : callable
        Passes the epochs on, one after the other; may raise to stop.

    Notes
    -----
    The method of umap-learn's ``optimize_layout_euclidean``, in a third of its time, with three differences: forces
    come from tables instead of two powers and a division; the points that repel at one time do so from where the point
    was, not each from where the last one pushed it, so that the processor may work on them at once; and the generator
    is another one. One thread does the work.

    References
    ----------
    L. McInnes, J. Healy, J. Melville: UMAP: uniform manifold approximation and projection. arXiv:1802.03426 (2018).
    """
    move = _compiled()
    seeds = np.random.default_rng(seed).integers(2**64, size=epochs, dtype=np.uint64)
    head, tail = (np.ascontiguousarray(ends, dtype=np.int32) for ends in edges)
    shares = np.ascontiguousarray(shares, dtype=np.float32)
    for epoch in over(range(epochs)):
        step = np.float32(rate * (1 - max(epoch - 1, 0) / epochs))
        move(
            positions, head, tail, shares, forces.attraction, forces.repulsion,
            np.float32(epoch), np.float32(repelled), step, seeds[epoch],
        )  # fmt: skip


@cache
def _compiled() -> Any:  # numba has no types
    numba: Any = importlib.import_module("numba")
    try:
        return numba.njit(_epoch, fastmath=True, nogil=True, cache=True)
    except RuntimeError:  # neither the package's nor the user's cache folder can be written
        return numba.njit(_epoch, fastmath=True, nogil=True)


def _epoch(  # noqa: PLR0917 - numba takes positional arguments
    positions: Any, head: Any, tail: Any, shares: Any, attraction: Any, repulsion: Any,
    epoch: Any, repelled: Any, step: Any, state: Any,
) -> None:  # fmt: skip
    points, dimensions = positions.shape
    last = max(epoch - np.float32(1), np.float32(0))
    pushed = np.zeros(dimensions, np.float32)
    for edge in range(len(head)):
        turn, before = int(epoch * shares[edge]), int(last * shares[edge])
        if turn == before:
            continue
        here, there = positions[head[edge]], positions[tail[edge]]
        square = np.float32(0)
        for axis in range(dimensions):
            square += (here[axis] - there[axis]) ** 2
        attracting: Any = np.float32(square)  # numba takes `view` of what is assigned once
        bits = min(max(attracting.view(np.int32), _FIRST), _LAST) - _FIRST
        knot, between = bits >> _FRACTION_BITS, np.float32(bits & _FRACTION) * _STEP
        force = attraction[knot] + between * (attraction[knot + 1] - attraction[knot])
        for axis in range(dimensions):
            move = min(max(force * (here[axis] - there[axis]), -_LONGEST_STEP), _LONGEST_STEP) * step
            here[axis] += move
            there[axis] -= move
            pushed[axis] = 0
        for _ in range(int(turn * repelled) - int(before * repelled)):
            state += _STRIDE
            mixed = (state ^ (state >> np.uint64(30))) * _FIRST_MIX
            mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND_MIX
            drawn = ((mixed >> np.uint64(32)) * np.uint64(points)) >> np.uint64(32)
            other = positions[np.int64(drawn)]
            square = np.float32(0)
            for axis in range(dimensions):
                square += (here[axis] - other[axis]) ** 2
            repelling: Any = np.float32(square)
            bits = min(max(repelling.view(np.int32), _FIRST), _LAST) - _FIRST
            knot, between = bits >> _FRACTION_BITS, np.float32(bits & _FRACTION) * _STEP
            force = repulsion[knot] + between * (repulsion[knot + 1] - repulsion[knot])
            for axis in range(dimensions):
                pushed[axis] += min(max(force * (here[axis] - other[axis]), -_LONGEST_STEP), _LONGEST_STEP)
        for axis in range(dimensions):
            here[axis] += pushed[axis] * step
