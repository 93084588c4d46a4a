"""The spaces in which distances of responses are measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Space", "SpaceKind"]

_BLOCK = 4096


class SpaceKind(StrEnum):
    """What is done to responses before their Euclidean distances are taken."""

    COLUMNS = "columns"
    """Each unit is divided by its L2 norm over all samples, as DeepView does; units that are always zero stay zero."""

    DIRECTIONS = "directions"
    """Each sample is divided by its L2 norm: the distance of two samples is sqrt(2 - 2 cos), whatever their lengths."""

    VALUES = "values"
    """The responses as they are."""


@dataclass(frozen=True, eq=False)
class Space:
    """A space fitted to the responses of all samples.

    Attributes
    ----------
    kind : SpaceKind
        Which one.
    origin, divisor : numpy.ndarray
        float64 [units]: what is subtracted from and divides each unit; only used for columns. The origin, the mean,
        keeps the precision of responses far from zero and changes no distance.
    """

    kind: SpaceKind
    origin: NDArray[np.float64]
    divisor: NDArray[np.float64]

    @classmethod
    def of(cls, kind: SpaceKind, rows: NDArray[np.float32], usable: NDArray[np.bool_]) -> Space:
        """Return the space of the usable rows [n, units]."""
        total, squares = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
        if kind is SpaceKind.COLUMNS:
            for start in range(0, len(rows), _BLOCK):
                block = rows[start : start + _BLOCK][usable[start : start + _BLOCK]].astype(np.float64)
                total += block.sum(axis=0)
                squares += np.einsum("ij,ij->j", block, block)
        divisor = np.sqrt(squares)
        divisor[divisor == 0] = 1.0
        return cls(kind, total / max(int(usable.sum()), 1), divisor)

    def points(self, rows: NDArray[np.float32], chosen: Sequence[int] | NDArray[np.integer]) -> NDArray[np.float32]:
        """Return float32 [chosen, units or more]: the chosen rows in this space."""
        chosen = np.asarray(chosen, dtype=np.intp)
        if self.kind is SpaceKind.VALUES:
            return np.ascontiguousarray(rows[chosen])
        # A sample of zeros has no direction. It gets one of its own, at right angles to all others.
        extra = int(self.kind is SpaceKind.DIRECTIONS)
        points = np.zeros((len(chosen), rows.shape[1] + extra), dtype=np.float32)
        for start in range(0, len(chosen), _BLOCK):
            block = rows[chosen[start : start + _BLOCK]].astype(np.float64)
            part = points[start : start + _BLOCK]
            if self.kind is SpaceKind.COLUMNS:
                part[:] = (block - self.origin) / self.divisor
                continue
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            part[:, -1] = lengths == 0
            lengths[lengths == 0] = 1.0
            part[:, :-1] = block / lengths[:, None]
        return points
