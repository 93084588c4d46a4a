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

    def read(producer: Producer, batch_size: int) -> Iterator[Batch]:
        reading.append(Prefetch(producer, batch_size, PREFETCH_DEPTH, herald.tell))
        if run._lifecycle.stopping:  # cancelled between the beginning and this read
            reading[-1].stop()
        return reading[-1]

    def stop() -> None:
        for prefetch in reading:
            prefetch.stop()
        on_stop()

    if not run._lifecycle.begin(stop):
        return
    error: BaseException | None = None
    complete = False
    try:
        if plan.responses:
            run._know(plan.responses)
        loop = _Loop(run, Speedometer(plan.total, run.batch_size, clock), herald, rest)
        complete = loop.fold(plan.batches(read, run.batch_size))
        if complete and run.progress.batches == 0:
            error = EmptyProducerError(plan.source)
    except KeyboardInterrupt:  # one that does not wait for the batch to end
        raise
    except BaseException as raised:  # noqa: BLE001 - a producer may raise anything, SystemExit included
        error = raised
    finally:
        stop()
        run._end(error, complete=complete, watched=watched())


class _Loop:
    """Folds the batches of one run until they end, it is cancelled, or no introspector works any more."""

    def __init__(self, run: Run, speed: Speedometer, herald: Herald, rest: Rest) -> None:
        self._run = run
        self._speed = speed
        self._herald = herald
        self._rest = rest

    def fold(self, batches: Iterator[Batch]) -> bool:
        """Fold all ``batches``; return whether they came to their end."""
        lifecycle = self._run._lifecycle
        self._run._progress = self._speed.progress()
        for batch in batches:
            working = self._fold_one(batch)
            self._herald.tell(at_once=lifecycle.resting)
            if lifecycle.resting:
                self._speed.rest(lambda: self._rest(lifecycle.rest))
            if lifecycle.stopping or not working:
                return False
            lifecycle.works()
        return not lifecycle.stopping

    def _fold_one(self, batch: Batch) -> bool:
        run = self._run
        if run._responses is None:
            run._know(responses_of(batch))
        with run._folding:
            working = [fold.update(batch) for fold in run._folds.values()]
        self._speed.passed(batch.batch_size)
        run._progress = self._speed.progress()
        return any(working)
