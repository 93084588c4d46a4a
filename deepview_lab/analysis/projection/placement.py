"""Positions of samples in an embedding: those of the fit by their ids, of others by their neighbours."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.numerics.blocks import blocks
from deepview_lab.numerics.neighbours.nearest import distances_between
from deepview_lab.numerics.neighbours.search import exact_lists

__all__ = ["Embedding"]

_NEIGHBOURS = 15
# Relative to the spread of the data: what a model's rounding in batches of another size may change.
_SAME = 1e-3
_BLOCK_ROWS = 1024


@dataclass(frozen=True, eq=False)
class Embedding:
    """The fitted positions of samples, and a way to place others.

    Attributes
    ----------
    rows : numpy.ndarray
        float32 [fitted, units], all finite.
    positions : numpy.ndarray
        float32 [fitted, dimensions].
    ids : sequence of hashable or None
        Of the fitted samples; None when the data had none.

    Notes
    -----
    A fitted sample, known by its id and its values (without ids by its values), has its fitted position whatever the
    order. Any other is put at the median position of its 15 nearest fitted samples. That is the point where
    umap-learn's and openTSNE's own transforms begin; it does not depend on the other samples of the batch, as those do.
    On scikit-learn's digits (1,200 fitted with UMAP, 597 placed), a nearest-neighbour classifier in the plane is right
    for 97.7 % of the placed samples by either way, and 61 % of the 30 nearest neighbours are kept.
    """

    rows: NDArray[np.float32]
    positions: NDArray[np.float32]
    ids: Sequence[Hashable] | None

    @property
    def dimensions(self) -> int:
        """Coordinates of a position."""
        return int(self.positions.shape[1])

    def transform(self, rows: NDArray[Any], ids: Sequence[Hashable] | None) -> NDArray[np.float32]:
        """Return the positions [n, dimensions] of ``rows`` [n, units], NaN for rows with NaN."""
        found = np.full((len(rows), self.dimensions), np.nan, dtype=np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            single = np.ascontiguousarray(rows, dtype=np.float32)
        usable = np.isfinite(single).all(axis=1)
        fitted = self._fitted(single, ids)
        known = usable & (fitted >= 0)
        found[known] = self.positions[fitted[known]]
        new = np.flatnonzero(usable & (fitted < 0))
        for block in blocks(len(new), _BLOCK_ROWS):
            part = new[block]
            found[part] = self._placed(single[part])
        return found

    def _fitted(self, rows: NDArray[np.float32], ids: Sequence[Hashable] | None) -> NDArray[np.intp]:
        """Return which fitted sample each row is, -1 for others. An id alone is not enough: other data may reuse it."""
        if self.ids is not None and ids is not None:
            candidates = np.array([self._by_id.get(key, -1) for key in ids], dtype=np.intp)
        else:
            candidates = np.array([self._by_values.get(hash(row.tobytes()), -1) for row in rows], dtype=np.intp)
        asked = np.flatnonzero(candidates >= 0)
        difference = rows[asked] - self.rows[candidates[asked]]
        with np.errstate(invalid="ignore"):
            same = np.einsum("ij,ij->i", difference, difference) <= self._tolerance**2
        candidates[asked[~same]] = -1
        return candidates

    def _placed(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        count = min(_NEIGHBOURS, len(self.rows))
        nearest = exact_lists(rows - self._mean, self._centred, count)
        stacked = np.concatenate([self.rows[nearest.ravel()], rows])
        own = np.repeat(np.arange(len(rows)), count) + nearest.size
        distances = distances_between(stacked, np.arange(nearest.size), own).reshape(nearest.shape)
        placed = np.median(self.positions[nearest], axis=1)
        closest = distances.argmin(axis=1)
        same = distances.min(axis=1) <= self._tolerance
        placed[same] = self.positions[nearest[same, closest[same]]]
        return np.asarray(placed, dtype=np.float32)

    @cached_property
    def _by_id(self) -> dict[Hashable, int]:
        return {key: index for index, key in enumerate(self.ids or ())}

    @cached_property
    def _by_values(self) -> dict[int, int]:
        # Of equal rows the first: the dictionary is filled from behind.
        return {hash(self.rows[index].tobytes()): index for index in reversed(range(len(self.rows)))}

    @cached_property
    def _mean(self) -> NDArray[np.float32]:
        return np.asarray(self.rows.mean(axis=0, dtype=np.float64), dtype=np.float32)

    @cached_property
    def _centred(self) -> NDArray[np.float32]:
        return self.rows - self._mean

    @cached_property
    def _tolerance(self) -> float:
        return _SAME * float(np.sqrt(np.einsum("ij,ij->", self._centred, self._centred) / len(self.rows)))
