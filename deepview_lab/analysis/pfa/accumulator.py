"""What principal filter analysis has seen: moments by layer; as arrays and JSON, and whether they still move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.state import State
from deepview_lab.base import ResponseInfo
from deepview_lab.numerics import Moments, constant_units, effective_rank

__all__ = ["LayerMoments", "PFAAccumulator", "fill", "pfa_figures", "pfa_state"]


@dataclass
class LayerMoments:
    """Moments of one layer.

    Attributes
    ----------
    shape : ResponseShape
        Layout of a sample.
    moments : Moments
        Count, mean and scatter of the units.
    nonfinite : int
        Samples left out: NaN, infinite or too large.
    """

    shape: ResponseShape
    moments: Moments
    nonfinite: int = 0

    @property
    def samples(self) -> int:
        """Samples counted."""
        return self.moments.count


@dataclass
class PFAAccumulator:
    """What PFA has seen, by layer in the order of the network.

    Attributes
    ----------
    responses : mapping of str to ResponseInfo
        What was known before any data.
    layers : dict of str to LayerMoments
        Moments of each field seen.
    refused : dict of str to str
        Layers that PFA does not take with these settings, and why.
    samples : int
        Samples seen, whatever fields they had.
    """

    responses: Mapping[str, ResponseInfo]
    layers: dict[str, LayerMoments] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    samples: int = 0

    def names(self) -> list[str]:
        """Return all layers, those known in advance first."""
        return list(dict.fromkeys([*self.responses, *self.refused, *self.layers]))


def pfa_state(acc: PFAAccumulator) -> State:
    """Return what ``acc`` holds, rows that wait to be folded included."""
    arrays: dict[str, NDArray[Any]] = {}
    layers = []
    for index, (name, layer) in enumerate(acc.layers.items()):
        folded, parts = layer.moments.state()
        arrays |= {f"{index}.{part}": values for part, values in parts.items()}
        layers.append({"name": name, **layer.shape.facts(), "folded": folded, "nonfinite": layer.nonfinite})
    return State(arrays, {"samples": acc.samples, "layers": layers, "refused": acc.refused})


def fill(acc: PFAAccumulator, state: State) -> PFAAccumulator:
    """Give ``acc``, which has seen nothing, what ``state`` says.

    Raises
    ------
    ValueError, KeyError, TypeError
        when it is no such state.
    """
    for index, facts in enumerate(state.facts["layers"]):
        shape = ResponseShape.of_facts(facts)
        parts = {part: state.arrays[f"{index}.{part}"] for part in ("mean", "scatter", "pending")}
        moments = Moments.restored(shape.units, int(facts["folded"]), parts)
        acc.layers[str(facts["name"])] = LayerMoments(shape, moments, int(facts["nonfinite"]))
    acc.refused = {str(name): str(why) for name, why in state.facts["refused"].items()}
    acc.samples = int(state.facts["samples"])
    return acc


def pfa_figures(acc: PFAAccumulator, epsilon_inactive: float) -> Mapping[str, NDArray[np.float64]]:
    """Return of each layer the share of its dimensions that the responses use, and that of its constant units.

    The former is ln(effective rank) / ln(units): the share that PFA's divergence recommends to keep, with the entropy
    of order 2 in the place of Shannon's. NaN below twice as many samples as units.

    Notes
    -----
    Takes O(units^2) a layer. The divergence itself would need the eigenvalues, at O(units^3): of a stack of dense
    layers that is as much as the whole analysis (docs/decisions/006-stability.md).
    """
    figures = {}
    for name, layer in acc.layers.items():
        units = layer.shape.units
        if layer.samples < 2 * units:
            figures[name] = np.full(2, np.nan)
            continue
        scatter = layer.moments.scatter()
        used = math.log(effective_rank(scatter)) / math.log(units) if units > 1 else 1.0
        figures[name] = np.array([used, len(constant_units(scatter, epsilon_inactive)) / units])
    return figures
