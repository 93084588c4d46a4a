"""The loop that drives a run: read, infer, fold, tell. It runs on a worker thread or on the caller's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from deepview_lab.base import Batch, Producer
from deepview_lab.engine.herald import Herald
from deepview_lab.engine.plan import Plan, responses_of
from deepview_lab.engine.prefetch import Prefetch
from deepview_lab.engine.progress import Speedometer
from deepview_lab.engine.run import Run
from deepview_lab.exceptions import EmptyProducerError

__all__ = ["drive"]

PREFETCH_DEPTH = 2


Rest: TypeAlias = Callable[[Callable[[], None]], None]


def drive(
    run: Run,
    plan: Plan,
    *,
    watched: Callable[[], bool],
    rest: Rest = lambda wait: wait(),
    on_stop: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run to the end. Errors of the producer and of introspectors end up in the run; nothing is raised.

    Parameters
    ----------
    run : Run
        A pending run.
    plan : Plan
        Where its batches come from.
    watched : callable
        Tells whether anybody wants snapshots; without a watcher none are made.
    rest : callable
        Called with a function that waits while the run is paused; calls it, and may do more before and after.
    on_stop : callable
        Called when the run is cancelled, on the thread that cancels it.
    clock : callable
        Returns seconds.
    """
    reading: list[Prefetch] = []
    herald = Herald(run, watched, clock)

    def read(producer: Producer) -> Iterator[Batch]:
        reading.append(Prefetch(producer, run.batch_size, PREFETCH_DEPTH, herald.tell))
        if run._stop.is_set():  # cancelled between the beginning and the first read
            reading[0].stop()
        return reading[0]

    def stop() -> None:
        for prefetch in reading:
            prefetch.stop()
        on_stop()

    if not run._begin(plan.responses, stop):
        return
    error: BaseException | None = None
    try:
        loop = _Loop(run, Speedometer(plan.total, run.batch_size, clock), herald, rest)
        loop.fold(plan.batches(read, run.batch_size), plan.ahead)
    except Exception as raised:  # noqa: BLE001 - a producer may raise anything
        error = raised
    finally:  # also when a second Ctrl-C does not wait for the batch
        stop()
        run._end(error, watched=watched())


class _Loop:
    """Folds the batches of one run until they end, it is cancelled, or no introspector works any more."""

    def __init__(self, run: Run, speed: Speedometer, herald: Herald, rest: Rest) -> None:
        self._run = run
        self._speed = speed
        self._herald = herald
        self._rest = rest

    def fold(self, batches: Iterator[Batch], source: Producer) -> None:
        """Fold all ``batches``; that there are none is the fault of ``source``."""
        self._run._progress = self._speed.progress()
        for batch in batches:
            working = self._fold_one(batch)
            self._herald.tell(at_once=self._run._resting)
            if self._run._resting:
                self._speed.rest(lambda: self._rest(self._run._rest))
                self._run._wake()
            if self._run._stop.is_set() or not working:
                return
        if self._run.progress.batches == 0 and not self._run._stop.is_set():
            raise EmptyProducerError(source)

    def _fold_one(self, batch: Batch) -> bool:
        run = self._run
        if not run.responses:
            run._know(responses_of(batch))
        with run._folding:
            working = [fold.update(batch) for fold in run._folds.values()]
        self._speed.passed(batch.batch_size)
        run._progress = self._speed.progress()
        return any(working)
