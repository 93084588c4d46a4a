"""One introspector of a run: its settings, its accumulator, its latest snapshot, its result or its error."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from deepview_lab.analysis.contract import Budget, CompletesTable, FinishContext, Spec, Table
from deepview_lab.analysis.sample_table import SampleTable, ShowsSamples
from deepview_lab.analysis.settling import Settles, TellsStability
from deepview_lab.analysis.state import State, restored, state_of
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.engine.work.stability import Stability
from deepview_lab.exceptions import CancelledError, DeepViewException

__all__ = ["IntrospectorTask", "RunError"]

T = TypeVar("T")
AnySpec = Spec[Any, Any, Any]  # Any: the engine never looks inside accumulators and results


@dataclass(frozen=True)
class RunError:
    """Something that went wrong in a run.

    Attributes
    ----------
    introspector : str or None
        Who failed; None when the producer did, which ends the run.
    exception : BaseException
        What was raised.
    """

    introspector: str | None
    exception: BaseException

    @property
    def message(self) -> str:
        """One sentence for people."""
        return str(self.exception) or type(self.exception).__name__

    @property
    def traceback(self) -> str:
        """The traceback as text."""
        return "".join(traceback.format_exception(self.exception))


class IntrospectorTask:
    """Folds batches for one spec. An error ends this task only; what it had stays."""

    def __init__(self, name: str, spec: AnySpec) -> None:
        self.name = name
        self.spec = spec
        self.error: RunError | None = None
        self._acc: Any = None
        self._latest: Table | None = None
        self._partial: Any = None
        self._samples: tuple[Any, SampleTable | None] = None, None
        self._result: Any = None
        self._closed = False
        self._lacks_parts = False
        self._completing = threading.Lock()
        self.cut_short = False
        self.stability = Stability() if isinstance(spec, Settles) else None

    def renew_lock(self) -> None:
        """Have a lock that nobody holds, in a process that was forked: its holder is not here."""
        self._completing = threading.Lock()

    @property
    def kind(self) -> str:
        """The kind of analysis."""
        return self.spec.kind

    def begin(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Start from nothing."""
        self._acc = self._guarded(lambda: self.spec.create(responses))

    def update(self, batch: Batch) -> bool:
        """Fold a batch in; return whether this task still works."""
        if self.error is None:
            updated = self._guarded(lambda: self.spec.update(self._acc, batch))
            self._acc = self._acc if updated is None else updated
        return self.error is None

    def look(self, samples: int) -> None:
        """See whether the numbers have moved since half of the ``samples``."""
        if self.stability is not None and self.error is None and isinstance(self.spec, Settles):
            settles = self.spec
            figures = self._guarded(lambda: settles.key_figures(self._acc))
            if figures is not None:
                self.stability.look(samples, figures)

    def state(self) -> State:
        """Return all that a checkpoint keeps of this task."""
        state = state_of(self.spec, self._acc)
        facts = {
            "acc": state.facts,
            "error": self.error.message if self.error else None,
            "stability": self.stability.state() if self.stability else None,
        }
        return State(state.arrays, facts)

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> None:
        """Go on from ``state``.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is no state of such a task.
        """
        own = State(state.arrays, state.facts["acc"])
        self._acc = restored(self.spec, self.spec.create(responses), own, responses)
        if self.stability is not None:
            self.stability = Stability.restored(state.facts["stability"])
        if state.facts["error"] is not None:
            self.fail(DeepViewException(str(state.facts["error"])))

    @property
    def latest(self) -> Table | None:
        """The table that was made last."""
        return self._latest

    @property
    def sample_table(self) -> SampleTable | None:
        """What the newest result says of each sample, None where it says nothing; the same object as long as it is."""
        shown = self._partial
        if self._samples[0] is not shown:
            self._samples = shown, shown.sample_table() if isinstance(shown, ShowsSamples) else None
        return self._samples[1]

    @property
    def whole(self) -> bool:
        """Whether the latest table will never be another one."""
        return self._closed and not self._lacks_parts

    def snapshot(self, budget: Budget) -> Table | None:
        """Return the table so far, None before there is one."""
        if self._acc is not None and self._partial is None:
            taken = self._guarded(lambda: self._taken(budget))
            self._latest = self._latest if taken is None else taken
        return self._latest

    def _taken(self, budget: Budget) -> Table | None:
        table = self.spec.snapshot(self._acc, budget, self._latest)
        if self.stability is not None and isinstance(table, TellsStability):
            table = table.with_stability(dict(self.stability.since))
        return cast("Table | None", table)

    def finish(self, context: FinishContext) -> Any | None:
        """Return the result, that of no data before the beginning; None when it cannot be made.

        Of a finish that was stopped, or that failed, the result is what it showed last.
        """
        if self.error is not None and self.spec.rows_wanted is not None:
            return self._partial  # it lacks rows, and what is made of them is dear
        if self._acc is None:
            self.begin({})
        made = None if self._acc is None else self._guarded(lambda: self._finished(context))
        self._result = self._partial if made is None else made
        return self._result

    def _finished(self, context: FinishContext) -> Any:
        try:
            result = self.spec.finish(self._acc, context)
        except CancelledError:
            self.cut_short = True
            return self._partial
        self.show(result)
        return result

    def show(self, result: Any) -> None:
        """Take the table of a result, if it has one, as the latest."""
        if hasattr(result, "findings"):
            self._latest = result.findings()
            self._partial = result

    def fail(self, error: Exception) -> None:
        """End with ``error``; the first one counts."""
        self.error = self.error or RunError(self.name, error)

    def close(self) -> None:
        """Take the last table, without what is costly and not made yet, and drop the accumulator."""
        self.snapshot(Budget.none())
        self._lacks_parts = self._result is not None and isinstance(self.spec, CompletesTable)
        self._acc = None
        self._closed = True

    def complete(self, context: FinishContext) -> bool:
        """Make what the last table lacks; return whether there was anything to make.

        Raises
        ------
        CancelledError
            when ``context`` is to stop; then the table is as it was.
        """
        with self._completing:  # several may look at it for the first time at once
            if not self._lacks_parts:
                return False
            self._make_parts(context)
            self._lacks_parts = False
            return True

    def _make_parts(self, context: FinishContext) -> None:
        spec, table = self.spec, self._latest
        if table is None or not isinstance(spec, CompletesTable):
            return
        try:
            self._latest = spec.completed(table, self._result, context)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - as in _guarded
            self.fail(error)

    def _guarded(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except Exception as error:  # noqa: BLE001 - an analysis may raise anything; the run reports it and goes on
            self.fail(error)
            return None
