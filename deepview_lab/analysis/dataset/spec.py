"""The dataset report: duplicates, familiarity and a map of the same samples, from one pass over the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Budget, FinishContext
from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.dataset.result import DatasetParts, DatasetResults, LabelScores
from deepview_lab.analysis.duplicates.spec import DuplicatesSpec
from deepview_lab.analysis.duplicates.strategies import KNN
from deepview_lab.analysis.duplicates.thresholds import Relative
from deepview_lab.analysis.familiarity.result import scores_of
from deepview_lab.analysis.familiarity.spec import FamiliaritySpec
from deepview_lab.analysis.findings import Findings, ShowsFindings
from deepview_lab.analysis.pooling import Pool, resolved_pool
from deepview_lab.analysis.projection.protocols import OneOrManyDimStrategies
from deepview_lab.analysis.projection.result import ProjectionResults
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.analysis.samples import Samples
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.base.plain_values import decoded, encoded
from deepview_lab.exceptions import CancelledError, DeepViewException
from deepview_lab.numerics.blocks import blocks

__all__ = ["DatasetAccumulator", "DatasetSpec"]

_REDUCED = 40  # DeepView's dimensions


@dataclass
class DatasetAccumulator:
    """What has passed.

    Attributes
    ----------
    responses : mapping of str to ResponseInfo
        What was known before any data.
    samples : int
        Samples seen.
    labels : dict of hashable to Counter
        How many samples have each label, by dimension.
    fields : dict of str to None
        The responses that came, in their order; rows are kept of those only that the report looks at.
    """

    responses: Mapping[str, ResponseInfo]
    samples: int = 0
    labels: dict[Hashable, Counter[Hashable]] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class DatasetSpec:
    """Settings of a dataset report.

    Attributes
    ----------
    config : ReportConfig
        What it contains.
    pool : None, Pool, 'average' or 'max'
        How feature maps are pooled over their positions; None refuses them.

    Examples
    --------
    >>> from deepview_lab.analysis.contract import StandaloneContext
    >>> values = np.float32([[0, 1], [5, 5], [0, 1], [9, 0]])
    >>> rows = Rows({"x": values}, {"x": np.ones(4, bool)}, ids="abcd", made_ids=False, labels={})
    >>> spec = DatasetSpec(ReportConfig(projection=None, familiarity=None))
    >>> spec.finish(spec.create(), StandaloneContext(rows)).columns["duplicates_x"]
    array([ 0, -1,  0, -1])
    """

    config: ReportConfig = field(default_factory=ReportConfig)
    pool: Pool | str | Enum | None = None

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        if not isinstance(self.config, ReportConfig):
            raise DeepViewException(f"config must be a ReportConfig, but is a {type(self.config).__name__}.")

    @property
    def kind(self) -> str:
        """The name ``report``."""
        return "report"

    @property
    def rows_wanted(self) -> RowsWanted:
        """One row per sample and response that any part looks at."""
        return RowsWanted(resolved_pool(self.pool), self.config.fields, "A dataset report")

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> DatasetAccumulator:
        """Return an accumulator that has seen nothing."""
        return DatasetAccumulator(dict(responses or {}))

    def update(self, acc: DatasetAccumulator, batch: Batch) -> DatasetAccumulator:
        """Count the samples of ``batch`` and their labels."""
        for dimension, labels in batch.metadata.get(Batch.StdKeys.LABELS, {}).items():
            acc.labels.setdefault(dimension, Counter()).update(labels)
        acc.fields |= dict.fromkeys(batch.fields)
        acc.samples += batch.batch_size
        return acc

    def merge(self, first: DatasetAccumulator, second: DatasetAccumulator) -> DatasetAccumulator:
        """Return the counts of both."""
        for dimension, counts in second.labels.items():
            first.labels.setdefault(dimension, Counter()).update(counts)
        first.responses = {**second.responses, **first.responses}
        first.fields |= second.fields
        first.samples += second.samples
        return first

    def state(self, acc: DatasetAccumulator) -> State:
        """Return what ``acc`` holds.

        Raises
        ------
        TypeError
            when a label is of a type that cannot be written.
        """
        labels = [
            [encoded((dimension,)), encoded(tuple(counts)), list(counts.values())]
            for dimension, counts in acc.labels.items()
        ]
        return State({}, {"samples": acc.samples, "fields": list(acc.fields), "labels": labels})

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> DatasetAccumulator:
        """Return the accumulator that had this state.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is no such state.
        """
        labels = {
            decoded(dimension)[0]: Counter(dict(zip(decoded(given), map(int, counts), strict=True)))
            for dimension, given, counts in state.facts["labels"]
        }
        fields = dict.fromkeys(map(str, state.facts["fields"]))
        return DatasetAccumulator(dict(responses), int(state.facts["samples"]), labels, fields)

    def snapshot(self, acc: DatasetAccumulator, budget: Budget, previous: object = None) -> Findings:  # noqa: ARG002
        """Return how many samples have which label, so far."""
        counted = sorted(
            (str(dimension), str(label), count)
            for dimension, counts in acc.labels.items()
            for label, count in counts.items()
        )
        table = {
            "dimension": np.array([dimension for dimension, _, _ in counted], dtype=np.str_),
            "label": np.array([label for _, label, _ in counted], dtype=np.str_),
            "samples": np.array([count for _, _, count in counted], dtype=np.int64),
        }
        return Findings(f"{acc.samples:,} samples so far.", acc.samples, table)

    def finish(self, acc: DatasetAccumulator, context: FinishContext) -> DatasetResults:
        """Make the parts one after the other; each is shown when it is done."""
        rows = context.rows
        responses = tuple(acc.fields) or tuple(rows.fields)
        notes = ("Ids were made by counting: the data has none.",) if rows.made_ids else ()
        parts = DatasetParts(responses, Samples.of(rows), notes=notes)
        result = self.present(parts.results())
        context.partial(result)
        if self.config.use_dim_reduction:
            given = rows
            rows = _reduced(given, self.config.dim_reduction, responses, context)
            used = self.config.fields
            sizes = {name: size for name, size in _sizes(given, rows).items() if used is None or name in used}
            parts = replace(parts, reduced=sizes)
        for name, make in self._wanted(rows, context):
            try:
                parts = make(parts)
            except CancelledError:
                raise
            except DeepViewException as error:  # the other parts are worth having without it
                parts = replace(parts, failed={**parts.failed, name: error.message})
            result = self.present(parts.results())
            context.partial(result)
        return result

    def present(self, found: DatasetResults) -> DatasetResults:
        """Return the result in the form in which it is handed out."""
        return found

    def _wanted(
        self, rows: Rows, context: FinishContext
    ) -> Iterator[tuple[str, Callable[[DatasetParts], DatasetParts]]]:
        """Yield the parts by name, and how each is added: what is quick comes first."""
        config, seen, borrowed = self.config, SampleCount({}, len(rows)), _Borrowed(context, rows)
        if config.duplicates is not None:
            twice = DuplicatesSpec(config.duplicates.threshold or Relative(), config.duplicates.strategy or KNN())
            yield "duplicates", lambda parts: replace(parts, duplicates=twice.finish(seen, borrowed))
        if config.familiarity is not None:
            rare = FamiliaritySpec(config.familiarity)
            yield "familiarity", lambda parts: replace(parts, familiarity=rare.finish(seen, borrowed))
            yield (
                "familiarity by label",
                lambda parts: replace(parts, by_label=dict(self._by_label(rare, rows, context))),
            )
        if config.projection is not None:
            placed = ProjectionSpec(config.projection)
            yield "projection", lambda parts: replace(parts, projection=_projected(placed, rows, context))

    def _by_label(
        self, spec: FamiliaritySpec, rows: Rows, context: FinishContext
    ) -> Iterator[tuple[tuple[str, Hashable], LabelScores]]:
        """Yield, for each response and label dimension, the scores of all samples among those of each label."""
        for dimension, labels in rows.labels.items():
            of = np.array(["" if label is None else str(label) for label in labels], dtype=np.str_)
            names, counts = np.unique(of, return_counts=True)
            scores: dict[str, dict[str, NDArray[np.float64]]] = {name: {} for name in rows.fields}
            for label in names[(counts >= self.config.split_familiarity_min) & (names != "")]:
                borrowed = _Borrowed(context, _chosen(rows, of == label), f"{dimension} {label}")
                try:
                    fitted = spec.finish(SampleCount({}), borrowed).distributions
                except CancelledError:
                    raise
                except DeepViewException:  # too few of them are finite, or all are equal
                    continue
                for name, distribution in fitted.items():
                    scores[name][str(label)] = scores_of(distribution, rows.fields[name], rows.usable[name])
            for name, found in scores.items():
                if found:
                    yield (name, dimension), LabelScores(tuple(found), np.stack(list(found.values()), axis=1))


class _Borrowed:
    """The work of a part of the report: other rows, the same ear. What it shows is shown by the report."""

    def __init__(self, context: FinishContext, rows: Rows, about: str = "") -> None:
        self._work = context
        self._about = about
        self.rows = rows

    def step(self, stage: str, done: float | None = None) -> None:
        """Say what is being done, and for what."""
        self._work.step(f"{stage} · {self._about}" if self._about else stage, done)

    def partial(self, result: ShowsFindings) -> None:
        """Wait for the whole part."""


def _reduced(
    rows: Rows, strategies: OneOrManyDimStrategies | None, responses: Sequence[str], context: FinishContext
) -> Rows:
    """Return the rows in fewer dimensions; responses that no strategy is for stay as they are.

    Strategies for others of the ``responses`` than there are rows of are not needed.
    """
    if strategies is None:
        wide = [name for name, values in rows.fields.items() if values.shape[1] > _REDUCED]
        strategies = {name: PCA(_REDUCED) for name in wide}
    if isinstance(strategies, Mapping):
        unseen = set(responses) - rows.fields.keys()
        strategies = {name: strategy for name, strategy in strategies.items() if name not in unseen}
    if isinstance(strategies, Mapping) and not strategies:
        return rows
    found = _projected(ProjectionSpec(strategies), rows, context).positions
    usable = {name: np.asarray(np.isfinite(values).all(axis=1)) for name, values in found.items()}
    return replace(rows, fields={**rows.fields, **found}, usable={**rows.usable, **usable})


def _sizes(given: Rows, reduced: Rows) -> dict[str, tuple[int, int]]:
    """Return the dimensions before and after, of the responses where they differ."""
    sizes = {name: (values.shape[1], reduced.fields[name].shape[1]) for name, values in given.fields.items()}
    return {name: (before, after) for name, (before, after) in sizes.items() if before != after}


def _projected(spec: ProjectionSpec, rows: Rows, context: FinishContext) -> ProjectionResults:
    acc = spec.create()
    for part in blocks(len(rows)):
        context.step("Preparing rows", part.start / len(rows))
        acc = spec.update(acc, Batch({name: values[part] for name, values in rows.fields.items()}))
    return spec.finish(acc, _Borrowed(context, rows))


def _chosen(rows: Rows, which: NDArray[np.bool_]) -> Rows:
    index = np.flatnonzero(which)
    return Rows(
        fields={name: values[index] for name, values in rows.fields.items()},
        usable={name: values[index] for name, values in rows.usable.items()},
        ids=[rows.ids[position] for position in index.tolist()],
        made_ids=rows.made_ids,
        labels={},
    )
