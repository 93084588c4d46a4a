"""A small analysis of rows, whose stages a test can hold, and a producer of samples with ids and labels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.base import Batch


@dataclass(frozen=True)
class Lengths:
    """The length of each row, of the responses looked at so far."""

    ids: tuple
    lengths: dict

    def findings(self):
        table = {"id": np.array([str(name) for name in self.ids]), **self.lengths}
        return Findings(f"{len(self.lengths)} responses.", len(self.ids), table)


@dataclass(frozen=True)
class RowingSpec:
    """Measures the rows of each response in a stage of its own; ``at`` is called with the name of each."""

    at: object = field(default=lambda name: None, compare=False)
    pool: Pool | None = Pool.AVERAGE
    kind: str = "familiarity"

    @property
    def rows_wanted(self):
        return RowsWanted(self.pool, analysis="Rowing")

    def create(self, responses=None):
        return SampleCount(dict(responses or {}))

    def update(self, acc, batch):
        acc.samples += batch.batch_size
        return acc

    def merge(self, first, second):
        first.merge(second)
        return first

    def snapshot(self, acc, budget, previous=None):
        return None

    def finish(self, acc, work):
        rows = work.rows
        lengths = {}
        for done, (name, values) in enumerate(rows.fields.items()):
            work.step(f"Measuring {name}", done / len(rows.fields))
            self.at(name)
            lengths = {**lengths, name: np.linalg.norm(values, axis=1)}
            work.partial(Lengths(tuple(rows.ids), dict(lengths)))
        work.step("Done", 1.0)
        return Lengths(tuple(rows.ids), lengths)


def batch(start, stop, *, ids=True, labels=("odd",), path=False, **fields):
    """A batch of the samples ``start`` to ``stop``."""
    builder = Batch.Builder(fields or {"x": np.arange(start, stop, dtype=np.float32)[:, None]})
    if ids:
        builder.metadata[Batch.StdKeys.IDENTIFIER] = [f"s{i}" for i in range(start, stop)]
    for dimension in labels:
        builder.metadata[Batch.StdKeys.LABELS][dimension] = [i % 2 for i in range(start, stop)]
    if path:
        builder.metadata[Batch.StdKeys.PATH] = [f"{i}.png" for i in range(start, stop)]
    return builder.make_batch()
