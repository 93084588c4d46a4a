"""What inactive unit analysis has seen: counts by layer; and the same as arrays and JSON."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.state import State
from deepview_lab.base import ResponseInfo
from deepview_lab.numerics import InactivityCounter, SampleCounts

__all__ = ["IUAAccumulator", "LayerCounts", "fill", "iua_state"]

# Marks, among the counts per sample, a sample that was left out.
_LEFT_OUT = -1


@dataclass
class LayerCounts:
    """Counts of one layer. All sums are exact integers.

    Attributes
    ----------
    shape : ResponseShape
        Layout of a sample.
    inactive : numpy.ndarray
        int64 [values of a sample]: in how many samples each value was inactive, in C order.
    samples, nonfinite : int
        Samples counted, and samples left out: NaN, infinite or too large.
    total, squares : int
        Sum over samples of the number of inactive values, and of its square.
    per_sample : array of int32, or None
        Inactive values of each sample in the order of the samples; -1 for one left out.
    nonzero, large : bool
        Whether a value was not exactly zero, and whether the magnitude of one was above :func:`small_limit`.
    """

    shape: ResponseShape
    inactive: NDArray[np.int64]
    per_sample: array[int] | None
    samples: int = 0
    nonfinite: int = 0
    total: int = 0
    squares: int = 0
    nonzero: bool = False
    large: bool = False

    @classmethod
    def empty(cls, shape: ResponseShape, *, per_sample: bool) -> LayerCounts:
        """Return counts of no sample."""
        return cls(shape, np.zeros(shape.size, dtype=np.int64), array("i") if per_sample else None)

    def merge(self, other: LayerCounts) -> None:
        """Add ``other``, which stays as it is; its samples come after those here."""
        self.inactive += other.inactive
        self.samples += other.samples
        self.nonfinite += other.nonfinite
        self.total += other.total
        self.squares += other.squares
        self.nonzero |= other.nonzero
        self.large |= other.large
        if self.per_sample is not None and other.per_sample is not None:
            self.per_sample.extend(other.per_sample)

    def add(self, counts: SampleCounts) -> None:
        """Add a batch, which ``self.inactive`` has already."""
        every = counts.inactive
        counted = every if counts.finite is None else every[counts.finite]
        self.samples += len(counted)
        self.nonfinite += len(every) - len(counted)
        self.total += int(counted.sum())
        self.squares += int(counted @ counted)
        if self.per_sample is not None:
            marked = every if counts.finite is None else np.where(counts.finite, every, _LEFT_OUT)
            self.per_sample.frombytes(marked.astype(np.int32).tobytes())

    def notice_scale(self, rows: NDArray[Any], usable: NDArray[np.bool_] | None, limit: float) -> None:
        """Note whether the usable ``rows`` [n, values] hold values that are not zero, and any above ``limit``.

        Nothing is computed once there was a value above the limit: in most layers the first batch has one.
        """
        if self.large:
            return
        values = rows if usable is None else rows[usable]
        self.nonzero = self.nonzero or bool(values.any())
        self.large = bool((values > limit).any() or (values < -limit).any())

    def mean(self) -> float:
        """Return the mean number of inactive values of a sample; NaN before data."""
        return self.total / self.samples if self.samples else math.nan

    def std(self) -> float:
        """Return the population standard deviation of that number; NaN before data."""
        if self.samples == 0:
            return math.nan
        return math.sqrt(self.samples * self.squares - self.total * self.total) / self.samples

    def unit_totals(self) -> NDArray[np.int64]:
        """Return [units] the inactive values of each unit, summed over positions and samples."""
        return np.asarray(self.inactive.reshape(self.shape.sample or (1,)).sum(axis=self.shape.positions))


@dataclass
class IUAAccumulator:
    """What IUA has seen: counts by layer, in the order of the network.

    Attributes
    ----------
    responses : mapping of str to ResponseInfo
        What was known before any data.
    counter : InactivityCounter
        The arithmetic, with its scratch memory.
    layers : dict of str to LayerCounts
        Counts of each field seen.
    samples : int
        Samples seen, whatever fields they had.
    """

    responses: Mapping[str, ResponseInfo]
    counter: InactivityCounter
    layers: dict[str, LayerCounts] = field(default_factory=dict)
    samples: int = 0


def iua_state(acc: IUAAccumulator) -> State:
    """Return what ``acc`` holds."""
    arrays: dict[str, NDArray[Any]] = {}
    layers = []
    for index, (name, layer) in enumerate(acc.layers.items()):
        arrays[f"{index}.inactive"] = layer.inactive
        if layer.per_sample is not None:
            arrays[f"{index}.per_sample"] = np.array(layer.per_sample, dtype=np.int32)
        layers.append(
            {
                "name": name,
                **layer.shape.facts(),
                "samples": layer.samples,
                "nonfinite": layer.nonfinite,
                "total": layer.total,
                "squares": layer.squares,
                "nonzero": layer.nonzero,
                "large": layer.large,
            }
        )
    return State(arrays, {"samples": acc.samples, "layers": layers})


def _restored_layer(facts: Mapping[str, Any], inactive: NDArray[Any], each: NDArray[Any] | None) -> LayerCounts:
    """Return the counts that these say, which are checked against each other before memory is taken."""
    layer = LayerCounts(ResponseShape.of_facts(facts), inactive, None if each is None else array("i"))
    layer.samples, layer.nonfinite = int(facts["samples"]), int(facts["nonfinite"])
    layer.total, layer.squares = int(facts["total"]), int(facts["squares"])
    # Checkpoints of earlier versions do not tell: their units are counted as dead, as they were then.
    layer.nonzero, layer.large = bool(facts.get("nonzero", True)), bool(facts.get("large", True))
    if (
        inactive.shape != (layer.shape.size,)
        or inactive.dtype != np.int64
        or min(layer.samples, layer.nonfinite, inactive.min(initial=0)) < 0
        or inactive.max(initial=0) > layer.samples
        or layer.total != int(inactive.sum())
        or layer.samples * layer.squares < layer.total * layer.total
    ):
        raise ValueError("its counts of inactive values contradict each other")
    if layer.per_sample is not None and each is not None:
        if each.shape != (layer.samples + layer.nonfinite,) or each.dtype.kind != "i":
            raise ValueError("its counts of inactive values by sample have another length than its samples")
        layer.per_sample.frombytes(each.astype(np.int32).tobytes())
    return layer


def fill(acc: IUAAccumulator, state: State, *, per_sample: bool) -> IUAAccumulator:
    """Give ``acc``, which has seen nothing, what ``state`` says.

    Raises
    ------
    ValueError, KeyError, TypeError
        when it is no such state.
    """
    for index, facts in enumerate(state.facts["layers"]):
        inactive = state.arrays[f"{index}.inactive"]
        each = state.arrays[f"{index}.per_sample"] if per_sample else None
        acc.layers[str(facts["name"])] = _restored_layer(facts, inactive, each)
    acc.samples = int(state.facts["samples"])
    return acc
