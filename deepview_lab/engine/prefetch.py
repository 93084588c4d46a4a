"""Batches made ahead on a thread of their own, so that reading overlaps with inference."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from deepview_lab.base import Batch, Producer
from deepview_lab.base.producer import batches_of

__all__ = ["Prefetch"]

_IDLE_SECONDS = 0.25
# Small batches are handed over several at a time: a change of threads costs as much as a small product of matrices.
_BYTES_AHEAD = 4 * 2**20


class Prefetch(Iterator[Batch]):
    """Iterate over a producer that works a little ahead: ``depth`` batches, or more of them while they are below 4 MiB.

    An error of the producer is raised here, after the batches that came before it. :meth:`stop` ends the iteration at
    once, even while the producer is busy; its thread ends at its next batch. While the next batch is not there yet,
    ``while_waiting`` is called every quarter of a second.
    """

    def __init__(
        self, producer: Producer, batch_size: int, depth: int, while_waiting: Callable[[], None] = lambda: None
    ) -> None:
        self._depth = depth
        self._while_waiting = while_waiting
        self._taken: deque[Batch] = deque()
        self._made: deque[Batch] = deque()
        self._bytes = 0
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
        while not self._taken and not self._stopped:
            with self._changed:
                if self._changed.wait_for(lambda: self._made or self._ended or self._stopped, _IDLE_SECONDS):
                    self._take()
                    break
            self._while_waiting()
        if self._taken and not self._stopped:
            return self._taken.popleft()
        if self._error is not None and not self._stopped:
            raise self._error
        raise StopIteration

    def _take(self) -> None:
        self._taken, self._made, self._bytes = self._made, deque(), 0
        self._changed.notify_all()

    def _fill(self, producer: Producer, batch_size: int) -> None:
        try:
            for batch in batches_of(producer, batch_size):
                with self._changed:
                    self._changed.wait_for(lambda: self._has_room() or self._stopped)
                    if self._stopped:
                        return
                    self._made.append(batch)
                    self._bytes += sum(array.nbytes for array in batch.fields.values())
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - a producer may raise anything; it is raised on the other side
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _has_room(self) -> bool:
        return len(self._made) < self._depth or self._bytes < _BYTES_AHEAD
