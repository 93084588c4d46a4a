"""What a projection found: how each field is reduced, and where the samples are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.pooling import Pool, unit_rows
from deepview_lab.analysis.projection.protocols import Reducer
from deepview_lab.analysis.responses import shape_of
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.analysis.samples import Samples
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.exceptions import DeepViewException, UnknownNameError, UnpooledResponseError

__all__ = ["ProjectionResults", "axis_names", "axis_role"]

_AXES = "xyz"


@dataclass(frozen=True, eq=False)
class ProjectionResults:
    """Projections of responses, and the positions of the samples that they were fitted to.

    Attributes
    ----------
    reducers : mapping of str to Reducer
        The fitted projection of each field.
    count : int
        Samples that passed.
    positions : mapping of str to numpy.ndarray
        float32 [samples, dimensions] by response, NaN for samples left out because of NaN or infinity. Empty when no
        positions were asked for.
    samples : Samples or None
        Who these samples are; None when there are no positions.
    notes : mapping of str to str
        By response, what is to be said of its projection, or why there is none.
    """

    reducers: Mapping[str, Reducer]
    count: int
    positions: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    samples: Samples | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    pool: Pool | None = None
    responses: Mapping[str, ResponseInfo] = field(default_factory=dict)

    def projected(self, batch: Batch) -> Batch:
        """Return ``batch`` with positions [n, dimensions] in place of the fitted fields; other fields stay.

        Raises
        ------
        UnknownNameError
            (a KeyError) when a fitted field is not in the batch.
        UnpooledResponseError
            when a field has more than two dimensions and the fit did not pool.
        DeepViewException
            when a field has another number of units than in the fit.
        """
        builder = Batch.Builder(base=batch)
        key = Batch.StdKeys.IDENTIFIER
        ids = batch.metadata.get(key)
        for name, reducer in self.reducers.items():
            if name not in batch.fields:
                raise UnknownNameError("field", name, batch.fields)
            rows = self._rows(name, batch.fields[name])
            try:
                builder.fields[name] = reducer.transform(rows, ids)
            except ValueError as error:
                raise DeepViewException(
                    f"Field {name!r} of shape {batch.fields[name].shape} cannot be projected: {error} It needs as many "
                    "units as in the fit."
                ) from error
        return builder.make_batch()

    def _rows(self, name: str, values: NDArray[Any]) -> NDArray[Any]:
        shape = shape_of(name, values, self.responses)
        if shape.positions and self.pool is None:
            raise UnpooledResponseError(name, shape.sample, "DimensionReduction")
        return unit_rows(values, shape, self.pool)[0]

    def findings(self) -> Findings:
        """Return one row per sample in the order of the producer: id, coordinates, labels, path."""
        said = " ".join(f"{name}: {note}" for name, note in self.notes.items())
        if self.samples is None:
            summary = f"{len(self.reducers)} projections of {self.count:,} samples. {said}".rstrip()
            return Findings(summary, self.count, {})
        columns: dict[str, NDArray[Any]] = {}
        for name, positions in self.positions.items():
            for axis, values in zip(axis_names(positions.shape[1]), positions.T, strict=True):
                columns[axis if len(self.positions) == 1 else f"{axis} of {name}"] = values
        count = len(self.samples.ids)
        fitted = ", ".join(self.positions) or "no response"
        summary = f"Positions of {count:,} samples by {fitted}. {said}".rstrip()
        return Findings(summary, count, self.samples.columns(np.arange(count), columns))

    def sample_table(self) -> SampleTable | None:
        """Return the samples in the order of the producer with their positions; None without positions."""
        if self.samples is None:
            return None
        table = SampleTable.of(self.samples)
        for name, positions in self.positions.items():
            axes = axis_names(positions.shape[1])
            for number, (axis, values) in enumerate(zip(axes, positions.T, strict=True)):
                role = axis_role(number, len(axes))
                table = table.with_column(f"{axis} of {name}", role, f"projection {axis}", values, name)
        return table


def axis_role(axis: int, dimensions: int) -> Literal["x", "y", "number"]:
    """Return what a coordinate of a projection is for: a map is made of the first two, of one alone there is none."""
    if dimensions < 2 or axis > 1:  # noqa: PLR2004 - a map has two
        return "number"
    return "x" if axis == 0 else "y"


def axis_names(dimensions: int) -> tuple[str, ...]:
    """Return names of coordinates: x, y, z, or x1 ... xn when there are more."""
    if dimensions <= len(_AXES):
        return tuple(_AXES[:dimensions])
    return tuple(f"x{number}" for number in range(1, dimensions + 1))
