"""Whether the numbers of a layer still move: which figures are watched, and how a table tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Settles", "TellsStability"]


@runtime_checkable
class Settles(Protocol):
    """A spec that has a few figures of each layer by which one sees whether more samples would still change it."""

    def key_figures(self, acc: Any) -> Mapping[str, NDArray[np.float64]]:  # Any: the accumulator of the spec
        """Return figures of each layer that has data, without changing ``acc``.

        Each figure is a share (0 to 1); NaN while there are too few samples. Layers that the analysis refuses are left
        out. They must be cheap: they are taken at O(log n) sample counts of every run, watched or not.
        """
        ...


@runtime_checkable
class TellsStability(Protocol):
    """A table with a column ``stable_since``."""

    def with_stability(self, since: Mapping[str, int]) -> Self:
        """Return the same table, with the number of samples since which each layer is stable; -1 if it is not."""
        ...
