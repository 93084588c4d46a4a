"""The duplicates of one response, at any threshold up to a stored one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.duplicates.candidate import DuplicateSetCandidate
from deepview_lab.analysis.duplicates.thresholds import Absolute, Cosine
from deepview_lab.analysis.rows import Rows
from deepview_lab.analysis.space import Space, SpaceKind
from deepview_lab.numerics.neighbours.union_find import Edges, components

__all__ = ["ResponseDuplicates"]


@dataclass(frozen=True, eq=False)
class ResponseDuplicates:
    """Which samples hang together by steps of at most a distance.

    Attributes
    ----------
    response : str
        Name of the response.
    threshold : float
        The largest distance of duplicates, in the space of :attr:`space`.
    largest_threshold : float
        Up to which threshold :meth:`at` can go.
    space : SpaceKind
        How responses were scaled before distances were taken.
    exact_search : bool
        Whether every sample was compared with every other one.
    recall : float or None
        Which share of the nearest neighbours an approximate search found, measured; None if exact or not ours.
    left_out : int
        Samples left out: NaN, infinite or too large.
    links : Edges
        The steps: a lightest spanning forest of all pairs up to :attr:`largest_threshold`, lightest first. It joins the
        first of each group of equal points.
    """

    response: str
    threshold: float
    largest_threshold: float
    exact_search: bool
    recall: float | None
    links: Edges = field(repr=False)
    _first_equal: NDArray[np.int32] = field(repr=False)  # [samples]: the first that is the same point; -1 if left out
    _first_same: NDArray[np.int32] = field(repr=False)  # [samples]: the first whose response is the same, bit by bit
    _space: Space = field(repr=False)
    _rows: Rows = field(repr=False)

    @property
    def space(self) -> SpaceKind:
        """How responses were scaled before distances were taken."""
        return self._space.kind

    @property
    def left_out(self) -> int:
        """Samples left out: NaN, infinite or too large."""
        return int((self._first_equal < 0).sum())

    @property
    def similarity(self) -> float | None:
        """The threshold as a cosine similarity; None in other spaces than directions."""
        return 1 - self.threshold**2 / 2 if self.space is SpaceKind.DIRECTIONS else None

    def at(self, threshold: float | Absolute | Cosine) -> ResponseDuplicates:
        """Return the duplicates at another threshold, without another search.

        Parameters
        ----------
        threshold : float, Absolute or Cosine
            A distance in the space of this result, from 0 to :attr:`largest_threshold`.

        Raises
        ------
        ValueError
            when it is outside that range, or is of another space.
        """
        if isinstance(threshold, Absolute | Cosine):
            if threshold.space is not self.space:
                raise ValueError(
                    f"{threshold} is a distance of {threshold.space}, but the distances of {self.response!r} are those "
                    f"of {self.space}. Run Duplicates with threshold={threshold}."
                )
            threshold = threshold.distance
        if not 0 <= threshold <= self.largest_threshold:
            raise ValueError(
                f"threshold must be from 0 to {self.largest_threshold:g}, up to which pairs of {self.response!r} were "
                f"kept, but is {threshold:g}. Run Duplicates again with a larger threshold or a larger reach."
            )
        return dataclasses.replace(self, threshold=float(threshold))

    @cached_property
    def cluster_of(self) -> NDArray[np.int64]:
        """int64 [samples]: for each sample the position of its set in :attr:`candidates`, -1 for none."""
        found = np.full(len(self._first_equal), -1, dtype=np.int64)
        for number, candidate in enumerate(self.candidates):
            found[candidate.members] = number
        return found

    @cached_property
    def candidates(self) -> tuple[DuplicateSetCandidate, ...]:
        """The sets of at least two samples, the largest first; of equally large ones that with the first sample."""
        links = self.links.up_to(self.threshold)
        root = components(len(self._first_equal), links.first, links.second)
        steps = np.zeros(len(root))
        np.maximum.at(steps, root[links.first], links.weight)
        used = np.flatnonzero(self._first_equal >= 0)
        label = root[self._first_equal[used]]
        order = np.argsort(label, kind="stable")
        starts = np.flatnonzero(np.diff(label[order], prepend=-1))
        sizes = np.diff(starts, append=len(order))
        several = np.flatnonzero(sizes > 1)
        several = several[np.argsort(-sizes[several], kind="stable")]
        return tuple(
            self._candidate(used[order[starts[index] : starts[index] + sizes[index]]], steps) for index in several
        )

    def _candidate(self, members: NDArray[np.intp], steps: NDArray[np.float64]) -> DuplicateSetCandidate:
        return DuplicateSetCandidate(
            members=members,
            distinct=len(np.unique(self._first_same[members])),
            widest_step=float(steps[members[0]]),  # the first member is the root
            _response=self.response,
            _space=self._space,
            _rows=self._rows,
        )
