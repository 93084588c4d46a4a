"""The engine: runs that fold batches, tell about it, and can be stopped."""

from deepview_lab.engine.events import Event, Observer, ResponsesKnown, RunChanged, SnapshotTaken
from deepview_lab.engine.progress import Progress
from deepview_lab.engine.registry import Registry, registry
from deepview_lab.engine.run import ENDED, Run, Status
from deepview_lab.engine.run_view import RunView
from deepview_lab.engine.start import introspect, runs, start
from deepview_lab.engine.work.task import RunError

__all__ = [
    "ENDED",
    "Event",
    "Observer",
    "Progress",
    "Registry",
    "ResponsesKnown",
    "Run",
    "RunChanged",
    "RunError",
    "RunView",
    "SnapshotTaken",
    "Status",
    "introspect",
    "registry",
    "runs",
    "start",
]
