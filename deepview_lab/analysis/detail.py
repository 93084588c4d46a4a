"""What there is to say of one layer beyond its row in the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

__all__ = ["Detailed"]


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
