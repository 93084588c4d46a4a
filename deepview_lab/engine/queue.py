"""Whose turn it is: background runs work one at a time, in the order in which they asked."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

__all__ = ["RunQueue"]


class RunQueue:
    """A fair lock: the turn goes to who has waited longest."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: deque[object] = deque()

    def enter(self, who: object) -> None:
        """Stand in the queue. At its head it is ``who``'s turn."""
        with self._changed:
            self._queue.append(who)

    def wait(self, who: object, given_up: Callable[[], bool]) -> None:
        """Wait until it is the turn of ``who``, who has entered, or until it has given up (see :meth:`nudge`)."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue[0] is who or given_up())

    def nudge(self) -> None:
        """Let those who wait see whether they have given up."""
        with self._changed:
            self._changed.notify_all()

    def leave(self, who: object) -> None:
        """Give the turn, or the place in the queue, to the next. Nothing happens to who has left already."""
        with self._changed:
            if who in self._queue:
                self._queue.remove(who)
            self._changed.notify_all()
