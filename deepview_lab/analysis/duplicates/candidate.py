"""One set of samples that are probably duplicates of each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.rows import Rows
from deepview_lab.analysis.space import Space
from deepview_lab.base import Batch

__all__ = ["DuplicateSetCandidate"]

_ORDERED_FROM = 3
_PROJECTED_FROM = 6


@dataclass(frozen=True, eq=False)
class DuplicateSetCandidate:
    """Samples that hang together by steps of at most the threshold.

    Attributes
    ----------
    members : numpy.ndarray
        int [size]: numbers of the samples, ascending.
    distinct : int
        How many of them differ at all.
    widest_step : float
        The longest step that is needed to hang them together; 0 when all are equal. At a smaller threshold they fall
        apart.
    """

    members: NDArray[np.intp]
    distinct: int
    widest_step: float
    _response: str = field(repr=False)
    _space: Space = field(repr=False)
    _rows: Rows = field(repr=False)

    @property
    def size(self) -> int:
        """Number of samples."""
        return len(self.members)

    @property
    def exact(self) -> bool:
        """Whether all samples have exactly the same response."""
        return self.distinct == 1

    @property
    def mean(self) -> float:
        """Mean distance of the samples to their centroid, in the space of the threshold."""
        return float(self._from_centroid.mean())

    @property
    def std(self) -> float:
        """Population standard deviation of the distances to the centroid."""
        return float(self._from_centroid.std())

    @property
    def indices(self) -> list[int]:
        """Numbers of the samples; three or more in the order of their first principal component."""
        return [int(index) for index in self.members[self._order]]

    @property
    def projection(self) -> NDArray[np.float64] | None:
        """Principal components, float64 [size, 2], in the order of :attr:`indices`; None for fewer than 6 samples."""
        if self.size < _PROJECTED_FROM:
            return None
        scores = np.zeros((self.size, 2))
        found = self._components[self._order, :2]
        scores[:, : found.shape[1]] = found
        return scores

    @cached_property
    def batch(self) -> Batch:
        """The samples in the order of :attr:`indices`: the rows of all responses, ids, labels and paths."""
        rows, order = self._rows, self.indices
        builder = Batch.Builder({name: values[order] for name, values in rows.fields.items()})
        builder.metadata[Batch.StdKeys.IDENTIFIER] = [rows.ids[index] for index in order]
        if rows.labels:
            builder.metadata[Batch.StdKeys.LABELS] = {
                dimension: [labels[index] for index in order] for dimension, labels in rows.labels.items()
            }
        if rows.paths is not None:
            builder.metadata[Batch.StdKeys.PATH] = [rows.paths[index] for index in order]
        return builder.make_batch()

    @cached_property
    def _centred(self) -> NDArray[np.float64]:
        points = self._space.points(self._rows.fields[self._response], self.members).astype(np.float64)
        points -= points.mean(axis=0)
        return points

    @cached_property
    def _from_centroid(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(self._centred, axis=1))

    @cached_property
    def _components(self) -> NDArray[np.float64]:
        """float64 [size, components]; the largest coefficient of each axis is positive, which settles the sign."""
        left, singular, axes = np.linalg.svd(self._centred, full_matrices=False)
        leading = np.abs(axes).argmax(axis=1)
        return np.asarray(left * singular * np.sign(axes[np.arange(len(axes)), leading]))

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        if self.size < _ORDERED_FROM or self.exact:
            return np.arange(self.size)
        return np.asarray(np.argsort(self._components[:, 0], kind="stable"))
