"""How far a run is, and how fast it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Progress", "Speedometer"]

_WINDOW_SECONDS = 10.0


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    batches, samples : int
        Done so far.
    total_batches, total : int or None
        All batches and samples, None when the producer does not say.
    rate : float or None
        Samples per second since the first batch, in which models are traced: over the last ten seconds, or over the
        last half of a shorter time. None before the second batch.
    eta : float or None
        Seconds to go at that rate.
    elapsed : float
        Seconds since the run began to work.
    stage : str or None
        What is being done once all samples are read; None while they are.
    stage_done : float or None
        Share (0..1) of the stage that is done, None when it cannot be known.
    """

    batches: int = 0
    samples: int = 0
    total_batches: int | None = None
    total: int | None = None
    rate: float | None = None
    eta: float | None = None
    elapsed: float = 0.0
    stage: str | None = None
    stage_done: float | None = None


class Speedometer:
    """Makes a :class:`Progress` of batches as they pass.

    Parameters
    ----------
    total : int or None
        Samples to come.
    batch_size : int
        Samples of a full batch.
    clock : callable
        Returns seconds. The work begins now.
    batches, samples : int
        Done before.
    """

    def __init__(
        self, total: int | None, batch_size: int, clock: Callable[[], float], *, batches: int = 0, samples: int = 0
    ) -> None:
        self._clock = clock
        self._start = clock()
        self._first = 0.0
        self._window: deque[tuple[float, int]] = deque()
        self._batches = batches
        self._samples = samples
        self._total = total
        self._total_batches = None if total is None else -(-total // batch_size)

    def passed(self, samples: int) -> None:
        """Count a batch of ``samples`` samples that is finished now."""
        now = self._clock()
        self._batches += 1
        self._samples += samples
        if not self._window:
            self._first = now
        self._window.append((now, self._samples))
        span = min(_WINDOW_SECONDS, (now - self._first) / 2)
        while len(self._window) > 2 and now - self._window[0][0] > span:  # noqa: PLR2004 - two make a rate
            self._window.popleft()

    def rest(self, wait: Callable[[], None]) -> None:
        """Leave out the time of ``wait``: it counts neither as elapsed nor for the rate."""
        since = self._clock()
        wait()
        seconds = self._clock() - since
        self._start += seconds
        self._first += seconds
        self._window = deque((when + seconds, samples) for when, samples in self._window)

    def progress(self, stage: str | None = None, stage_done: float | None = None) -> Progress:
        """Return how far things are now, and which stage behind the reading is under way."""
        rate = self._rate()
        left = None if self._total is None else max(0, self._total - self._samples)
        return Progress(
            batches=self._batches,
            samples=self._samples,
            total_batches=self._total_batches,
            total=self._total,
            rate=rate,
            eta=left / rate if rate and left is not None else None,
            elapsed=self._clock() - self._start,
            stage=stage,
            stage_done=stage_done,
        )

    def _rate(self) -> float | None:
        if not self._window:
            return None
        (since, before), (until, after) = self._window[0], self._window[-1]
        return (after - before) / (until - since) if until > since and after > before else None
