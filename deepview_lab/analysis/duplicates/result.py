"""The result of Duplicates: sets of samples by response, leaks, conflicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.duplicates.candidate import DuplicateSetCandidate
from deepview_lab.analysis.duplicates.labels import MixedSet, MixedSets, mixed_sets
from deepview_lab.analysis.duplicates.response import ResponseDuplicates
from deepview_lab.analysis.duplicates.thresholds import Absolute, Cosine
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.responses import left_out_note
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.analysis.samples import Samples
from deepview_lab.typing.named import Named

__all__ = ["DuplicatesResults"]

_SHOWN = 6


@dataclass(frozen=True, eq=False)
class DuplicatesResults:
    """Which samples are probably duplicates of each other.

    Attributes
    ----------
    count : int
        Samples seen.
    responses : mapping of str to ResponseDuplicates
        The duplicates by response, with the threshold used and the steps that link them.
    samples : Samples
        Who the samples are: ids, labels, paths.
    split : hashable
        The label dimension that tells training from test data.
    """

    count: int
    responses: Mapping[str, ResponseDuplicates]
    samples: Samples = field(repr=False)
    split: Hashable = "dataset"

    @property
    def results(self) -> Mapping[str, Sequence[DuplicateSetCandidate]]:
        """The sets by response, the largest first."""
        return Named("response", {name: found.candidates for name, found in self.responses.items()})

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The largest distance of duplicates by response, in the space of each."""
        return Named("response", {name: found.threshold for name, found in self.responses.items()})

    def at(self, threshold: float | Absolute | Cosine | Mapping[str, float | Absolute | Cosine]) -> Self:
        """Return the result at another threshold, at once: no new search is made.

        Parameters
        ----------
        threshold : float, Absolute or Cosine, or a mapping of them
            A distance in the space of the result, for all responses or by response; those not named stay as they are.

        Raises
        ------
        ValueError
            when it is above the largest threshold of a response, or of another space.
        UnknownNameError
            (a KeyError) for a response that is not there.
        """
        wanted = threshold if isinstance(threshold, Mapping) else dict.fromkeys(self.responses, threshold)
        known = Named("response", self.responses)
        changed = {name: known[name].at(value) for name, value in wanted.items()}
        return dataclasses.replace(self, responses={**self.responses, **changed})

    def leaks(self) -> MixedSets:
        """Return the sets with samples of more than one split, by response; none when there are no such labels.

        The list prints as a table.
        """
        return self._mixed([self.split])

    def conflicts(self, *dimensions: Hashable) -> MixedSets:
        """Return the sets whose samples have different labels, by response.

        Parameters
        ----------
        *dimensions : hashable
            Which label dimensions; all but the split by default.
        """
        chosen = dimensions or tuple(name for name in self.samples.labels if name != self.split)
        return self._mixed(chosen)

    def _mixed(self, dimensions: Sequence[Hashable]) -> MixedSets:
        labels = self.samples.labels
        sets = (
            mixed
            for name, found in self.responses.items()
            for dimension in dimensions
            if dimension in labels
            for mixed in mixed_sets(name, found.candidates, dimension, labels[dimension])
        )
        return MixedSets(sets, self.samples.ids)

    def findings(self) -> Findings:
        """Return the sets: those that leak between splits first, then those with label conflicts, then the largest."""
        leaks, conflicts = self.leaks(), self.conflicts()
        leaking = {(mixed.response, mixed.number): mixed for mixed in leaks}
        clashing: dict[tuple[str, int], list[MixedSet]] = {}
        for mixed in conflicts:
            clashing.setdefault((mixed.response, mixed.number), []).append(mixed)
        keys = [(name, number) for name, sets in self.results.items() for number in range(len(sets))]
        keys.sort(key=lambda key: (key not in leaking, key not in clashing))
        return Findings(self._summary(len(leaking), len(clashing)), self.count, self._table(keys, leaking, clashing))

    def sample_table(self) -> SampleTable:
        """Return the samples in the order of the producer with the number of each one's set."""
        table = SampleTable.of(self.samples)
        for name, found in self.responses.items():
            table = table.with_column(f"duplicates {name}", "set", "duplicates", found.cluster_of, name)
        return table

    def _table(
        self,
        keys: Sequence[tuple[str, int]],
        leaking: Mapping[tuple[str, int], MixedSet],
        clashing: Mapping[tuple[str, int], Sequence[MixedSet]],
    ) -> Mapping[str, NDArray[np.generic]]:
        sets = [self.responses[name].candidates[number] for name, number in keys]
        table: dict[str, NDArray[np.generic]] = {
            "response": _text([name for name, _ in keys]),
            "set": np.array([number for _, number in keys], dtype=np.int64),
            "samples": np.array([found.size for found in sets], dtype=np.int64),
            "exact copies": np.array([found.size - found.distinct for found in sets], dtype=np.int64),
            "widest step": np.array([found.widest_step for found in sets], dtype=np.float64),
            "ids": _text([self._listed(found) for found in sets]),
        }
        if self.split in self.samples.labels:
            table["leak"] = _text([_values(leaking[key]) if key in leaking else "" for key in keys])
        if any(dimension != self.split for dimension in self.samples.labels):
            table["label conflict"] = _text(
                ["; ".join(f"{mixed.dimension}: {_values(mixed)}" for mixed in clashing.get(key, ())) for key in keys]
            )
        return table

    def _listed(self, found: DuplicateSetCandidate) -> str:
        shown = ", ".join(str(self.samples.ids[index]) for index in found.members[:_SHOWN])
        return f"{shown}, ..." if found.size > _SHOWN else shown

    def _summary(self, leaks: int, conflicts: int) -> str:
        parts = [self._sentence(name, found) for name, found in self.responses.items()]
        if leaks:
            parts.append(f"Sets with samples of more than one {self.split}: {leaks:,}.")
        if conflicts:
            parts.append(f"Sets with conflicting labels: {conflicts:,}.")
        return " ".join(parts)

    def _sentence(self, name: str, found: ResponseDuplicates) -> str:
        sets = found.candidates
        exact = sum(candidate.exact for candidate in sets)
        inside = sum(candidate.size for candidate in sets)
        threshold = (
            f"distance {found.threshold:.4g}"
            if found.similarity is None
            else f"cosine similarity {found.similarity:.4g}"
        )
        searched = "" if found.recall is None else f" The search was approximate (recall {found.recall:.2f})."
        return (
            f"{name}: {inside:,} of {self.count:,} samples are in sets of duplicates (sets: {len(sets):,}, of exact "
            f"copies only: {exact:,}), threshold {threshold}.{searched} {left_out_note(found.left_out)}"
        ).rstrip()


def _text(values: Sequence[str]) -> NDArray[np.str_]:
    return np.array(values, dtype=np.str_)


def _values(mixed: MixedSet) -> str:
    return ", ".join(str(value) for value in mixed.values)
