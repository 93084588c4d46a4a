"""What an analysis is: frozen settings that fold batches into a mergeable accumulator.

Everything else (streaming, live tables, cancelling with a partial result, several analyses in one pass) is derived from
this contract by the engine. Nothing here knows a thread, a comm, a file, pandas or a plot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from numpy.typing import NDArray

from deepview_lab.base import Batch, ResponseInfo

__all__ = ["Budget", "LayerTable", "Spec"]

Acc = TypeVar("Acc")
Snap = TypeVar("Snap", bound="LayerTable", covariant=True)
Res = TypeVar("Res", covariant=True)


class LayerTable(Protocol):
    """A table with one row per layer: what a snapshot shows."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the rows."""
        ...

    @property
    def samples(self) -> int:
        """Samples seen."""
        ...

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the columns by name: 1-D arrays of one value per layer, or 2-D arrays of one row per layer."""
        ...


class Budget:
    """Time that the costly parts of one snapshot may take.

    Parameters
    ----------
    seconds : float
        How long from now; ``inf`` for no limit.
    clock : callable
        Returns seconds. Injected, so that the analyses read no clock of their own.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._end = clock() + seconds
        self._clock = clock

    @classmethod
    def unlimited(cls) -> Budget:
        """Return a budget that always has time."""
        return cls(float("inf"), lambda: 0.0)

    def has(self, seconds: float = 0.0) -> bool:
        """Return whether something that takes ``seconds`` still fits."""
        return self._clock() + seconds < self._end

    @property
    def now(self) -> float:
        """The clock's time, to measure what a part cost."""
        return self._clock()


class Spec(Protocol[Acc, Snap, Res]):
    """Settings of one analysis, and its five steps.

    ``create`` gives the identity of ``merge``; ``merge`` is associative; ``snapshot`` is pure. The laws are in
    ``deepview_lab.testing.laws`` and every analysis obeys them.
    """

    @property
    def kind(self) -> str:
        """Short name of the analysis: ``iua``, ``pfa``."""
        ...

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> Acc:
        """Return an accumulator that has seen nothing.

        ``responses`` tells the unit axis of fields that a model made; without it units are the last axis.
        """
        ...

    def update(self, acc: Acc, batch: Batch) -> Acc:
        """Fold a batch in. May change ``acc``, never ``batch``."""
        ...

    def merge(self, first: Acc, second: Acc) -> Acc:
        """Return what one accumulator would be that saw both. May change ``first`` only."""
        ...

    def snapshot(self, acc: Acc, budget: Budget, previous: Any = None) -> Snap:
        """Return the table so far without changing ``acc``.

        Costly parts that do not fit the budget are taken from ``previous`` (a snapshot of the same spec, or None) and
        keep their age.
        """
        ...

    def finish(self, acc: Acc) -> Res:
        """Return the result."""
        ...
