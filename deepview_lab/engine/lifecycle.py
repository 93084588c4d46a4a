"""The states of a run, and who may change them: from `pending` to `done`, `failed` or `cancelled`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

__all__ = ["ENDED", "Lifecycle", "Status"]

Status: TypeAlias = Literal["pending", "running", "paused", "cancelling", "done", "failed", "cancelled"]
ENDED: Final[frozenset[Status]] = frozenset({"done", "failed", "cancelled"})


class Lifecycle:
    """What everybody may ask of a run (cancel, pause, resume) against what its worker does.

    Requests return at once; the worker meets them between two batches.

    Parameters
    ----------
    changed : callable
        Called after each change of the status, on the thread that made it.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._status: Status = "pending"
        self._begun = False
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._ended = threading.Event()
        self._on_stop: Callable[[], None] = lambda: None

    @property
    def status(self) -> Status:
        """The state."""
        return self._status

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def resting(self) -> bool:
        """Whether it was asked to rest."""
        return not self._go.is_set()

    # What anyone may ask

    def cancel(self) -> bool:
        """Ask to stop; return whether it had not begun and so has ended."""
        with self._lock:
            if self._status in ENDED:
                return False
            never_began = not self._begun
            self._status = "cancelled" if never_began else "cancelling"
            self.interrupt()
        self._changed()
        return never_began

    def interrupt(self) -> None:
        """Ask to stop without taking a lock or telling anybody: safe in a signal handler."""
        self._stop.set()
        self._go.set()
        self._on_stop()

    def pause(self) -> None:
        """Ask to rest; only what runs does."""
        self._change("running", "paused", self._go.clear)

    def resume(self) -> None:
        """Ask to go on; only what is paused does, when it is its turn."""
        self._change("paused", "pending", self._go.set)

    def wait(self, timeout: float | None) -> bool:
        """Wait for the end; return whether it came within ``timeout`` seconds."""
        return self._ended.wait(timeout)

    # What only the worker does

    def begin(self, on_stop: Callable[[], None]) -> bool:
        """Go from pending to running; return False when it was cancelled before."""
        with self._lock:
            if self._stop.is_set():
                return False
            self._begun = True
            self._status = "running"
            self._on_stop = on_stop
        self._changed()
        return True

    def rest(self) -> None:
        """Wait until it was asked to go on or to stop."""
        self._go.wait()

    def works(self) -> None:
        """Say that it works (again)."""
        self._change("pending", "running", lambda: None)

    def end(self, status: Status) -> None:
        """End with ``status``, wake those who wait, and say so."""
        with self._lock:
            self._status = status
        try:
            self._changed()
        finally:
            self._ended.set()  # last, so that who waits finds everything told

    def _change(self, before: Status, after: Status, do: Callable[[], None]) -> None:
        with self._lock:
            if self._status != before:
                return
            do()
            self._status = after
        self._changed()
