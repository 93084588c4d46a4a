"""What a dimension reduction has seen, as arrays and JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from deepview_lab.analysis.projection_strategies import PCA, Strategy
from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.state import State
from deepview_lab.numerics.moments import Moments
from deepview_lab.numerics.sketch import ScatterSketch

if TYPE_CHECKING:
    from deepview_lab.analysis.projection import ProjectionAccumulator

__all__ = ["fill", "projection_state"]


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
            empty = strategy.accumulator(shape.units)
            acc.scatter[name] = (
                Moments.restored(shape.units, int(folded), parts)
                if isinstance(empty, Moments)
                else ScatterSketch.restored(shape.units, int(folded), parts, size=empty.size)
            )
    acc.samples = int(state.facts["samples"])
    return acc
