"""Inactive unit analysis (IUA): which units are zero, how often, and which always are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Budget, FinishContext
from deepview_lab.analysis.iua.accumulator import IUAAccumulator, LayerCounts, fill, iua_state
from deepview_lab.analysis.iua.result import IUAResults, LayerInactivity
from deepview_lab.analysis.iua.snapshot import IUASnapshot, LayerInactivityRow
from deepview_lab.analysis.responses import (
    OnNonFinite,
    ResponseShape,
    checked_on_nonfinite,
    refuse_nonfinite,
    shape_of,
)
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.numerics import InactivityCounter
from deepview_lab.typing.named import Named
from deepview_lab.typing.numbers import finite_number

__all__ = ["IUASpec"]

_SMALL_TOLERANCES = 100


@dataclass(frozen=True)
class IUASpec:
    """Settings of inactive unit analysis.

    Attributes
    ----------
    atol : float
        Largest magnitude that counts as inactive.
    per_sample : bool
        Keep the count of every sample (4 bytes per sample and layer): the only part that grows with the data.
    on_nonfinite : {'skip', 'raise'}
        Leave samples with NaN or infinity out of that layer, or stop.
    compiled : bool
        Use the compiled loop when numba is installed and there is enough data; the counts are the same.

    Examples
    --------
    >>> spec = IUASpec()
    >>> acc = spec.update(spec.create(), Batch({"relu": np.array([[0.0, 1.0], [0.0, 0.0]])}))
    >>> result = spec.finish(acc).results["relu"]
    >>> result.mean_inactive, result.dead_units
    (1.5, array([0]))
    """

    atol: float = 1e-8
    per_sample: bool = True
    on_nonfinite: OnNonFinite = "skip"
    compiled: bool = True

    def __post_init__(self) -> None:
        finite_number("atol", self.atol, write="atol=1e-8")
        checked_on_nonfinite(self.on_nonfinite)

    @property
    def _small(self) -> float:
        """Magnitude below which no value of a layer suits the tolerance."""
        return _SMALL_TOLERANCES * self.atol

    @property
    def kind(self) -> str:
        """The name ``iua``."""
        return "iua"

    @property
    def rows_wanted(self) -> None:
        """None: this is a stream."""
        return None

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> IUAAccumulator:
        """Return an accumulator that has seen nothing."""
        return IUAAccumulator(dict(responses or {}), InactivityCounter(self.atol, compiled=self.compiled))

    def update(self, acc: IUAAccumulator, batch: Batch) -> IUAAccumulator:
        """Count the values of ``batch``.

        Raises
        ------
        ShapeChangedError
            when a field has another shape than before.
        NonFiniteError
            with ``on_nonfinite='raise'``.
        DeepViewException
            when a field holds no real numbers.

        Notes
        -----
        Nothing of the batch has been counted when one of these is raised.
        """
        shapes = {name: _expected(acc, name, values) for name, values in batch.fields.items()}
        if self.on_nonfinite == "raise":
            refuse_nonfinite(batch.fields)
        for name, values in batch.fields.items():
            layer = acc.layers.get(name)
            if layer is None:
                layer = acc.layers[name] = LayerCounts.empty(shapes[name], per_sample=self.per_sample)
            rows = values.reshape(len(values), len(layer.inactive))
            counts = acc.counter.count(rows, layer.inactive)
            layer.add(counts)
            layer.notice_scale(rows, counts.finite, self._small)
        acc.samples += batch.batch_size
        return acc

    def merge(self, first: IUAAccumulator, second: IUAAccumulator) -> IUAAccumulator:
        """Return the counts of both, those of ``second`` last.

        Raises
        ------
        ShapeChangedError
            when a field has different shapes in the two.
        """
        for name, layer in second.layers.items():
            mine = first.layers.get(name)
            if mine is None:
                mine = LayerCounts.empty(layer.shape, per_sample=self.per_sample)
                first.layers[name] = mine
            mine.shape.expect_sample(name, layer.shape.sample)
            mine.merge(layer)
        first.responses = {**second.responses, **first.responses}
        first.samples += second.samples
        return first

    def snapshot(self, acc: IUAAccumulator, budget: Budget, previous: object = None) -> IUASnapshot:  # noqa: ARG002
        """Return the table so far. It is cheap: neither the budget nor the previous table is needed."""
        names = [*acc.responses, *(name for name in acc.layers if name not in acc.responses)]
        return IUASnapshot(acc.samples, tuple(self._row(acc, name) for name in names))

    def key_figures(self, acc: IUAAccumulator) -> Mapping[str, NDArray[np.float64]]:
        """Return of each layer the shares (0 to 1) of inactive values and of dead units; NaN before data."""
        rows = [self._row(acc, name) for name in acc.layers]
        return {
            row.layer: np.array([row.mean / row.values, (row.dead or 0) / row.units if row.samples else np.nan])
            for row in rows
        }

    def state(self, acc: IUAAccumulator) -> State:
        """Return what ``acc`` holds as arrays and JSON."""
        return iua_state(acc)

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> IUAAccumulator:
        """Return the accumulator that had this state."""
        return fill(self.create(responses), state, per_sample=self.per_sample)

    def finish(self, acc: IUAAccumulator, context: FinishContext | None = None) -> IUAResults:  # noqa: ARG002 - a moment's work
        """Return the result; layers without data are not in it."""
        return IUAResults(
            acc.samples, Named("response", {name: self._result(layer) for name, layer in acc.layers.items()})
        )

    def _row(self, acc: IUAAccumulator, name: str) -> LayerInactivityRow:
        layer = acc.layers.get(name)
        if layer is None:
            return LayerInactivityRow.unstarted(name, acc.responses[name].units)
        return LayerInactivityRow(
            layer=name,
            samples=layer.samples,
            nonfinite=layer.nonfinite,
            values=layer.shape.size,
            mean=layer.mean(),
            std=layer.std(),
            unit_totals=layer.unit_totals(),
            all_below=self._all_below(layer),
        )

    def _result(self, layer: LayerCounts) -> LayerInactivity:
        sample = layer.shape.sample
        return LayerInactivity(
            samples=layer.samples,
            nonfinite=layer.nonfinite,
            mean_inactive=layer.mean(),
            std_inactive=layer.std(),
            unit_axis=layer.shape.unit_axis,
            counts=layer.inactive.reshape(sample).copy(),
            per_sample=None if layer.per_sample is None else np.array(layer.per_sample, dtype=np.int32),
            all_below=self._all_below(layer),
        )

    def _all_below(self, layer: LayerCounts) -> float | None:
        return self._small if layer.nonzero and not layer.large else None


def _expected(acc: IUAAccumulator, name: str, values: NDArray[Any]) -> ResponseShape:
    layer = acc.layers.get(name)
    if layer is None:
        return shape_of(name, values, acc.responses)
    layer.shape.expect(name, values)
    return layer.shape
