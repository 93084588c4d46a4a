"""What a table knows beyond its rows: more of one layer, and how many units to keep by another strategy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from numpy.typing import NDArray

__all__ = ["Detailed", "Recommends", "StrategyName"]

StrategyName: TypeAlias = Literal["kl", "energy", "size"]


@runtime_checkable
class Detailed(Protocol):
    """A table that keeps more of each layer than its row shows: values by unit or by component."""

    @property
    def samples(self) -> int:
        """Samples seen."""
        ...

    def detail(self, layer: str) -> Mapping[str, NDArray[Any]] | None:
        """Return columns of one value per unit or component, None for a layer of which there are none yet."""
        ...


@runtime_checkable
class Recommends(Protocol):
    """A table that says how many units of each layer to keep, by any strategy."""

    def recommendation(self, strategy: StrategyName, value: float) -> Mapping[str, NDArray[Any]]:
        """Return ``layer`` str and ``keep`` int32, of the layers that can be judged.

        ``value`` is the share (0 to 1) that the strategies ``energy`` and ``size`` take.
        """
        ...
