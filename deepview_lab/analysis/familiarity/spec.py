"""Familiarity: how likely each sample's responses are under a distribution of the responses of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import FinishContext
from deepview_lab.analysis.counted_samples import CountedSamples
from deepview_lab.analysis.familiarity.mixture import GMMSettings, NoMixtureError
from deepview_lab.analysis.familiarity.protocols import FamiliarityDistribution, FamiliarityStrategyType
from deepview_lab.analysis.familiarity.result import FamiliarityResults, scores_of
from deepview_lab.analysis.pooling import Pool, resolved_pool
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.analysis.samples import Samples
from deepview_lab.base import Batch, Producer, ResponseInfo
from deepview_lab.exceptions import DeepViewException, TooFewSamplesError
from deepview_lab.numerics.blocks import blocks

__all__ = ["FamiliaritySpec"]


@dataclass(frozen=True)
class FamiliaritySpec(CountedSamples):
    """Settings of Familiarity.

    Attributes
    ----------
    strategy : GMMSettings or FamiliarityStrategyType
        What is fitted. A strategy of one's own gets a producer of the rows of the run.
    pool : None, Pool, 'average' or 'max'
        How feature maps are pooled over their positions; None refuses them.

    Examples
    --------
    >>> from deepview_lab.analysis.contract import StandaloneContext
    >>> values = np.float32([[0], [1], [2], [50]])
    >>> rows = Rows({"x": values}, {"x": np.ones(4, bool)}, ids="abcd", made_ids=False, labels={})
    >>> spec = FamiliaritySpec(GMMSettings(gaussian_count=1))
    >>> spec.finish(spec.create(), StandaloneContext(rows)).findings().table["id"]
    array(['d', 'a', 'b', 'c'], dtype='<U1')
    """

    strategy: GMMSettings | FamiliarityStrategyType = field(default_factory=GMMSettings)
    pool: Pool | str | Enum | None = None

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        if not isinstance(self.strategy, GMMSettings | FamiliarityStrategyType):
            raise DeepViewException(
                "strategy must be Familiarity.Strategy.GMM(...) or a FamiliarityStrategyType, but is "
                f"{self.strategy!r}."
            )

    @property
    def kind(self) -> str:
        """The name ``familiarity``."""
        return "familiarity"

    @property
    def rows_wanted(self) -> RowsWanted:
        """One row per sample and response."""
        return RowsWanted(resolved_pool(self.pool), analysis="Familiarity")

    def finish(self, acc: SampleCount, context: FinishContext) -> FamiliarityResults:
        """Fit the distributions and score the samples; each response is shown when it is done.

        Raises
        ------
        DeepViewException
            when no response can be fitted: the reason of the first one.
        """
        rows, making = context.rows, _Making(self, acc.responses, Samples.of(context.rows))
        fits = self._fits(rows, context) if isinstance(self.strategy, GMMSettings) else self._own_fits(rows, context)
        for index, (name, fitted) in enumerate(fits):
            if isinstance(fitted, DeepViewException):
                making.failed[name] = fitted
                continue
            making.distributions[name] = fitted
            making.scores[name] = _scored(fitted, rows.fields[name], rows.usable[name], context)
            if index < len(rows.fields) - 1:
                context.partial(self.present(making.result()))
        if making.failed and not making.distributions:
            raise next(iter(making.failed.values()))
        return self.present(making.result())

    def present(self, found: FamiliarityResults) -> FamiliarityResults:
        """Return the result in the form in which it is handed out."""
        return found

    def _fits(
        self, rows: Rows, context: FinishContext
    ) -> Iterator[tuple[str, FamiliarityDistribution | DeepViewException]]:
        """Yield a mixture for each response, or why there is none."""
        assert isinstance(self.strategy, GMMSettings)
        for index, (name, values) in enumerate(rows.fields.items()):
            usable = rows.usable[name]
            chosen = values if usable.all() else values[usable]

            def progress(done: float, index: int = index) -> None:
                context.step("Fitting mixtures", (index + done) / len(rows.fields))

            try:
                yield name, self.strategy.fit(name, chosen, progress)
            except (TooFewSamplesError, NoMixtureError) as error:
                yield name, error

    def _own_fits(
        self, rows: Rows, context: FinishContext
    ) -> Iterator[tuple[str, FamiliarityDistribution | DeepViewException]]:
        assert not isinstance(self.strategy, GMMSettings)
        context.step("Fitting distributions")
        yield from self.strategy(_producer_of(rows), batch_size=1024).items()


@dataclass
class _Making:
    """A result in the making."""

    spec: FamiliaritySpec
    responses: Mapping[str, ResponseInfo]
    samples: Samples
    distributions: dict[str, FamiliarityDistribution] = field(default_factory=dict)
    scores: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    failed: dict[str, DeepViewException] = field(default_factory=dict)

    def result(self) -> FamiliarityResults:
        notes = {name: " ".join(getattr(fitted, "notes", ())) for name, fitted in self.distributions.items()}
        notes |= {name: error.message for name, error in self.failed.items()}
        return FamiliarityResults(
            meta_key=self.spec.strategy.metadata_key,
            distributions=dict(self.distributions),
            scores=dict(self.scores),
            samples=self.samples,
            notes={name: note for name, note in notes.items() if note},
            pool=resolved_pool(self.spec.pool),
            responses=self.responses,
        )


def _scored(
    distribution: FamiliarityDistribution, rows: NDArray[Any], usable: NDArray[np.bool_], context: FinishContext
) -> NDArray[np.float64]:
    scores = np.empty(len(rows))
    for part in blocks(len(rows)):
        context.step("Scoring samples", part.start / len(rows))
        scores[part] = scores_of(distribution, rows[part], usable[part])
    return scores


def _producer_of(rows: Rows) -> Producer:
    """Return a producer of the samples whose values are all finite."""
    usable = np.logical_and.reduce(list(rows.usable.values()))

    def kept_rows(batch_size: int) -> Iterator[Batch]:
        chosen = np.flatnonzero(usable)
        for start in range(0, len(chosen), batch_size):
            picked = chosen[start : start + batch_size]
            builder = Batch.Builder({name: values[picked] for name, values in rows.fields.items()})
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [rows.ids[index] for index in picked]
            if rows.labels:
                builder.metadata[Batch.StdKeys.LABELS] = {
                    dimension: [labels[index] for index in picked] for dimension, labels in rows.labels.items()
                }
            yield builder.make_batch()

    return kept_rows
