"""Dimension reduction: positions of samples in few dimensions, from principal axes or from a map of neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Budget, FinishContext, StandaloneContext
from deepview_lab.analysis.pooling import Pool, resolved_pool, unit_rows
from deepview_lab.analysis.projection.accumulator import ProjectionAccumulator, fill, projection_state
from deepview_lab.analysis.projection.custom import resolved_strategies
from deepview_lab.analysis.projection.placement import Embedding
from deepview_lab.analysis.projection.protocols import OneOrManyDimStrategies, Progress, Reducer
from deepview_lab.analysis.projection.result import ProjectionResults
from deepview_lab.analysis.projection.strategies import PCA, RowStrategy, Strategy
from deepview_lab.analysis.responses import ResponseShape, shape_of
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.analysis.samples import Samples
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.exceptions import (
    DeepViewException,
    MissingResponseError,
    TooFewSamplesError,
    UnpooledResponseError,
)
from deepview_lab.numerics.blocks import blocks

__all__ = ["ProjectionSpec"]

_NAME = "DimensionReduction"


@dataclass(frozen=True)
class ProjectionSpec:
    """Settings of dimension reduction.

    Attributes
    ----------
    strategies : Strategy, or mapping of str to Strategy
        One for all fields, or one for each of some fields; the others are left alone.
    pool : None, Pool, 'average' or 'max'
        How feature maps are pooled over their positions; None refuses them.
    positions : bool
        Whether the positions of the samples are wanted. Without them, PCA keeps no rows.

    Examples
    --------
    >>> spec = ProjectionSpec(PCA(1), positions=False)
    >>> acc = spec.update(spec.create(), Batch({"x": np.array([[0.0, 3.0], [0.0, 5.0]])}))
    >>> result = spec.finish(acc)
    >>> result.projected(Batch({"x": np.array([[7.0, 6.0]])})).fields["x"]
    array([[2.]], dtype=float32)
    """

    strategies: OneOrManyDimStrategies
    pool: Pool | str | Enum | None = None
    positions: bool = True

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        resolved_strategies(self.strategies)

    @property
    def kind(self) -> str:
        """The name ``projection``."""
        return "projection"

    @property
    def rows_wanted(self) -> RowsWanted | None:
        """One row per sample and field that is reduced; None for streams only, when no positions are wanted."""
        chosen = resolved_strategies(self.strategies)
        strategies: Iterable[Strategy] = chosen.values() if isinstance(chosen, Mapping) else [chosen]
        if self.positions or any(isinstance(strategy, RowStrategy) for strategy in strategies):
            fields = frozenset(chosen) if isinstance(chosen, Mapping) else None
            return RowsWanted(resolved_pool(self.pool), fields, _NAME)
        return None

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> ProjectionAccumulator:
        """Return an accumulator that has seen nothing."""
        return ProjectionAccumulator(dict(responses or {}))

    def update(self, acc: ProjectionAccumulator, batch: Batch) -> ProjectionAccumulator:
        """Fold the fields of ``batch`` in whose axes are found as a stream.

        Raises
        ------
        MissingResponseError
            when there is a strategy for a field that the data does not have.
        UnpooledResponseError
            when a field has more than two dimensions and no pooling is set.
        ShapeChangedError
            when a field has another shape than before.
        DeepViewException
            when a field has fewer units than it is to have dimensions, or holds no real numbers.
        """
        if isinstance(self.strategies, Mapping):
            for name in map(str, self.strategies):
                if name not in batch.fields and name not in acc.shapes:
                    raise MissingResponseError(_NAME, name, batch.fields)
        shapes = {}
        for name, values in batch.fields.items():
            strategy = self.strategy_of(name)
            if strategy is not None:
                shapes[name] = self._expected(acc, name, values, strategy)
        for name, shape in shapes.items():
            strategy = self.strategy_of(name)
            if isinstance(strategy, PCA):
                rows, usable = unit_rows(batch.fields[name], shape, resolved_pool(self.pool))
                if name not in acc.scatter:
                    acc.scatter[name] = strategy.accumulator(shape.units)
                acc.scatter[name].add(rows if usable.all() else rows[usable])
            acc.shapes[name] = shape
        acc.samples += batch.batch_size
        return acc

    def _expected(
        self, acc: ProjectionAccumulator, name: str, values: NDArray[Any], strategy: Strategy
    ) -> ResponseShape:
        if name in acc.shapes:
            acc.shapes[name].expect(name, values)
            return acc.shapes[name]
        shape = shape_of(name, values, acc.responses)
        if shape.positions and resolved_pool(self.pool) is None:
            raise UnpooledResponseError(name, shape.sample, _NAME)
        strategy.check_units(name, shape.units)
        return shape

    def merge(self, first: ProjectionAccumulator, second: ProjectionAccumulator) -> ProjectionAccumulator:
        """Return what one accumulator would be that saw both.

        Raises
        ------
        ShapeChangedError
            when a field has different shapes in the two.
        """
        for name, shape in second.shapes.items():
            first.shapes.setdefault(name, shape).expect_sample(name, shape.sample)
        for name, seen in second.scatter.items():
            if name in first.scatter:
                first.scatter[name].merge(seen)  # type: ignore[arg-type]  # both are of the strategy's kind
            else:
                first.scatter[name] = seen.copy()
        first.responses = {**second.responses, **first.responses}
        first.samples += second.samples
        return first

    def snapshot(self, acc: ProjectionAccumulator, budget: Budget, previous: object = None) -> None:
        """Return None: there is nothing to show before the end."""

    def finish(self, acc: ProjectionAccumulator, context: FinishContext | None = None) -> ProjectionResults:
        """Fit the projections; each field is shown when it is done.

        Raises
        ------
        DeepViewException
            when no field can be projected: the reason of the first one.
        """
        if self.rows_wanted is None:
            making = _Making(self, acc, None)
            for name in acc.shapes:
                making.fit(name, StandaloneContext().step)
            return self.present(making.result())
        assert context is not None, "positions need rows"
        making = _Making(self, acc, context.rows)
        for index, name in enumerate(acc.shapes, start=1):
            making.fit(name, context.step)
            making.place(name, context.step)
            if index < len(acc.shapes):
                context.partial(self.present(making.result()))
        return self.present(making.result())

    def present(self, found: ProjectionResults) -> ProjectionResults:
        """Return the result in the form in which it is handed out."""
        return found

    def state(self, acc: ProjectionAccumulator) -> State:
        """Return what ``acc`` holds."""
        return projection_state(acc)

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> ProjectionAccumulator:
        """Return the accumulator that had this state.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is none of these strategies.
        """
        return fill(self.create(responses), state, self.strategy_of)

    def strategy_of(self, name: str) -> Strategy | None:
        """Return what reduces the field ``name``; None leaves it out."""
        chosen = resolved_strategies(self.strategies)
        return chosen.get(name) if isinstance(chosen, Mapping) else chosen


@dataclass
class _Making:
    """A result in the making."""

    spec: ProjectionSpec
    acc: ProjectionAccumulator
    rows: Rows | None
    reducers: dict[str, Reducer] = field(default_factory=dict)
    positions: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    failed: dict[str, DeepViewException] = field(default_factory=dict)

    def fit(self, name: str, progress: Progress) -> None:
        """Fit the projection of a field, or note why there is none."""
        strategy = self.spec.strategy_of(name)
        try:
            if isinstance(strategy, PCA):
                progress("Finding principal axes", None)
                reducer = strategy.fitted(name, self.acc.scatter[name])
                self.reducers[name], self.notes[name] = reducer, reducer.note
            elif isinstance(strategy, RowStrategy):
                assert self.rows is not None, "positions need rows"
                self.reducers[name] = strategy.fit(name, *self._usable(name), progress, self.rows.graphs)
        except TooFewSamplesError as error:
            self.failed[name], self.notes[name] = error, error.message

    def _usable(self, name: str) -> tuple[NDArray[np.float32], list[Any] | None]:
        assert self.rows is not None
        usable, values = self.rows.usable[name], self.rows.fields[name]
        chosen = values if usable.all() else values[usable]
        ids = None if self.rows.made_ids else [self.rows.ids[index] for index in np.flatnonzero(usable).tolist()]
        return chosen, ids

    def place(self, name: str, progress: Progress) -> None:
        """Find the positions of all samples of a field."""
        reducer = self.reducers.get(name)
        if reducer is None or self.rows is None:
            return
        values, usable = self.rows.fields[name], self.rows.usable[name]
        found = np.full((len(values), reducer.dimensions), np.nan, dtype=np.float32)
        if isinstance(reducer, Embedding):
            found[usable] = reducer.positions
        else:
            for part in blocks(len(values)):
                progress("Projecting samples", part.start / len(values))
                found[part] = reducer.transform(values[part], self.rows.ids[part])
        self.positions[name] = found

    def result(self) -> ProjectionResults:
        if self.failed and not self.reducers and len(self.failed) == len(self.acc.shapes):
            raise next(iter(self.failed.values()))
        return ProjectionResults(
            reducers=dict(self.reducers),
            count=self.acc.samples,
            positions=dict(self.positions),
            samples=None if self.rows is None else Samples.of(self.rows),
            notes=dict(self.notes),
            pool=resolved_pool(self.spec.pool),
            responses=self.acc.responses,
        )
