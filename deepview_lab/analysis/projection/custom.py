"""Strategies of dimension reduction of one's own, by DeepView's protocol, among ours."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.projection.placement import Embedding
from deepview_lab.analysis.projection.protocols import (
    DimensionReductionStrategyType,
    OneOrManyDimStrategies,
    Progress,
    Reducer,
)
from deepview_lab.analysis.projection.strategies import RowStrategy, Strategy
from deepview_lab.exceptions import DeepViewException
from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs

__all__ = ["OwnStrategy", "resolved_strategies"]


@dataclass(frozen=True, eq=False)
class _OwnReducer:
    strategy: DimensionReductionStrategyType

    @property
    def dimensions(self) -> int:
        return self.strategy.target_dimensions

    def transform(self, rows: NDArray[Any], ids: Sequence[Hashable] | None) -> NDArray[np.float32]:  # noqa: ARG002
        return np.asarray(self.strategy.transform(rows), dtype=np.float32)


class OwnStrategy(RowStrategy):
    """Lets a :class:`DimensionReductionStrategyType` take part.

    Parameters
    ----------
    own : DimensionReductionStrategyType
        The strategy.
    shared : bool
        Whether several fields use it, so that each needs a clone.
    """

    def __init__(self, own: DimensionReductionStrategyType, *, shared: bool) -> None:
        super().__init__(own.target_dimensions)
        self._own = own
        self._shared = shared

    @property
    def name(self) -> str:
        """Name for people."""
        return type(self._own).__name__

    @property
    def least_samples(self) -> int:
        """1: it knows by itself how many it needs."""
        return 1

    def default_batch_size(self) -> int:
        """Return the batch size that suits it."""
        return self._own.default_batch_size()

    def check_batch_size(self, batch_size: int) -> None:
        """Let it check."""
        self._own.check_batch_size(batch_size)

    def _fit(
        self,
        rows: NDArray[np.float32],
        ids: Sequence[Hashable] | None,
        progress: Progress,
        graphs: NeighbourGraphs,  # noqa: ARG002
    ) -> Reducer:
        own = self._own._clone() if self._shared else self._own  # noqa: SLF001 - DeepView's protocol
        size = own.default_batch_size()
        for start in range(0, len(rows), size):
            progress(f"Fitting {self.name}", start / len(rows))
            own.fit_incremental(rows[start : start + size])
        own.fit_complete()
        if own.is_one_shot:
            return Embedding(rows, np.asarray(own.transform_one_shot(), dtype=np.float32), ids)
        return _OwnReducer(own)


def resolved_strategies(given: OneOrManyDimStrategies) -> Strategy | Mapping[str, Strategy]:
    """Return the strategies that are meant, those of one's own in our form.

    Raises
    ------
    DeepViewException
        for something that is no strategy, or an empty mapping.
    """
    if isinstance(given, Mapping):
        if not given:
            raise DeepViewException("strategies is empty: name at least one field, as {'dense': Strategy.PCA(2)}.")
        return {str(name): _resolved(strategy, shared=False) for name, strategy in given.items()}
    return _resolved(given, shared=True)


def _resolved(given: object, *, shared: bool) -> Strategy:
    if isinstance(given, Strategy):
        return given
    if isinstance(given, type):
        raise DeepViewException(f"A strategy is needed, but {given.__name__} is a class. Write {given.__name__}().")
    if isinstance(given, DimensionReductionStrategyType):
        return OwnStrategy(given, shared=shared)
    raise DeepViewException(
        "A strategy is needed, such as DimensionReduction.Strategy.PCA(2), or a mapping from fields to strategies, but "
        f"got a {type(given).__name__}."
    )
