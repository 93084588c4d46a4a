"""What the live tables of all analyses of layers have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["LayerRow", "LayerRows"]


class LayerRow(Protocol):
    """One layer so far."""

    @property
    def layer(self) -> str:
        """Name of the response."""
        ...

    @property
    def samples(self) -> int:
        """Samples counted."""
        ...

    @property
    def nonfinite(self) -> int:
        """Samples left out: NaN, infinite or too large."""
        ...

    @property
    def units(self) -> int:
        """Number of units."""
        ...

    @property
    def note(self) -> str:
        """What there is to say about it, or empty."""
        ...


_Row = TypeVar("_Row", bound=LayerRow)


@dataclass(frozen=True, eq=False)
class LayerRows(Generic[_Row]):
    """All layers so far.

    Attributes
    ----------
    samples : int
        Samples seen.
    rows : tuple of LayerRow
        In the order of the network.
    stable_since : mapping of str to int
        Samples since which a layer is stable, by layer; only a run knows.
    """

    samples: int
    rows: tuple[_Row, ...]
    stable_since: Mapping[str, int] = field(default_factory=dict)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the rows."""
        return tuple(row.layer for row in self.rows)

    def row(self, layer: str) -> _Row | None:
        """Return the row of a layer, None when there is none. Takes the same time whatever the number of layers."""
        return self._by_layer.get(layer)

    @cached_property
    def _by_layer(self) -> Mapping[str, _Row]:
        return {row.layer: row for row in reversed(self.rows)}  # the first, should a name come twice

    def with_stability(self, since: Mapping[str, int]) -> Self:
        """Return the same table, which tells since when each layer is stable."""
        return replace(self, stable_since=since)

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the columns that every such table has.

        ``layer``, ``note`` str; ``samples``, ``nonfinite`` int64; ``units`` int32; ``stable_since`` int64, -1 of layers
        that are not stable, or not known to be.
        """
        rows = self.rows
        return {
            "layer": np.array(self.layers, dtype=object),
            "samples": np.array([row.samples for row in rows], dtype=np.int64),
            "nonfinite": np.array([row.nonfinite for row in rows], dtype=np.int64),
            "units": np.array([row.units for row in rows], dtype=np.int32),
            "stable_since": np.array([self.stable_since.get(row.layer, -1) for row in rows], dtype=np.int64),
            "note": np.array([row.note for row in rows], dtype=object),
        }
