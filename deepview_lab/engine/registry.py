"""All runs of this process, and who watches them."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from itertools import accumulate

from deepview_lab.engine.events import Event, Observer
from deepview_lab.engine.job import RunJob
from deepview_lab.engine.lifecycle import ENDED
from deepview_lab.engine.queue import RunQueue
from deepview_lab.engine.run_view import RunView

__all__ = ["Registry", "registry"]

_KEPT = 32
_KEPT_BYTES = 2**30
_logger = logging.getLogger(__name__)


class Registry:
    """Knows the runs and passes on their events.

    Ended runs are forgotten here when they are too many or too large; who holds one keeps it.

    Attributes
    ----------
    queue : RunQueue
        Lets background runs work one at a time.

    Parameters
    ----------
    kept : int
        So many runs are remembered, the newest.
    kept_bytes : int
        Ended runs are remembered as long as their results take no more together; the newest one whatever it takes.
    """

    def __init__(self, kept: int = _KEPT, kept_bytes: int = _KEPT_BYTES) -> None:
        self._runs: list[RunView] = []
        self._jobs: dict[str, RunJob] = {}
        self._observers: dict[Observer, Callable[[RunView], bool]] = {}
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._lock = threading.Lock()
        self.queue = RunQueue()

    def add(self, run: RunView, job: RunJob | None = None) -> None:
        """Remember a run, with its work if it works here."""
        with self._lock:
            ended = [known for known in self._runs if known.status in ENDED]
            forgotten = ended[: len(ended) - self._count_kept(ended)]
            self._runs = [known for known in self._runs if known not in forgotten] + [run]
            self._jobs = {known.id: self._jobs[known.id] for known in self._runs if known.id in self._jobs}
            if job is not None:
                self._jobs[run.id] = job

    def _count_kept(self, ended: list[RunView]) -> int:
        """Return how many of the newest runs of ``ended`` there is room for beside one more."""
        newest = ended[::-1][: self._kept - 1]
        sizes = accumulate(run.nbytes for run in newest)
        return max(sum(size <= self._kept_bytes for size in sizes), min(1, len(newest)))

    def runs(self) -> list[RunView]:
        """Return the runs, oldest first."""
        with self._lock:
            return list(self._runs)

    def watch(self, observer: Observer, shows: Callable[[RunView], bool] = lambda _: True) -> Callable[[], None]:
        """Call ``observer`` for every event from now on; return a function that ends this.

        ``shows`` tells whether somebody sees a run by it: for who does, the last table is made with all that is costly.
        """
        with self._lock:
            self._observers[observer] = shows

        def unwatch() -> None:
            with self._lock:
                self._observers.pop(observer, None)

        return unwatch

    def fall_silent(self) -> None:
        """Forget all watchers: the process ends, and what runs meet from now on is no news."""
        with self._lock:
            self._observers.clear()

    def restart_after_fork(self) -> None:
        """Begin anew in a forked process: no run works here, and the watchers are those of the parent."""
        self._lock = threading.Lock()
        self._observers = {}
        self.queue = RunQueue()
        for run in self._runs:
            if run.id in self._jobs:
                self._jobs[run.id].leave_to_parent()

    def watched(self) -> bool:
        """Return whether anybody watches."""
        return bool(self._observers)

    def shows(self, run: RunView) -> bool:
        """Return whether anybody sees ``run``."""
        with self._lock:
            asked = list(self._observers.values())
        return any(shows(run) for shows in asked)

    def notify(self, event: Event) -> None:
        """Pass an event on. An observer that raises is logged; the run continues."""
        with self._lock:
            observers = list(self._observers)
        for observer in observers:
            try:
                observer(event)
            except Exception:
                _logger.exception("A watcher of DeepView runs raised; the run continues")


registry = Registry()
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=registry.restart_after_fork)
