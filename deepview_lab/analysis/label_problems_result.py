"""The result of LabelProblems: suspects by response and label dimension, with the evidence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.samples import Samples, text_or_numbers

__all__ = ["LabelProblem", "LabelProblemsResults", "SuspectLabels"]


@dataclass(frozen=True, eq=False)
class LabelProblem:
    """A sample whose label its neighbours speak against.

    Attributes
    ----------
    index : int
        Number of the sample.
    id : hashable
        Its identifier.
    given, suggested : hashable
        The label it has, and the one that explains its neighbours best.
    ratio : float
        How many times likelier the suggested label makes each neighbour, on (geometric) average.
    disagreeing : float
        Share (0..1) of the neighbours that have another label.
    neighbours : sequence of hashable
        Identifiers of the neighbours, nearest first.
    """

    index: int
    id: Hashable
    given: Hashable
    suggested: Hashable
    ratio: float
    disagreeing: float
    neighbours: Sequence[Hashable]


@dataclass(frozen=True, eq=False)
class SuspectLabels:
    """What the neighbours in one response say of the labels of one dimension.

    Attributes
    ----------
    least_ratio : float
        From which ratio on a sample is suspect.
    ratio : numpy.ndarray
        float64 [samples]: see :class:`LabelProblem`; below 1 where the given label is the likelier; NaN for samples
        without label, without labelled neighbours, or left out because of NaN or infinity.
    suggested : numpy.ndarray
        object [samples]: the likeliest label besides the given one, None where there is no ratio.
    disagreeing : numpy.ndarray
        float64 [samples].
    neighbours : numpy.ndarray
        int64 [samples, k]: numbers of the neighbours, nearest first; -1 for samples left out.
    """

    least_ratio: float
    ratio: NDArray[np.float64]
    suggested: NDArray[Any]
    disagreeing: NDArray[np.float64]
    neighbours: NDArray[np.int64]
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
        """Return what the neighbours say of one sample, suspect or not."""
        ids = self._samples.ids
        return LabelProblem(
            index=index,
            id=ids[index],
            given=self._given[index],
            suggested=self.suggested[index],
            ratio=float(self.ratio[index]),
            disagreeing=float(self.disagreeing[index]),
            neighbours=tuple(ids[other] for other in self.neighbours[index] if other >= 0),
        )


@dataclass(frozen=True, eq=False)
class LabelProblemsResults:
    """Samples whose neighbours disagree with their label.

    Attributes
    ----------
    count : int
        Samples seen.
    results : mapping of str to mapping of hashable to SuspectLabels
        By response and label dimension.
    samples : Samples
        Who the samples are.
    notes : mapping of hashable to str
        Why a label dimension was not looked at.
    """

    count: int
    results: Mapping[str, Mapping[Hashable, SuspectLabels]]
    samples: Samples = field(repr=False)
    notes: Mapping[Hashable, str] = field(default_factory=dict)

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
            "disagreeing": np.array([problem.disagreeing for problem in problems], dtype=np.float64),
            "neighbours": text_or_numbers([", ".join(map(str, problem.neighbours)) for problem in problems]),
        }
        if self.samples.paths is not None:
            table["path"] = text_or_numbers([self.samples.paths[problem.index] for problem in problems])
        return Findings(self._summary(), self.count, table)

    def _summary(self) -> str:
        parts = []
        for name, dimensions in self.results.items():
            for dimension, suspects in dimensions.items():
                judged = int((~np.isnan(suspects.ratio)).sum())
                parts.append(
                    f"{name}: {len(suspects.suspects):,} of {judged:,} labels of {dimension!r} are suspect: another "
                    f"one makes each neighbour at least {suspects.least_ratio:g} times likelier."
                )
        parts += [f"{dimension!r}: {note}" for dimension, note in self.notes.items()]
        return " ".join(parts) or "There are no labels to look at."
