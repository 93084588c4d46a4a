"""The loop that drives a run: read, infer, fold, tell. It runs on a worker thread or on the caller's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from deepview_lab.analysis.contract import Budget
from deepview_lab.base import Batch, Producer
from deepview_lab.engine.events import RunChanged
from deepview_lab.engine.plan import Plan, responses_of
from deepview_lab.engine.prefetch import Prefetch
from deepview_lab.engine.progress import Speedometer
from deepview_lab.engine.run import Run
from deepview_lab.exceptions import EmptyProducerError

__all__ = ["Cadence", "drive"]

PREFETCH_DEPTH = 2


class Cadence:
    """When to take snapshots, and what they may cost.

    The first follows the first batch; then one every ``interval`` seconds, or one a batch when batches take longer.
    Costly parts share an allowance that grows with time (``share`` of it), so that watching a run hardly slows it down,
    and a part that is dearer than one interval's allowance comes when enough has been saved up.
    """

    def __init__(self, clock: Callable[[], float], *, interval: float = 0.5, share: float = 0.03) -> None:
        self._clock = clock
        self._interval = interval
        self._share = share
        self._credit = 0.05
        self._last: float | None = None

    def due(self) -> bool:
        """Return whether it is time."""
        return self._last is None or self._clock() - self._last >= self._interval

    def take(self, publish: Callable[[Budget], None]) -> None:
        """Publish within the allowance and pay for it."""
        began = self._clock()
        if self._last is not None:
            self._credit += self._share * (began - self._last)
        publish(Budget(self._credit, self._clock))
        ended = self._clock()
        self._credit = max(0.0, self._credit - (ended - began))
        self._last = ended


def drive(run: Run, plan: Plan, *, watched: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
    """Run to the end. Errors of the producer and of introspectors end up in the run; nothing is raised.

    Parameters
    ----------
    run : Run
        A pending run.
    plan : Plan
        Where its batches come from.
    watched : callable
        Tells whether anybody wants snapshots; without a watcher none are made.
    clock : callable
        Returns seconds.
    """
    reading: list[Prefetch] = []
    herald = _Herald(run, watched, clock)

    def read(producer: Producer) -> Iterator[Batch]:
        reading.append(Prefetch(producer, run.batch_size, PREFETCH_DEPTH, herald.tell))
        if run._stop.is_set():  # cancelled between the beginning and the first read
            reading[0].stop()
        return reading[0]

    def stop() -> None:
        for prefetch in reading:
            prefetch.stop()

    if not run._begin(plan.responses, stop):
        return
    error: BaseException | None = None
    try:
        _loop(run, plan, plan.batches(read, run.batch_size), herald, clock)
    except Exception as raised:  # noqa: BLE001 - a producer may raise anything
        error = raised
    finally:  # also when a second Ctrl-C does not wait for the batch
        stop()
        run._end(error, watched=watched())


class _Herald:
    """Tells the watchers what is new, at the cadence."""

    def __init__(self, run: Run, watched: Callable[[], bool], clock: Callable[[], float]) -> None:
        self._run = run
        self._watched = watched
        self._cadence = Cadence(clock)
        self._told = 0

    def tell(self) -> None:
        """Publish if there is something new, somebody to tell, and it is time."""
        batches = self._run.progress.batches
        if batches > self._told and self._watched() and self._cadence.due():
            self._told = batches
            self._run._notify(RunChanged(self._run))
            self._cadence.take(self._run._publish)


def _loop(run: Run, plan: Plan, batches: Iterator[Batch], herald: _Herald, clock: Callable[[], float]) -> None:
    speed = Speedometer(plan.total, run.batch_size, clock())
    run._progress = speed.progress(clock())
    for batch in batches:
        if not run.responses:
            run._know(responses_of(batch))
        with run._folding:
            working = [fold.update(batch) for fold in run._folds.values()]
        speed.passed(batch.batch_size, clock())
        run._progress = speed.progress(clock())
        if run._stop.is_set() or not any(working):
            return
        herald.tell()
    if run.progress.batches == 0 and not run._stop.is_set():
        raise EmptyProducerError(plan.ahead)
