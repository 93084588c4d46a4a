"""What projections are made of: strategies that fit, and what they leave to transform with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["DimensionReductionStrategyType", "OneOrManyDimStrategies", "Progress", "Reducer"]

# Called with a stage and the share of it that is done, None where that is unknown; what it raises ends the fit.
Progress: TypeAlias = Callable[[str, float | None], None]


class Reducer(Protocol):
    """A fitted projection of one field."""

    @property
    def dimensions(self) -> int:
        """Coordinates of a position."""
        ...

    def transform(self, rows: NDArray[Any], ids: Sequence[Hashable] | None) -> NDArray[np.float32]:
        """Return the positions [n, dimensions] of ``rows`` [n, units], NaN for rows with NaN.

        ``ids`` are those of the samples, None when the data has none.
        """
        ...


@runtime_checkable
class DimensionReductionStrategyType(Protocol):
    """A way of one's own to reduce the dimensions of one field."""

    def default_batch_size(self) -> int:
        """Return the batch size that suits it."""
        ...

    def check_batch_size(self, batch_size: int) -> None:
        """Raise a DeepViewException when it cannot work with batches of that size."""
        ...

    @property
    def target_dimensions(self) -> int:
        """Coordinates of a position."""
        ...

    def fit_incremental(self, data: NDArray[Any]) -> None:
        """Take a batch [n, units] in."""
        ...

    def fit_complete(self) -> None:
        """Fit: all batches have been taken in."""
        ...

    @property
    def is_one_shot(self) -> bool:
        """Whether only the fitted data has positions (``transform_one_shot``), not any (``transform``)."""
        ...

    def transform(self, data: NDArray[Any]) -> NDArray[Any]:
        """Return the positions of a batch."""
        ...

    def transform_one_shot(self) -> NDArray[Any]:
        """Return the positions of all data that was fitted, in its order."""
        ...

    def _clone(self) -> DimensionReductionStrategyType:
        """Return an unfitted one with the same settings."""
        ...


# Any: ours (projection_strategies) and those of one's own.
OneOrManyDimStrategies: TypeAlias = Any | Mapping[str, Any]
