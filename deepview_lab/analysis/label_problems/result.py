"""The result of LabelProblems: suspects by response and label dimension, with the evidence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.sample_table import Categories, SampleTable
from deepview_lab.analysis.samples import Samples, text_or_numbers

__all__ = ["Evidence", "LabelProblem", "LabelProblemsResults", "SuspectLabels"]


class Evidence(StrEnum):
    """What is asked about labels."""

    NEIGHBOURS = "neighbours"
    """Which labels the nearest samples have."""

    FAMILIARITY = "familiarity"
    """How likely a sample is among those of each label."""

    BOTH = "both"
    """Both, with equal weight. Found more planted errors than either: docs/label_problems.md."""

    @property
    def asks_neighbours(self) -> bool:
        """Whether neighbours are searched."""
        return self is not Evidence.FAMILIARITY

    @property
    def asks_familiarity(self) -> bool:
        """Whether mixtures are fitted."""
        return self is not Evidence.NEIGHBOURS


_WORDS = {
    Evidence.NEIGHBOURS: "their neighbours",
    Evidence.FAMILIARITY: "their familiarity",
    Evidence.BOTH: "their neighbours and their familiarity",
}


@dataclass(frozen=True, eq=False)
class LabelProblem:
    """A sample whose label the evidence speaks against.

    Attributes
    ----------
    index : int
        Number of the sample.
    id : hashable
        Its identifier.
    given, suggested : hashable
        The label it has, and the one for which there is most evidence.
    ratio : float
        How many times likelier another label is: the geometric mean of the next two, or the one that there is.
    by_neighbours : float
        How many times likelier another label makes each neighbour, on (geometric) average; NaN without neighbours.
    disagreeing : float
        Share (0..1) of the neighbours that have another label.
    neighbours : sequence of hashable
        Identifiers of the neighbours, nearest first.
    by_familiarity : float
        Odds of the label in which the sample is most familiar against its own, by calibrated densities of samples to
        which the sample does not belong; NaN for labels of fewer than five samples.
    familiar_as : hashable
        That label, besides its own.
    density : float
        The natural log density of the sample among the others of its label. Responses of more than 64 units are taken
        along their first 64 principal axes.
    rarity : float
        Share (0..1) of the samples of its label that are less familiar in it: 0 for the rarest.
    """

    index: int
    id: Hashable
    given: Hashable
    suggested: Hashable
    ratio: float
    by_neighbours: float
    disagreeing: float
    neighbours: Sequence[Hashable]
    by_familiarity: float
    familiar_as: Hashable
    density: float
    rarity: float


@dataclass(frozen=True, eq=False)
class SuspectLabels:
    """What one response says of the labels of one dimension.

    Attributes
    ----------
    least_ratio : float
        From which ratio on a sample is suspect.
    ratio : numpy.ndarray
        float64 [samples]: see :class:`LabelProblem`; below 1 where the given label is the likelier; NaN for samples
        without label, without evidence, or left out because of NaN or infinity.
    suggested : numpy.ndarray
        object [samples]: the likeliest label besides the given one, None where there is no ratio.
    by_neighbours, disagreeing, by_familiarity, density, rarity : numpy.ndarray
        float64 [samples]; NaN where there is none.
    familiar_as : numpy.ndarray
        object [samples]; None where there is none.
    neighbours : numpy.ndarray
        int64 [samples, k]: numbers of the neighbours, nearest first; -1 for samples left out. No columns when they were
        not asked.
    """

    least_ratio: float
    ratio: NDArray[np.float64]
    suggested: NDArray[Any]
    by_neighbours: NDArray[np.float64]
    disagreeing: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    by_familiarity: NDArray[np.float64]
    familiar_as: NDArray[Any]
    density: NDArray[np.float64]
    rarity: NDArray[np.float64]
    _given: Sequence[Hashable] = field(repr=False)
    _samples: Samples = field(repr=False)

    @cached_property
    def suspects(self) -> NDArray[np.intp]:
        """The samples, int [suspects], whose label is suspect, the most suspect first."""
        order = np.argsort(np.nan_to_num(-self.ratio, nan=np.inf), kind="stable")
        return order[: int((self.ratio >= self.least_ratio).sum())]

    @property
    def problems(self) -> list[LabelProblem]:
        """The suspects with the evidence, the most suspect first."""
        return [self.evidence(int(index)) for index in self.suspects]

    def evidence(self, index: int) -> LabelProblem:
        """Return what there is against the label of one sample, suspect or not."""
        ids = self._samples.ids
        return LabelProblem(
            index=index,
            id=ids[index],
            given=self._given[index],
            suggested=self.suggested[index],
            ratio=float(self.ratio[index]),
            by_neighbours=float(self.by_neighbours[index]),
            disagreeing=float(self.disagreeing[index]),
            neighbours=tuple(ids[other] for other in self.neighbours[index] if other >= 0),
            by_familiarity=float(self.by_familiarity[index]),
            familiar_as=self.familiar_as[index],
            density=float(self.density[index]),
            rarity=float(self.rarity[index]),
        )


@dataclass(frozen=True, eq=False)
class LabelProblemsResults:
    """Samples whose neighbours or familiarity disagree with their label.

    Attributes
    ----------
    count : int
        Samples seen.
    results : mapping of str to mapping of hashable to SuspectLabels
        By response and label dimension.
    samples : Samples
        Who the samples are.
    notes : mapping of hashable to str
        Why a label dimension, or some of its labels, were not looked at.
    evidence : Evidence
        What was asked.
    """

    count: int
    results: Mapping[str, Mapping[Hashable, SuspectLabels]]
    samples: Samples = field(repr=False)
    notes: Mapping[Hashable, str] = field(default_factory=dict)
    evidence: Evidence = Evidence.BOTH

    def findings(self) -> Findings:
        """Return the suspects of all responses and dimensions with the evidence, the most suspect first."""
        found = [
            (name, dimension, problem)
            for name, dimensions in self.results.items()
            for dimension, suspects in dimensions.items()
            for problem in suspects.problems
        ]
        found.sort(key=lambda item: -item[2].ratio)
        problems = [problem for _, _, problem in found]
        table: dict[str, NDArray[Any]] = {
            "id": text_or_numbers([problem.id for problem in problems]),
            "response": text_or_numbers([name for name, _, _ in found]),
            "dimension": text_or_numbers([str(dimension) for _, dimension, _ in found]),
            "label": text_or_numbers([problem.given for problem in problems]),
            "suggested": text_or_numbers([problem.suggested for problem in problems]),
            "likelier": np.array([problem.ratio for problem in problems], dtype=np.float64),
        }

        def add(column: str, attribute: str) -> None:
            table[column] = np.array([getattr(problem, attribute) for problem in problems], dtype=np.float64)

        if self.evidence.asks_neighbours:
            add("by neighbours", "by_neighbours")
            add("disagreeing", "disagreeing")
        if self.evidence.asks_familiarity:
            add("by familiarity", "by_familiarity")
            table["familiar as"] = text_or_numbers([problem.familiar_as for problem in problems])
            add("rarity", "rarity")
        if self.evidence.asks_neighbours:
            table["neighbours"] = text_or_numbers([", ".join(map(str, problem.neighbours)) for problem in problems])
        if self.samples.paths is not None:
            table["path"] = text_or_numbers([self.samples.paths[problem.index] for problem in problems])
        return Findings(self._summary(), self.count, table)

    def sample_table(self) -> SampleTable:
        """Return the samples in the order of the producer, with how much likelier another label is, and which."""
        table = SampleTable.of(self.samples)
        for name, dimensions in self.results.items():
            for dimension, suspects in dimensions.items():
                about = f"{dimension} by {name}"
                likelier, suggested = f"likelier than {dimension}", f"suggested {dimension}"
                table = table.with_column(f"likelier than {about}", "score", likelier, suspects.ratio, name)
                words = Categories.of(suspects.suggested, self.count)
                table = table.with_column(f"suggested {about}", "text", suggested, words, name)
        return table.sorted_by("score", descending=True)

    def _summary(self) -> str:
        parts = []
        for name, dimensions in self.results.items():
            for dimension, suspects in dimensions.items():
                judged = int((~np.isnan(suspects.ratio)).sum())
                parts.append(
                    f"{name}: {len(suspects.suspects):,} of {judged:,} labels of {dimension!r} are suspect: another "
                    f"one is at least {suspects.least_ratio:g} times likelier by {_WORDS[self.evidence]}."
                )
        parts += [f"{dimension!r}: {note}" for dimension, note in self.notes.items()]
        return " ".join(parts) or "There are no labels to look at."
