"""What clients asked for, fulfilled one after the other on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["CoalescingQueue"]

Key = TypeVar("Key")
Wish = TypeVar("Wish")

_logger = logging.getLogger(__name__)


class CoalescingQueue(Generic[Key, Wish]):
    """A queue in which a key stands once: neither a run nor a control message waits for what is made here.

    The thread begins with the first wish. A wish that cannot be fulfilled is logged, and the next one follows.

    Parameters
    ----------
    thread : str
        Name of the thread.
    fulfil : callable
        Takes a key and its wish; called on the thread.
    complaint : str
        What is logged when it raises.
    """

    def __init__(self, thread: str, fulfil: Callable[[Key, Wish], None], complaint: str) -> None:
        self._name = thread
        self._fulfil = fulfil
        self._complaint = complaint
        self._queue: dict[Key, Wish] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def add(self, key: Key, wish: Wish, join: Callable[[Wish, Wish], Wish] = lambda _, newer: newer) -> None:
        """Fulfil ``wish`` soon; of a key that waits already, what ``join`` makes of both, in the older one's place."""
        with self._changed:
            if self._closed:
                return
            waiting = self._queue.get(key)
            self._queue[key] = wish if waiting is None else join(waiting, wish)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def drop(self, unwanted: Callable[[Key], bool]) -> None:
        """Forget what waits under ``unwanted`` keys."""
        with self._changed:
            self._queue = {key: wish for key, wish in self._queue.items() if not unwanted(key)}

    def close(self) -> None:
        """End the thread after what it does now, and take no more wishes."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._changed.notify()

    def _work(self) -> None:
        while self._fulfil_next():
            pass

    def _fulfil_next(self) -> bool:
        """Wait for a wish and fulfil it; return False at the end. A call of its own: a wish is not kept until the next.

        A wish may be all that holds a run.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            if self._closed:
                return False
            key = next(iter(self._queue))
            wish = self._queue.pop(key)
        try:
            self._fulfil(key, wish)
        except Exception:
            _logger.exception(self._complaint)
        return True
