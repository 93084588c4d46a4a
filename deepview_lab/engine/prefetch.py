"""Batches made ahead on a thread of their own, so that reading overlaps with inference."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from deepview_lab.base import Batch, Producer
from deepview_lab.base.producer import batches_of

__all__ = ["Prefetch"]

_IDLE_SECONDS = 0.25


class Prefetch(Iterator[Batch]):
    """Iterate over a producer that works at most ``depth`` batches ahead.

    An error of the producer is raised here, after the batches that came before it. :meth:`stop` ends the iteration at
    once, even while the producer is busy; its thread ends at its next batch. While the next batch is not there yet,
    ``while_waiting`` is called every quarter of a second.
    """

    def __init__(
        self, producer: Producer, batch_size: int, depth: int, while_waiting: Callable[[], None] = lambda: None
    ) -> None:
        self._batches: deque[Batch] = deque()
        self._depth = depth
        self._while_waiting = while_waiting
        self._changed = threading.Condition()
        self._stopped = False
        self._ended = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._fill, args=(producer, batch_size), name="deepview-prefetch", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the iteration now."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def __next__(self) -> Batch:
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._batches or self._ended or self._stopped, _IDLE_SECONDS):
                    return self._taken()
            self._while_waiting()

    def _taken(self) -> Batch:
        if self._stopped:
            raise StopIteration
        if self._batches:
            batch = self._batches.popleft()
            self._changed.notify_all()
            return batch
        if self._error is not None:
            raise self._error
        raise StopIteration

    def _fill(self, producer: Producer, batch_size: int) -> None:
        try:
            for batch in batches_of(producer, batch_size):
                with self._changed:
                    self._changed.wait_for(lambda: len(self._batches) < self._depth or self._stopped)
                    if self._stopped:
                        return
                    self._batches.append(batch)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - a producer may raise anything; it is raised on the other side
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
