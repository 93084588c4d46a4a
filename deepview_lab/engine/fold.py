"""One introspector of a run: its settings, its accumulator, its latest snapshot, its result or its error."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from deepview_lab.analysis.contract import Budget, LayerTable, Spec
from deepview_lab.base import Batch, ResponseInfo

__all__ = ["Fold", "RunError"]

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


class Fold:
    """Folds batches for one spec. An error ends this fold only; what it had stays."""

    def __init__(self, name: str, spec: AnySpec) -> None:
        self.name = name
        self.spec = spec
        self.error: RunError | None = None
        self._acc: Any = None
        self._latest: LayerTable | None = None

    @property
    def kind(self) -> str:
        """The kind of analysis."""
        return self.spec.kind

    def begin(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Start from nothing."""
        self._acc = self._guarded(lambda: self.spec.create(responses))

    def update(self, batch: Batch) -> bool:
        """Fold a batch in; return whether this fold still works."""
        if self.error is None:
            updated = self._guarded(lambda: self.spec.update(self._acc, batch))
            self._acc = self._acc if updated is None else updated
        return self.error is None

    @property
    def latest(self) -> LayerTable | None:
        """The table that was made last."""
        return self._latest

    def snapshot(self, budget: Budget) -> LayerTable | None:
        """Return the table so far, None before the beginning."""
        if self._acc is not None:
            taken = self._guarded(lambda: self.spec.snapshot(self._acc, budget, self._latest))
            self._latest = self._latest if taken is None else taken
        return self._latest

    def finish(self) -> Any | None:
        """Return the result, that of no data before the beginning; None when it cannot be made."""
        if self._acc is None:
            self.begin({})
        return None if self._acc is None else self._guarded(lambda: self.spec.finish(self._acc))

    def release(self) -> None:
        """Drop the accumulator; the latest snapshot stays."""
        self._acc = None

    def _guarded(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except Exception as error:  # noqa: BLE001 - an analysis may raise anything; the run reports it and goes on
            self.error = self.error or RunError(self.name, error)
            return None
