"""What a strategy of one's own for Familiarity must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from deepview_lab.base import Producer
from deepview_lab.base.metadata import DictMetaKey

__all__ = ["FamiliarityDistribution", "FamiliarityResult", "FamiliarityStrategyType"]


class FamiliarityResult(Protocol):
    """What is attached to a sample."""

    @property
    def score(self) -> float:
        """How familiar the sample is: higher is more familiar."""
        ...


class FamiliarityDistribution(Protocol):
    """A distribution that was fitted to the responses of one field."""

    def compute_familiarity_score(self, x: NDArray[Any], /) -> Sequence[FamiliarityResult]:
        """Return one result per row of ``x`` [n, units]."""
        ...


@runtime_checkable
class FamiliarityStrategyType(Protocol):
    """A way to fit distributions."""

    @property
    def metadata_key(self) -> DictMetaKey[Any]:  # Any: results of the strategy's own type
        """The key under which results are attached to batches."""
        ...

    def __call__(self, producer: Producer, /, batch_size: int) -> Mapping[str, FamiliarityDistribution]:
        """Read the whole producer and return a distribution for each field."""
        ...
