"""What an analysis is: frozen settings that fold batches into a mergeable accumulator.

Everything else (streaming, live tables, cancelling with a partial result, several analyses in one pass) is derived from
this contract by the engine. Nothing here knows a thread, a comm, a file, pandas or a plot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

from numpy.typing import NDArray

from deepview_lab.analysis.findings import Findings, ShowsFindings
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.base import Batch, ResponseInfo

__all__ = ["Budget", "CompletesTable", "FinishContext", "LayerTable", "Spec", "StandaloneContext", "Table"]

Acc = TypeVar("Acc")
Snap = TypeVar("Snap", bound="Table | None", covariant=True)
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


# What a snapshot is: a row per layer, or a table of findings.
Table: TypeAlias = LayerTable | Findings


class Budget:
    """Time that the costly parts of one snapshot may take.

    Parameters
    ----------
    seconds : float
        How long from now; ``inf`` for no limit.
    clock : callable
        Returns seconds. Injected, so that the analyses read no clock of their own.

    Attributes
    ----------
    was_short : bool
        Whether something that was asked for did not fit.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.was_short = False
        self._end = clock() + seconds
        self._clock = clock

    @classmethod
    def unlimited(cls) -> Budget:
        """Return a budget that always has time."""
        return cls(float("inf"), lambda: 0.0)

    @classmethod
    def none(cls) -> Budget:
        """Return a budget that never has time."""
        return cls(0.0, lambda: 0.0)

    def has(self, seconds: float = 0.0) -> bool:
        """Return whether something that takes ``seconds`` still fits."""
        fits = self._clock() + seconds < self._end
        self.was_short |= not fits
        return fits

    @property
    def now(self) -> float:
        """The clock's time, to measure what a part cost."""
        return self._clock()


class FinishContext(Protocol):
    """What the engine lends to ``finish``: the rows, and a listener for its progress."""

    @property
    def rows(self) -> Rows:
        """The responses of all samples, of a spec that asked for them."""
        ...

    def step(self, stage: str, done: float | None = None) -> None:
        """Say what is being done ("Fitting mixtures") and, where it is known, which share (0..1) of it.

        Call it often: here a run is cancelled and rests.

        Raises
        ------
        CancelledError
            when the run is to stop.
        """
        ...

    def partial(self, result: ShowsFindings) -> None:
        """Show what there is so far. It is the result if the run is stopped before there is a better one."""
        ...


class StandaloneContext:
    """The context outside a run: nobody listens and nobody stops it."""

    def __init__(self, rows: Rows | None = None) -> None:
        self._rows = rows

    @property
    def rows(self) -> Rows:
        """The rows that were given."""
        assert self._rows is not None, "this analysis needs rows"
        return self._rows

    def step(self, stage: str, done: float | None = None) -> None:
        """Go on."""

    def partial(self, result: ShowsFindings) -> None:
        """Forget it."""


class Spec(Protocol[Acc, Snap, Res]):
    """Settings of one analysis, and its five steps.

    ``create`` gives the identity of ``merge``; ``merge`` is associative; ``snapshot`` is pure. The laws are in
    ``deepview_lab.testing.laws`` and every analysis obeys them.
    """

    @property
    def kind(self) -> str:
        """Short name of the analysis: ``iua``, ``pfa``."""
        ...

    @property
    def rows_wanted(self) -> RowsWanted | None:
        """What ``finish`` needs of the row store; None for analyses that are true streams."""
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
        """Return the table so far without changing ``acc``; None when there is nothing to show before the end.

        Costly parts that do not fit the budget are taken from ``previous`` (a snapshot of the same spec, or None) and
        keep their age.
        """
        ...

    def finish(self, acc: Acc, context: FinishContext) -> Res:
        """Return the result.

        Whatever takes longer than a moment says so with ``context.step`` and passes its CancelledError on.
        A result that is a table for people has a method ``findings``.
        """
        ...


@runtime_checkable
class CompletesTable(Protocol):
    """A spec whose last table has costly parts, which its result can give as well: when somebody wants to see them."""

    def completed(self, table: Any, result: Any, context: FinishContext) -> Any:  # Any: those of the spec
        """Return the last table with all costly parts, as ``snapshot`` with an unlimited budget would have made it.

        Parameters
        ----------
        table : Table
            The last one, of the accumulator that ``result`` was made of.
        result : result
            What ``finish`` returned.
        context : FinishContext
            Hears how far it is; its CancelledError is passed on.
        """
        ...
