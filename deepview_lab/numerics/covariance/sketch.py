"""A bounded sketch of how wide rows scatter, where the scatter matrix itself would be too large."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScatterSketch"]


class ScatterSketch:
    """Mergeable count, mean and approximate scatter of rows, in O(size units) memory (Frequent Directions).

    Parameters
    ----------
    units : int
        Length of a row, at least 1.
    size : int
        Rows of the sketch. With k leading directions of interest, several times k.

    Notes
    -----
    The sketch B holds at most 2 ``size`` rows, such that B^T B falls short of the scatter by at most
    :attr:`shortfall` in any direction: 0 <= v^T (scatter - B^T B) v <= shortfall for every unit vector v. The shortfall
    is added up as it arises, and never exceeds the scatter outside the k leading directions divided by (size - k), for
    every k < size. It is zero while there are fewer rows than ``size``, or their rank is.

    Rows are gathered into blocks of ``size``, so that it does not matter how they were cut into batches; each block is
    centred on its own mean, and one row in place of the difference of the means enters with it, as in the formula of
    Chan, Golub and LeVeque. A block takes O(units size^2) time.

    References
    ----------
    M. Ghashami, E. Liberty, J. M. Phillips, D. P. Woodruff: Frequent Directions: Simple and deterministic matrix
    sketching. SIAM Journal on Computing 45 (2016).

    Examples
    --------
    >>> sketch = ScatterSketch(3, size=4)
    >>> sketch.add(np.array([[1.0, 0.0, 5.0], [-1.0, 0.0, 5.0]]))
    >>> values, vectors = sketch.leading(1)
    >>> np.round(values, 12), np.abs(np.round(vectors[:, 0], 12)), sketch.shortfall
    (array([2.]), array([1., 0., 0.]), 0.0)
    """

    def __init__(self, units: int, *, size: int) -> None:
        self.units = units
        self.size = size
        self.shortfall = 0.0
        self._total = 0.0
        self._folded = 0
        self._mean = np.zeros(units)
        self._rows = np.empty((0, units))
        self._pending: list[NDArray[np.float64]] = []
        self._waiting = 0

    @property
    def count(self) -> int:
        """Rows seen."""
        return self._folded + self._waiting

    def add(self, rows: NDArray[Any]) -> None:
        """Fold in ``rows`` [n, units] of any real dtype; every value must be finite."""
        start = 0
        while start < len(rows):
            taken = min(self.size - self._waiting, len(rows) - start)
            self._pending.append(np.array(rows[start : start + taken], dtype=np.float64))
            self._waiting += taken
            start += taken
            if self._waiting == self.size:
                self._flush()

    def merge(self, other: ScatterSketch) -> None:
        """Fold in everything that ``other`` has seen; ``other`` stays as it is."""
        self._flush()
        if other._folded:
            self._take(other._rows, other._mean, other._folded, other._total)
            self.shortfall += other.shortfall
        for rows in other._pending:
            self.add(rows)

    def state(self) -> tuple[int, dict[str, NDArray[Any]]]:
        """Return the number of rows folded, and ``mean``, ``rows``, ``sums`` and the ``pending`` rows.

        They may be views, to be used at once. Rows that wait are part of it: folding them earlier would round
        differently.
        """
        pending = np.concatenate(self._pending) if self._pending else np.empty((0, self.units))
        sums = np.array([self._total, self.shortfall])
        return self._folded, {"mean": self._mean, "rows": self._rows, "sums": sums, "pending": pending}

    @classmethod
    def restored(cls, units: int, folded: int, parts: Mapping[str, NDArray[Any]], *, size: int) -> Self:
        """Return a sketch that goes on, bit by bit, like the one whose :meth:`state` this is.

        Raises
        ------
        ValueError
            when it is no such state.
        """
        mean, rows, sums, pending = (parts[part] for part in ("mean", "rows", "sums", "pending"))
        shapes = (mean.shape, rows.shape[1:], sums.shape, pending.shape[1:])
        fits = len(rows) <= 2 * size and len(pending) < size and folded >= 0
        if shapes != ((units,), (units,), (2,), (units,)) or not fits:
            raise ValueError(
                f"no sketch of {units} units in {size} rows: {shapes}, {len(rows)} and {len(pending)} rows"
            )
        if not all(part.dtype.kind == "f" and np.isfinite(part).all() for part in (mean, rows, sums, pending)):
            raise ValueError(f"no sketch of {units} units: some numbers are NaN or infinite")
        sketch = cls(units, size=size)
        sketch._folded = folded
        sketch._mean = np.array(mean, dtype=np.float64)
        sketch._rows = np.asarray(rows, dtype=np.float64)
        sketch._total, sketch.shortfall = map(float, sums)
        if len(pending):
            sketch._pending, sketch._waiting = [np.asarray(pending, dtype=np.float64)], len(pending)
        return sketch

    def copy(self) -> ScatterSketch:
        """Return an independent copy."""
        twin = ScatterSketch(self.units, size=self.size)
        twin.merge(self)
        return twin

    def mean(self) -> NDArray[np.float64]:
        """Return the mean [units]; zeros before the first row."""
        return self._settled()._mean.copy()  # noqa: SLF001 - a copy of this

    def total(self) -> float:
        """Return the trace of the scatter, which is exact."""
        return self._settled()._total  # noqa: SLF001 - a copy of this

    def leading(self, wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the ``wanted`` largest eigenvalues of B^T B, descending, and their vectors [units, wanted].

        Directions that no row has taken have the eigenvalue 0 and vectors that complete the basis.
        """
        values, directions = _directions(self._settled()._rows)  # noqa: SLF001 - a copy of this
        values, directions = values[:wanted], directions[:wanted]
        rank = int((values > 0).sum())
        if rank == wanted:
            return values, directions.T
        padded = np.zeros(wanted)
        padded[:rank] = values[:rank]
        filler = np.eye(self.units, wanted)
        basis, triangle = np.linalg.qr(np.hstack([directions[:rank].T, filler]))
        basis[:, :rank] *= np.where(np.diagonal(triangle)[:rank] < 0, -1.0, 1.0)
        return padded, basis[:, :wanted]

    def _settled(self) -> ScatterSketch:
        """Return a sketch without pending rows, leaving this one as it is."""
        if not self._waiting:
            return self
        twin = self.copy()
        twin._flush()  # noqa: SLF001 - a copy of this
        return twin

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = np.concatenate(self._pending)
        self._pending, self._waiting = [], 0
        mean = rows.mean(axis=0)
        centred = rows - mean
        self._take(centred, mean, len(rows), float(np.einsum("ij,ij->", centred, centred)))

    def _take(self, centred: NDArray[np.float64], mean: NDArray[np.float64], count: int, scatter: float) -> None:
        """Add rows that are centred on the mean of the ``count`` samples that they stand for, and their scatter."""
        total = self._folded + count
        delta = mean - self._mean
        bridge = delta * math.sqrt(self._folded * count / total)
        self._rows = np.concatenate([self._rows, centred, bridge[None]] if self._folded else [self._rows, centred])
        self._total += scatter + float(bridge @ bridge)
        self._mean += delta * (count / total)
        self._folded = total
        if len(self._rows) > 2 * self.size:
            self._shrink()

    def _shrink(self) -> None:
        """Turn the rows into their principal directions and take off what keeps only ``size`` of them."""
        values, directions = _directions(self._rows)
        lost = float(values[self.size])
        self.shortfall += lost
        kept = values[: self.size] - lost
        self._rows = np.sqrt(kept)[:, None] * directions[: self.size]


def _directions(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the squared singular values of ``rows``, descending, and the right singular vectors as rows.

    By way of the small product rows rows^T; vectors of values that are zero up to rounding are zero.
    """
    if not len(rows):
        return np.empty(0), rows
    values, left = np.linalg.eigh(rows @ rows.T)
    values, left = values[::-1], left[:, ::-1]
    values = np.where(values > max(values[0], 0) * len(rows) * np.finfo(np.float64).eps, values, 0)
    scale = np.divide(1, np.sqrt(values), out=np.zeros_like(values), where=values > 0)
    return values, (left.T @ rows) * scale[:, None]
