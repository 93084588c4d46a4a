"""Principal filter analysis (PFA): how many units the responses of a layer really need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Budget, FinishContext
from deepview_lab.analysis.pfa.accumulator import LayerMoments, PFAAccumulator, fill, pfa_figures, pfa_state
from deepview_lab.analysis.pfa.covariances import PFACovariancesResult, compute_spectra
from deepview_lab.analysis.pfa.refresh import refreshed
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.snapshot import LayerSpectrumRow, PFASnapshot, Spectrum, few_note, thin_note
from deepview_lab.analysis.pooling import Pool, resolved_pool, unit_rows
from deepview_lab.analysis.responses import (
    OnNonFinite,
    ResponseShape,
    checked_on_nonfinite,
    left_out_note,
    refuse_nonfinite,
    shape_of,
)
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.exceptions import TooManyUnitsError, UnpooledResponseError
from deepview_lab.numerics import Moments, constant_units
from deepview_lab.typing.numbers import finite_number, whole_number

__all__ = ["PFASpec"]


@dataclass(frozen=True)
class PFASpec:
    """Settings of principal filter analysis.

    Attributes
    ----------
    pool : None, Pool, 'average' or 'max'
        How to pool responses of more than two dimensions over their positions; None refuses them.
        An enum member of another type counts by its name.
    epsilon_inactive : float
        Units whose variance is below this share of the layer's largest are constant.
    max_units : int
        Layers with more units are refused before memory is taken for their covariance matrix.
    on_nonfinite : {'skip', 'raise'}
        Leave samples with NaN or infinity out of that layer, or stop.

    Examples
    --------
    >>> spec = PFASpec()
    >>> batch = Batch({"dense": np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])})
    >>> spec.finish(spec.update(spec.create(), batch)).covariances["dense"].covariances
    array([[1. , 0.5],
           [0.5, 1. ]])
    """

    pool: Pool | str | Enum | None = None
    epsilon_inactive: float = 1e-8
    max_units: int = 8192
    on_nonfinite: OnNonFinite = "skip"

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        finite_number("epsilon_inactive", self.epsilon_inactive, write="epsilon_inactive=1e-8")
        whole_number("max_units", self.max_units, write="max_units=8192")
        checked_on_nonfinite(self.on_nonfinite)

    @property
    def kind(self) -> str:
        """The name ``pfa``."""
        return "pfa"

    @property
    def rows_wanted(self) -> None:
        """None: this is a stream."""
        return None

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> PFAAccumulator:
        """Return an accumulator that has seen nothing."""
        return PFAAccumulator(dict(responses or {}))

    def update(self, acc: PFAAccumulator, batch: Batch) -> PFAAccumulator:
        """Fold ``batch`` in.

        Raises
        ------
        UnpooledResponseError
            when a field has more than two dimensions and no pooling is set.
        TooManyUnitsError
            when all fields have more units than ``max_units``. If only some have, those are refused and noted, and the
            others go on.
        ShapeChangedError
            when a field has another shape than before.
        NonFiniteError
            with ``on_nonfinite='raise'``.
        DeepViewException
            when a field holds no real numbers.

        Notes
        -----
        Nothing of the batch has been folded in when one of these is raised.
        """
        shapes = {name: self._shape(acc, name, values) for name, values in batch.fields.items()}
        wide = {name: shape for name, shape in shapes.items() if shape.units > self.max_units}
        for name, shape in wide.items():
            refusal = TooManyUnitsError(name, shape.units, self.max_units)
            acc.refused[name] = refusal.message
            if len(wide) == len(shapes):
                raise refusal
        if self.on_nonfinite == "raise":
            refuse_nonfinite(batch.fields)
        for name, values in batch.fields.items():
            if name in wide:
                continue
            if name not in acc.layers:
                acc.layers[name] = LayerMoments(shapes[name], Moments(shapes[name].units))
            self._fold(acc.layers[name], values)
        acc.samples += batch.batch_size
        return acc

    def _shape(self, acc: PFAAccumulator, name: str, values: NDArray[Any]) -> ResponseShape:
        layer = acc.layers.get(name)
        if layer is not None:
            layer.shape.expect(name, values)
            return layer.shape
        shape = shape_of(name, values, acc.responses)
        if shape.positions and resolved_pool(self.pool) is None:
            refusal = UnpooledResponseError(name, shape.sample)
            acc.refused[name] = refusal.message
            raise refusal
        return shape

    def _fold(self, layer: LayerMoments, values: NDArray[Any]) -> None:
        rows, usable = unit_rows(values, layer.shape, resolved_pool(self.pool))
        odd = len(rows) - int(usable.sum())
        layer.moments.add(rows[usable] if odd else rows)
        layer.nonfinite += odd

    def merge(self, first: PFAAccumulator, second: PFAAccumulator) -> PFAAccumulator:
        """Return the moments of both.

        Raises
        ------
        ShapeChangedError
            when a field has different shapes in the two.
        """
        for name, layer in second.layers.items():
            mine = first.layers.get(name)
            if mine is None:
                mine = first.layers[name] = LayerMoments(layer.shape, Moments(layer.shape.units))
            mine.shape.expect_sample(name, layer.shape.sample)
            mine.moments.merge(layer.moments)
            mine.nonfinite += layer.nonfinite
        first.refused = {**second.refused, **first.refused}
        first.responses = {**second.responses, **first.responses}
        first.samples += second.samples
        return first

    def snapshot(self, acc: PFAAccumulator, budget: Budget, previous: PFASnapshot | None = None) -> PFASnapshot:
        """Return the table so far, with as many fresh spectra as fit the budget and the others from ``previous``."""
        ready = {name: layer.moments for name, layer in acc.layers.items() if layer.samples >= layer.shape.units}
        known = previous.spectra() if previous is not None else {}
        spectra = refreshed(ready, known, budget, lambda name: Spectrum.of(ready[name], self.epsilon_inactive))
        rows = []
        for name in acc.names():
            layer = acc.layers.get(name)
            rows.append(
                LayerSpectrumRow(
                    layer=name,
                    samples=layer.samples if layer else 0,
                    nonfinite=layer.nonfinite if layer else 0,
                    units=layer.shape.units if layer else _known_units(acc, name),
                    spectrum=spectra.get(name),
                    refusal=acc.refused.get(name, ""),
                )
            )
        return PFASnapshot(acc.samples, tuple(rows))

    def key_figures(self, acc: PFAAccumulator) -> Mapping[str, NDArray[np.float64]]:
        """Return of each layer how much of its dimensions is used (0 to 1), and the share of constant units."""
        return pfa_figures(acc, self.epsilon_inactive)

    def state(self, acc: PFAAccumulator) -> State:
        """Return what ``acc`` holds as arrays and JSON."""
        return pfa_state(acc)

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> PFAAccumulator:
        """Return the accumulator that had this state."""
        return fill(self.create(responses), state)

    def finish(self, acc: PFAAccumulator, context: FinishContext | None = None) -> PFAResults:  # noqa: ARG002 - a moment's work
        """Return the result; layers that were refused or have fewer samples than units have failed."""
        covariances, failed, notes = {}, list(acc.refused), dict(acc.refused)
        for name, layer in acc.layers.items():
            units = layer.shape.units
            if layer.samples < units:
                failed.append(name)
                notes[name] = " ".join([few_note(layer.samples, units), left_out_note(layer.nonfinite)]).strip()
                continue
            if layer.samples < 2 * units:
                notes[name] = thin_note(layer.samples, units)
            matrix = layer.moments.covariance()
            constant = constant_units(matrix, self.epsilon_inactive)
            covariances[name] = PFACovariancesResult(matrix, constant, layer.samples, layer.nonfinite)
        return PFAResults(acc.samples, covariances, tuple(failed), notes)

    def completed(self, table: PFASnapshot, result: PFAResults, context: FinishContext) -> PFASnapshot:
        """Return the last table with the spectra of all layers; recipes take the same eigenvalues."""
        spectra = table.spectra()
        made = {name: layer for name, layer in result.covariances.items() if not _is_of(layer, spectra.get(name))}
        for done in compute_spectra(made.values()):
            context.step("Computing spectra", done / len(made))
        for name, layer in made.items():
            spectra[name] = Spectrum.known(layer.eigenvalues, len(layer.inactive_units), layer.samples)
        rows = tuple(replace(row, spectrum=spectra.get(row.layer)) for row in table.rows)
        return replace(table, rows=rows)


def _is_of(layer: PFACovariancesResult, spectrum: Spectrum | None) -> bool:
    return spectrum is not None and spectrum.samples == layer.samples


def _known_units(acc: PFAAccumulator, name: str) -> int:
    info = acc.responses.get(name)
    return (info.units or 0) if info is not None else 0
