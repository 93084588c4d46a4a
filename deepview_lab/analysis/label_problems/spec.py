"""LabelProblems: samples whose neighbours or familiarity disagree with their label."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import FinishContext
from deepview_lab.analysis.counted_samples import CountedSamples
from deepview_lab.analysis.familiarity.mixture import GMMCovarianceType, GMMSettings
from deepview_lab.analysis.label_problems.evidence import Heard
from deepview_lab.analysis.label_problems.familiarity import LEAST_SAMPLES, label_familiarity
from deepview_lab.analysis.label_problems.result import Evidence, LabelProblemsResults, SuspectLabels
from deepview_lab.analysis.pooling import Pool, resolved_pool
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.analysis.samples import Samples
from deepview_lab.analysis.space import Space, SpaceKind
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.numerics.neighbours.votes import label_votes
from deepview_lab.typing.named import Named

__all__ = ["ONE_GAUSSIAN", "LabelProblemsSpec"]

# The table of which labels lie around which has the square of so many entries.
_MOST_LABELS = 2000
_NAMED = 5  # labels that a note names
ONE_GAUSSIAN = GMMSettings(gaussian_count=1, covariance_type=GMMCovarianceType.FULL)


@dataclass(frozen=True)
class LabelProblemsSpec(CountedSamples):
    """Settings of LabelProblems.

    Attributes
    ----------
    dimensions : sequence of hashable or None
        Which label dimensions; None for all but ``split``.
    neighbours : int
        How many neighbours of each sample have a vote.
    least_ratio : float
        A label is suspect when another one is so many times likelier, above 1.
    space : SpaceKind
        How responses are scaled before distances are taken: ``values``, ``directions`` or ``columns``.
    exact : bool or None
        Compare all samples with all; None does so where it is a matter of seconds.
    split : hashable
        The label dimension that tells training from test data: being in one of them is no error.
    pool : None, Pool, 'average' or 'max'
        How feature maps are pooled over their positions; None refuses them.
    evidence : Evidence
        What speaks for and against labels: ``neighbours``, ``familiarity`` or ``both``.
    mixture : GMMSettings
        What is fitted to the samples of each label.

    Examples
    --------
    >>> from deepview_lab.analysis.contract import StandaloneContext
    >>> values = np.float32([[0], [1], [2], [3], [4], [20], [21], [22], [23], [24]])
    >>> labels = {"animal": ["cat", "cat", "dog", "cat", "cat", "dog", "dog", "dog", "dog", "dog"]}
    >>> rows = Rows({"x": values}, {"x": np.ones(10, bool)}, ids=range(10), made_ids=True, labels=labels)
    >>> spec = LabelProblemsSpec(neighbours=4, least_ratio=2)
    >>> [problem] = spec.finish(spec.create(), StandaloneContext(rows)).results["x"]["animal"].problems
    >>> problem.id, problem.given, problem.suggested, problem.disagreeing
    (2, 'dog', 'cat', 1.0)
    """

    dimensions: Sequence[Hashable] | None = None
    neighbours: int = 10
    least_ratio: float = 7.0
    space: SpaceKind | str = SpaceKind.VALUES
    exact: bool | None = None
    split: Hashable = "dataset"
    pool: Pool | str | Enum | None = None
    evidence: Evidence | str = Evidence.BOTH
    mixture: GMMSettings = ONE_GAUSSIAN

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        if self.neighbours < 1:
            raise ValueError(f"neighbours must be at least 1, but is {self.neighbours}.")
        if not (self.least_ratio > 1 and math.isfinite(self.least_ratio)):
            raise ValueError(f"least_ratio must be a finite number above 1, but is {self.least_ratio}.")
        if isinstance(self.dimensions, str):
            raise TypeError(f"dimensions must be a list of label dimensions: [{self.dimensions!r}].")
        if self.space not in set(SpaceKind):
            raise ValueError(f"space must be one of {', '.join(SpaceKind)}, but is {self.space!r}.")
        if self.evidence not in set(Evidence):
            raise ValueError(f"evidence must be one of {', '.join(Evidence)}, but is {self.evidence!r}.")
        if not isinstance(self.mixture, GMMSettings):
            raise TypeError(f"mixture must be Familiarity.Strategy.GMM(...), but is {self.mixture!r}.")

    @property
    def kind(self) -> str:
        """The name ``labels``."""
        return "labels"

    @property
    def rows_wanted(self) -> RowsWanted:
        """One row per sample and response."""
        return RowsWanted(resolved_pool(self.pool), analysis="LabelProblems")

    def finish(self, acc: SampleCount, context: FinishContext) -> LabelProblemsResults:  # noqa: ARG002 - the rows have all
        """Ask for the evidence in each response; each response is shown when it is done.

        Raises
        ------
        DeepViewException
            when no sample has a label.
        UnknownNameError
            (a KeyError) for a label dimension that is not there.
        MissingExtraError
            without scikit-learn, unless only neighbours are asked.
        """
        rows = context.rows
        coded, notes = _coded(rows, self._chosen(rows))
        if self._asked.asks_familiarity:
            notes |= _few(rows, coded)
        found: dict[str, Mapping[Hashable, SuspectLabels]] = {}
        samples = Samples.of(rows)
        for index, name in enumerate(rows.fields):
            found[name] = self._of_response(name, rows, coded, samples, context)
            if index < len(rows.fields) - 1:
                context.partial(self.present(LabelProblemsResults(len(rows), dict(found), samples, notes, self._asked)))
        return self.present(LabelProblemsResults(len(rows), Named("response", found), samples, notes, self._asked))

    @property
    def _asked(self) -> Evidence:
        return Evidence(self.evidence)

    def present(self, found: LabelProblemsResults) -> LabelProblemsResults:
        """Return the result in the form in which it is handed out."""
        return found

    def _chosen(self, rows: Rows) -> Sequence[Hashable]:
        if self.dimensions is not None:
            for dimension in self.dimensions:
                if dimension not in rows.labels:
                    raise UnknownNameError("label dimension", dimension, rows.labels)
            return self.dimensions
        chosen = [dimension for dimension in rows.labels if dimension != self.split]
        if not chosen:
            raise DeepViewException(
                "LabelProblems needs labels, but the samples have none. Give each batch "
                "metadata[Batch.StdKeys.LABELS] = {'label': [...]}, for example with the metadata of StubProducer."
            )
        return chosen

    def _of_response(
        self, name: str, rows: Rows, coded: Mapping[Hashable, _Coded], samples: Samples, context: FinishContext
    ) -> Mapping[Hashable, SuspectLabels]:
        values, usable = rows.fields[name], rows.usable[name]
        used = np.flatnonzero(usable)
        context.step(
            f"Finding neighbours in {name}" if self._asked.asks_neighbours else f"Comparing labels in {name}", 0.0
        )
        points = Space.of(SpaceKind(self.space), values, usable).points(values, used)
        graph = None
        if self._asked.asks_neighbours:
            graph = rows.graphs.of(
                points,
                self.neighbours,
                exact=self.exact,
                step=lambda done: context.step(f"Finding neighbours in {name}", done),
            )
        found: dict[Hashable, SuspectLabels] = {}
        for index, (dimension, labels) in enumerate(coded.items()):
            codes = labels.codes[used]

            def step(done: float, index: int = index) -> None:
                context.step(f"Comparing labels in {name}", (index + done) / len(coded))

            heard = Heard(
                used=used,
                neighbours=np.empty((len(used), 0), dtype=np.intp) if graph is None else used[graph.indices],
                votes=None if graph is None else label_votes(graph, codes, len(labels.classes)),
                familiarity=label_familiarity(points, codes, self.mixture, step)
                if self._asked.asks_familiarity
                else None,
            )
            found[dimension] = heard.suspects(labels.classes, rows.labels[dimension], samples, self.least_ratio)
        return found


@dataclass(frozen=True, eq=False)
class _Coded:
    """The labels of one dimension as numbers.

    Attributes
    ----------
    codes : numpy.ndarray
        int64 [samples]: position in ``classes``, -1 for none.
    classes : sequence of hashable
        The different labels.
    """

    codes: NDArray[np.int64]
    classes: Sequence[Any]


def _coded(rows: Rows, dimensions: Sequence[Hashable]) -> tuple[dict[Hashable, _Coded], dict[Hashable, str]]:
    """Return the labels of each dimension as numbers, and why some are left out."""
    coded: dict[Hashable, _Coded] = {}
    notes: dict[Hashable, str] = {}
    for dimension in dimensions:
        positions: dict[Hashable, int] = {None: -1}
        codes = [positions.setdefault(label, len(positions) - 1) for label in rows.labels[dimension]]
        classes = [label for label in positions if label is not None]
        if len(classes) > _MOST_LABELS:
            notes[dimension] = f"not looked at, because it has {len(classes):,} different labels."
        else:
            coded[dimension] = _Coded(np.array(codes, dtype=np.int64), classes)
    return coded, notes


def _few(rows: Rows, coded: Mapping[Hashable, _Coded]) -> dict[Hashable, str]:
    """Return, by dimension, which labels have too few samples in a response for a density of their own."""
    notes: dict[Hashable, str] = {}
    for dimension, labels in coded.items():
        few: dict[str, None] = {}
        for usable in rows.usable.values():
            codes = labels.codes[usable]
            counts = np.bincount(codes[codes >= 0], minlength=len(labels.classes))
            few |= {str(labels.classes[code]): None for code in np.flatnonzero(counts < LEAST_SAMPLES).tolist()}
        if few:
            named = ", ".join(list(few)[:_NAMED]) + (", ..." if len(few) > _NAMED else "")
            notes[dimension] = (
                f"{len(few):,} label(s) with fewer than {LEAST_SAMPLES} samples are not judged by familiarity: {named}."
            )
    return notes
