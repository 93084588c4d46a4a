"""The last state of every run, for clients that come later."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field

from deepview_lab.engine import ENDED, ResponsesKnown, RunView, SnapshotTaken
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.wire.describe import layers_envelope, snapshot_envelope, state_envelope

__all__ = ["LastStates"]


@dataclass
class _Known:
    """What was said of one run, and whether the clients were told of its code."""

    layers: Envelope | None = None
    snapshots: dict[str, Envelope] = field(default_factory=dict)
    told_origin: bool = False


class LastStates:
    """Describes what is new of runs, and keeps the newest of each kind."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def runs(self) -> set[str]:
        """Return the ids of the runs of which something was said."""
        return set(self._known)

    def forget(self, run: str) -> None:
        """Forget a run, by its id."""
        with self._lock:
            self._known.pop(run, None)

    def is_new(self, run: RunView) -> bool:
        """Return whether the clients were not told of the run's code; it is then taken as told."""
        known = self._of(run)
        was_told, known.told_origin = known.told_origin, True
        return not was_told

    def layers(self, event: ResponsesKnown) -> Envelope:
        """Return the layers of a run in words, and keep them."""
        envelope = layers_envelope(event.run, event.responses)
        self._of(event.run).layers = envelope
        return envelope

    def table(self, event: SnapshotTaken) -> Envelope:
        """Return a table in words, and keep it."""
        envelope = snapshot_envelope(event.run, event.name, event.snapshot, final=event.final)
        self._of(event.run).snapshots[event.name] = envelope
        return envelope

    def of(self, run: RunView) -> list[tuple[Hashable, Envelope]]:
        """Return all that there is to say of a run, under the keys of a channel. It computes nothing."""
        known = self._of(run)
        if known.layers is None and run.responses:
            known.layers = layers_envelope(run, run.responses)
        if run.status in ENDED:  # it may have ended before anybody watched
            for name in run.introspectors.keys() - known.snapshots.keys():
                table = run.latest(name)
                if table is not None:
                    told = snapshot_envelope(run, name, table, final=run.is_whole(name))
                    known.snapshots.setdefault(name, told)
        state: list[tuple[Hashable, Envelope]] = [(("run", run.id), state_envelope(run))]
        if known.layers is not None:
            state.append((("layers", run.id), known.layers))
        state += [(("snapshot", run.id, name), envelope) for name, envelope in list(known.snapshots.items())]
        return state

    def _of(self, run: RunView) -> _Known:
        with self._lock:
            return self._known.setdefault(run.id, _Known())
