"""What a dimension reduction has seen; and the same as arrays and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from deepview_lab.analysis.projection.strategies import PCA, Strategy
from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.state import State
from deepview_lab.base import ResponseInfo
from deepview_lab.numerics.covariance.moments import Moments
from deepview_lab.numerics.covariance.sketch import ScatterSketch

__all__ = ["ProjectionAccumulator", "fill", "projection_state"]


@dataclass
class ProjectionAccumulator:
    """What has passed, and how the fields scatter whose axes are found as a stream.

    Attributes
    ----------
    responses : mapping of str to ResponseInfo
        What was known before any data.
    samples : int
        Samples seen.
    shapes : dict of str to ResponseShape
        Layout of each field that is reduced as a stream.
    scatter : dict of str to Moments or ScatterSketch
        By field.
    """

    responses: Mapping[str, ResponseInfo]
    samples: int = 0
    shapes: dict[str, ResponseShape] = field(default_factory=dict)
    scatter: dict[str, Moments | ScatterSketch] = field(default_factory=dict)


def projection_state(acc: ProjectionAccumulator) -> State:
    """Return what ``acc`` holds, rows that wait to be folded included."""
    arrays: dict[str, NDArray[Any]] = {}
    fields = []
    for index, (name, shape) in enumerate(acc.shapes.items()):
        folded = None
        if name in acc.scatter:
            folded, parts = acc.scatter[name].state()
            arrays |= {f"{index}.{part}": values for part, values in parts.items()}
        fields.append({"name": name, **shape.facts(), "folded": folded})
    return State(arrays, {"samples": acc.samples, "fields": fields})


def fill(
    acc: ProjectionAccumulator, state: State, strategy_of: Callable[[str], Strategy | None]
) -> ProjectionAccumulator:
    """Give ``acc``, which has seen nothing, what ``state`` says.

    Raises
    ------
    ValueError, KeyError, TypeError
        when it is no such state of these strategies.
    """
    for index, facts in enumerate(state.facts["fields"]):
        name, shape = str(facts["name"]), ResponseShape.of_facts(facts)
        strategy, folded = strategy_of(name), facts["folded"]
        if strategy is None or isinstance(strategy, PCA) != (folded is not None):
            raise ValueError(f"no state of {strategy} for {name!r}")
        acc.shapes[name] = shape
        if isinstance(strategy, PCA):
            head = f"{index}."
            parts = {part.removeprefix(head): v for part, v in state.arrays.items() if part.startswith(head)}
            if parts["mean"].shape != (shape.units,):
                raise ValueError(f"{name!r} has {shape.units} units, but means of shape {parts['mean'].shape}")
            empty = strategy.accumulator(shape.units)
            acc.scatter[name] = (
                Moments.restored(shape.units, int(folded), parts)
                if isinstance(empty, Moments)
                else ScatterSketch.restored(shape.units, int(folded), parts, size=empty.size)
            )
    acc.samples = int(state.facts["samples"])
    return acc
