"""Counts of inactive values as arrays and JSON."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.state import State

if TYPE_CHECKING:
    from deepview_lab.analysis.iua import IUAAccumulator, LayerCounts

__all__ = ["fill", "iua_state"]


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
            }
        )
    return State(arrays, {"samples": acc.samples, "layers": layers})


def fill(acc: IUAAccumulator, state: State, layer_type: type[LayerCounts], *, per_sample: bool) -> IUAAccumulator:
    """Give ``acc``, which has seen nothing, what ``state`` says.

    Raises
    ------
    ValueError, KeyError, TypeError
        when it is no such state.
    """
    for index, facts in enumerate(state.facts["layers"]):
        shape = ResponseShape.of_facts(facts)
        layer = layer_type.empty(shape, per_sample=per_sample)
        layer.inactive[:] = state.arrays[f"{index}.inactive"]
        if per_sample:
            layer.per_sample = array("i")
            layer.per_sample.frombytes(state.arrays[f"{index}.per_sample"].astype(np.int32).tobytes())
        layer.samples, layer.nonfinite = int(facts["samples"]), int(facts["nonfinite"])
        layer.total, layer.squares = int(facts["total"]), int(facts["squares"])
        acc.layers[str(facts["name"])] = layer
    acc.samples = int(state.facts["samples"])
    return acc
