"""How the evidence of neighbours and of familiarity is weighed together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.label_problems.familiarity import LabelFamiliarity
from deepview_lab.analysis.label_problems.result import SuspectLabels
from deepview_lab.analysis.samples import Samples
from deepview_lab.numerics.neighbours.votes import LabelVotes

__all__ = ["Heard"]

_LARGEST_LOG = 700.0  # exp of more is no float64


@dataclass(frozen=True, eq=False)
class Heard:
    """What was said of the labels of the rows that have all values.

    Attributes
    ----------
    used : numpy.ndarray
        int [rows]: numbers of the samples.
    neighbours : numpy.ndarray
        int [rows, k]: numbers of the samples next to each.
    votes : LabelVotes or None
        What the neighbours say.
    familiarity : LabelFamiliarity or None
        What the densities say.
    """

    used: NDArray[np.intp]
    neighbours: NDArray[np.intp]
    votes: LabelVotes | None
    familiarity: LabelFamiliarity | None

    def suspects(
        self, classes: Sequence[Any], given: Sequence[Hashable], samples: Samples, least_ratio: float
    ) -> SuspectLabels:
        """Return the result for all samples.

        Parameters
        ----------
        classes : sequence of hashable
            The labels that the numbers stand for.
        given : sequence of hashable
            The label of each sample.
        samples : Samples
            Who they are.
        least_ratio : float
            From which ratio on a sample is suspect.
        """
        votes, familiarity = self.votes, self.familiarity
        count = len(given)
        nothing, nobody = np.full(len(self.used), np.nan), np.full(len(self.used), -1)
        by_votes = nothing if votes is None else votes.evidence
        by_density = nothing if familiarity is None else familiarity.evidence
        voted = nobody if votes is None else votes.best_other
        familiar = nobody if familiarity is None else familiarity.best_other
        neighbours = np.full((count, self.neighbours.shape[1]), -1, dtype=np.int64)
        neighbours[self.used] = self.neighbours
        named = _objects([*classes, None])

        def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
            found = np.full(count, np.nan)
            found[self.used] = values
            return found

        def names(codes: NDArray[np.int64]) -> NDArray[Any]:
            found = np.full(count, None, dtype=object)
            found[self.used] = named[codes]
            return found

        return SuspectLabels(
            least_ratio=least_ratio,
            ratio=spread(_ratio(_weighed(by_votes, by_density))),
            suggested=names(np.where(np.isnan(by_votes) | (by_density > by_votes), familiar, voted)),
            by_neighbours=spread(_ratio(by_votes)),
            disagreeing=spread(nothing if votes is None else votes.disagreeing),
            neighbours=neighbours,
            by_familiarity=spread(_ratio(by_density)),
            familiar_as=names(familiar),
            density=spread(nothing if familiarity is None else familiarity.density),
            rarity=spread(nothing if familiarity is None else familiarity.rarity),
            _given=given,
            _samples=samples,
        )


def _weighed(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of both logs, or the one that there is."""
    return np.where(np.isnan(first), second, np.where(np.isnan(second), first, (first + second) / 2))


def _ratio(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(np.minimum(logs, _LARGEST_LOG)))


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    """Return a 1-D array of objects, tuples among them included."""
    found = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        found[place] = value
    return found
