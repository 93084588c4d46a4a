"""A minimal analysis, so that the engine is tested without any real one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepview_lab.base import Batch


@dataclass(frozen=True)
class Table:
    layers: tuple[str, ...]
    samples: int
    sums: tuple[float, ...]

    def columns(self):
        return {"layer": np.array(self.layers, dtype=object), "sum": np.array(self.sums)}


@dataclass(frozen=True)
class CountingSpec:
    """Sums every field; ``fail_at`` makes it raise when that many samples have passed."""

    kind: str = "iua"
    fail_at: int | None = None
    rows_wanted = None

    def create(self, responses=None):
        return {"samples": 0, "sums": dict.fromkeys(responses or {}, 0.0)}

    def update(self, acc, batch):
        if self.fail_at is not None and acc["samples"] >= self.fail_at:
            raise ValueError(f"{self.kind} cannot go on")
        acc["samples"] += batch.batch_size
        for name, array in batch.fields.items():
            acc["sums"][name] = acc["sums"].get(name, 0.0) + float(array.sum())
        return acc

    def merge(self, first, second):
        raise NotImplementedError

    def snapshot(self, acc, budget, previous=None):
        return Table(tuple(acc["sums"]), acc["samples"], tuple(acc["sums"].values()))

    def finish(self, acc, work):
        return dict(acc["sums"], samples=acc["samples"])


class Numbers:
    """A producer of the numbers 0, 1, ... in a field ``x``; gates let a test hold it at a batch."""

    def __init__(self, count, *, gates=None, fail_at=None, known=True):
        self.count = count
        self.gates = gates or {}
        self.fail_at = fail_at
        self.calls = 0
        if not known:
            self.__class__ = _Unsized

    def __len__(self):
        return self.count

    def __call__(self, batch_size):
        self.calls += 1
        for index, begin in enumerate(range(0, self.count, batch_size)):
            if index in self.gates:
                assert self.gates[index].wait(300), "the test never opened the gate"
            if self.fail_at == index:
                raise OSError("the disk went away")
            yield Batch({"x": np.arange(begin, min(begin + batch_size, self.count), dtype=float)})


class _Unsized(Numbers):
    __len__ = None
