"""An analysis of your own, in one file: between which values the units of each layer move.

In a notebook, `from own_analysis import ActivationRange` is all it takes: it is then a choice of the DeepView panel and
a command of the magic (`%deepview activation_range PRODUCER`). Its live table is in the canvas, and `run.save` keeps it.
As a script, `python own_analysis.py` runs it on random numbers and keeps the result in a file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import deepview_lab
from deepview_lab.analysis import Budget, FinishContext
from deepview_lab.analysis.catalog import AnalysisInfo, AnalysisOption, Choice, register
from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.layer_rows import LayerRows
from deepview_lab.analysis.responses import ResponseShape, left_out_note, shape_of
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.samples import StubProducer

Measured = Literal["values", "magnitudes"]


@dataclass
class LayerRange:
    """One layer so far: the accumulator's part of it, and a row of the table."""

    layer: str
    shape: ResponseShape
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    samples: int = 0
    nonfinite: int = 0

    @classmethod
    def empty(cls, layer: str, shape: ResponseShape) -> LayerRange:
        """Return a layer of which nothing was seen."""
        return cls(layer, shape, np.full(shape.units, np.inf), np.full(shape.units, -np.inf))

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.lowest)

    @property
    def note(self) -> str:
        """What there is to say about it."""
        return left_out_note(self.nonfinite)

    def add(self, values: NDArray[np.float64]) -> None:
        """Widen the ranges by the samples of a batch; those with NaN or infinity are left out."""
        finite = np.isfinite(values.reshape(len(values), self.shape.size)).all(axis=1)
        kept = values[finite].reshape(-1, *(self.shape.sample or (1,)))
        by_unit = np.moveaxis(kept, self.shape.unit_axis + 1, -1).reshape(-1, self.units)
        self.widen(by_unit.min(axis=0, initial=np.inf), by_unit.max(axis=0, initial=-np.inf))
        self.samples += int(finite.sum())
        self.nonfinite += int((~finite).sum())

    def widen(self, lowest: NDArray[np.float64], highest: NDArray[np.float64]) -> None:
        """Take these limits in. The arrays are replaced, never changed: a table may show them."""
        self.lowest = np.minimum(self.lowest, lowest)
        self.highest = np.maximum(self.highest, highest)


@dataclass(frozen=True, eq=False)
class RangeTable(LayerRows[LayerRange]):
    """The live table, and the result: a row per layer."""

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the columns; those of one number or one text per layer are shown, under their names."""
        seen = [row if row.samples else None for row in self.rows]
        return {
            **super().columns(),
            "lowest": np.array([row.lowest.min() if row else np.nan for row in seen]),
            "highest": np.array([row.highest.max() if row else np.nan for row in seen]),
            "mean range": np.array([(row.highest - row.lowest).mean() if row else np.nan for row in seen]),
        }

    def detail(self, layer: str) -> Mapping[str, NDArray[Any]] | None:
        """Return what is shown when a layer is opened: one value per unit."""
        row = self.row(layer)
        return None if row is None or row.samples == 0 else {"lowest": row.lowest, "highest": row.highest}


@dataclass
class Ranges:
    """The accumulator: the layers in the order of the network."""

    responses: Mapping[str, ResponseInfo]
    layers: dict[str, LayerRange] = field(default_factory=dict)
    samples: int = 0


@dataclass(frozen=True)
class ActivationRangeSpec:
    """The settings, and the five steps of every analysis (``deepview_lab.analysis.Spec``)."""

    of: Measured = "values"

    @property
    def kind(self) -> str:
        """The kind of its row in the catalogue."""
        return "activation_range"

    @property
    def rows_wanted(self) -> None:
        """None: it needs no sample twice."""
        return None

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> Ranges:
        """Return an accumulator that has seen nothing."""
        return Ranges(dict(responses or {}))

    def update(self, acc: Ranges, batch: Batch) -> Ranges:
        """Fold a batch in."""
        for name, values in batch.fields.items():
            layer = acc.layers.get(name)
            if layer is None:
                layer = acc.layers[name] = LayerRange.empty(name, shape_of(name, values, acc.responses))
            layer.shape.expect(name, values)
            numbers = np.asarray(values, dtype=np.float64)
            layer.add(np.abs(numbers) if self.of == "magnitudes" else numbers)
        acc.samples += batch.batch_size
        return acc

    def merge(self, first: Ranges, second: Ranges) -> Ranges:
        """Return what one accumulator would be that saw both."""
        for name, layer in second.layers.items():
            mine = first.layers.setdefault(name, LayerRange.empty(name, layer.shape))
            mine.shape.expect_sample(name, layer.shape.sample)
            mine.widen(layer.lowest, layer.highest)
            mine.samples += layer.samples
            mine.nonfinite += layer.nonfinite
        first.responses = {**second.responses, **first.responses}
        first.samples += second.samples
        return first

    def snapshot(self, acc: Ranges, budget: Budget, previous: object = None) -> RangeTable:  # noqa: ARG002 - it is cheap
        """Return the table so far: copies of the rows, which change with the next batch."""
        rows = [LayerRange(**vars(layer)) for layer in acc.layers.values()]
        return RangeTable(acc.samples, tuple(rows))

    def finish(self, acc: Ranges, context: FinishContext | None = None) -> RangeTable:  # noqa: ARG002 - a moment's work
        """Return the result: the last table. A file keeps the columns of such a result."""
        return self.snapshot(acc, Budget.unlimited())


class ActivationRange:
    """How the analysis is asked for: ``deepview_lab.start(producer, ActivationRange.spec())``."""

    @staticmethod
    def spec(*, of: Measured = "values") -> ActivationRangeSpec:
        """Return the settings; the arguments are the options below."""
        return ActivationRangeSpec(of)


# Two calls, and the magic and the panel have its words and its options.
register(
    AnalysisInfo(
        kind="activation_range",
        about="layers",
        label="Activation range",
        hint="lowest and highest values",
        help="find between which values units move",
        options=(
            AnalysisOption(
                name="of",
                help="whether signs count",
                default="values",
                choices=(Choice("values", "values"), Choice("magnitudes", "magnitudes")),
                label="Range of",
                title="Whether the sign of a value counts",
            ),
        ),
    )
)
register_face("activation_range", ActivationRange)


if __name__ == "__main__":
    numbers = np.random.default_rng(0).normal(size=(500, 8, 8, 16)).astype("float32")
    producer = StubProducer({"conv": numbers, "relu": np.maximum(numbers, 0)})
    run = deepview_lab.start(producer, ActivationRange.spec(), batch_size=64, name="ranges")
    run.wait()
    with tempfile.TemporaryDirectory() as folder:
        report = deepview_lab.open_report(run.save(Path(folder, "ranges.dvreport")))
        table = report.results["activation_range"].columns()
    for layer, low, high in zip(table["layer"], table["lowest"], table["highest"], strict=True):
        print(f"{layer}: {low:.2f} to {high:.2f}")
