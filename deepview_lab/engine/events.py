"""What a run tells those who watch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from deepview_lab.analysis.contract import Table
from deepview_lab.base import ResponseInfo

if TYPE_CHECKING:
    from deepview_lab.engine.run_view import RunView

__all__ = ["Event", "Observer", "ResponsesKnown", "RunChanged", "SnapshotTaken"]


@dataclass(frozen=True)
class RunChanged:
    """Status, progress or errors of a run changed; the run itself has the new values."""

    run: RunView


@dataclass(frozen=True)
class ResponsesKnown:
    """The layers of a run are known: from the pipeline before any data, else from the first batch."""

    run: RunView
    responses: Mapping[str, ResponseInfo]


@dataclass(frozen=True)
class SnapshotTaken:
    """One introspector has a new table; ``final`` when no newer one will come."""

    run: RunView
    name: str
    snapshot: Table
    final: bool


Event: TypeAlias = RunChanged | ResponsesKnown | SnapshotTaken
# Called on the thread that runs the work: it must be quick and must not raise.
Observer: TypeAlias = Callable[[Event], None]
