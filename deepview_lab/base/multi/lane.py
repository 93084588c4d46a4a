"""A lane: how one reader takes part in a pass over a producer that it shares with others."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

from deepview_lab.base import Batch, Producer
from deepview_lab.base.producer import sample_count
from deepview_lab.exceptions import DeepViewException

__all__ = ["Lane"]

_DEPTH = 2


class Lane:
    """A producer for one reader, fed by somebody else with batches that all readers share.

    Its reader calls it once, and iterates. Everything else belongs to the feeder, who must hold ``changed``, the
    condition that all lanes of a pass have in common.

    Attributes
    ----------
    batch_size : int or None
        What the reader asked for; None before it did.
    open : bool
        Whether the reader may still read. It is not once the iteration ended or was given up.

    Parameters
    ----------
    changed : threading.Condition
        See above.
    source : Producer
        Where the batches come from; the lane has its name and its length.
    """

    def __init__(self, changed: threading.Condition, source: Producer) -> None:
        self.__name__ = str(getattr(source, "__name__", type(source).__name__))
        self._changed = changed
        self._total = sample_count(source)
        self._batches: deque[Batch] = deque()
        self._ended = False
        self._reason: str | None = None
        self.batch_size: int | None = None
        self.open = True

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the batches of the pass.

        Raises
        ------
        DeepViewException
            when called again, because the pass is made once, and while iterating when the pass was stopped.
        """
        with self._changed:
            if self._reason is not None:
                raise DeepViewException(self._reason)
            if self.batch_size is not None:
                raise DeepViewException(
                    "An introspector in multi_introspect read its producer twice, but there is only one pass for all. "
                    "Run it on its own, or put a stage that keeps the batches in front of it."
                )
            self.batch_size = batch_size
            self._changed.notify_all()
        return self._read()

    def __len__(self) -> int:
        if self._total is None:
            raise TypeError(f"The source {self.__name__} does not say how many samples it has.")
        return self._total

    def __bool__(self) -> bool:
        return True

    def _read(self) -> Iterator[Batch]:
        try:
            while (batch := self._next()) is not None:
                yield batch
        finally:
            with self._changed:
                self.close()

    def _next(self) -> Batch | None:
        with self._changed:
            self._changed.wait_for(lambda: self._batches or self._ended)
            if self._reason is not None:
                raise DeepViewException(self._reason)
            self._changed.notify_all()
            return self._batches.popleft() if self._batches else None

    def ready(self) -> bool:
        """Return whether the reader can take a batch, or takes none any more."""
        return not self.open or len(self._batches) < _DEPTH

    def feed(self, batch: Batch) -> None:
        """Hand a batch over, which is dropped when nobody reads."""
        if self.open:
            self._batches.append(batch)
            self._changed.notify_all()

    def end(self, reason: str | None = None) -> None:
        """Say that no more batches come; with a ``reason``, it is raised at the reader instead."""
        self._reason = reason
        self._ended = True
        self._changed.notify_all()

    def close(self) -> None:
        """Take no more batches."""
        self.open = False
        self._ended = True
        self._batches.clear()
        self._changed.notify_all()
