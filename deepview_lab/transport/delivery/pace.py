"""How fast clients may be sent to, by how fast they answer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

__all__ = ["Pace", "SharedBandwidth"]

SLOW_SECONDS = 0.2
LINE_BYTES_PER_SECOND = 40 * 1024
REMEMBERED = 8


class SharedBandwidth:
    """The way to all far clients of a kernel, as if it were one: what they are sent together stays below a rate.

    A page has a client for the panel and one for each canvas, and all of them share its line, on which what the user
    does must pass too. Who asks for a place gets the next one that is free: clients that always have something to send
    take turns. Several pages behind lines of their own share as well; nothing tells them apart.

    Parameters
    ----------
    rate : float
        Bytes a second.
    """

    def __init__(self, rate: float = LINE_BYTES_PER_SECOND) -> None:
        self._rate = rate
        self._free = 0.0
        self._lock = threading.Lock()

    def take(self, size: int, now: float) -> float:
        """Give away the next place for ``size`` bytes; return when it begins, ``now`` at the earliest."""
        with self._lock:
            begin = max(self._free, now)
            self._free = begin + size / self._rate
            return begin


class Pace:
    """Leaves a near client alone, and holds a far one to its place on the line.

    A page on the same machine or network answers some messages within a frame, however busy it is. One whose fastest
    answer of the last ``remembered`` took longer than ``slow_after`` seconds sits behind a slow line, or is hidden:
    there a snapshot that overtakes the next one only fills the line. So does one that has not answered yet for so long.

    Parameters
    ----------
    line : SharedBandwidth
        Shared with the other clients.
    silence : callable
        Returns for how many seconds the client has owed an answer.
    slow_after : float
        Seconds.
    remembered : int
        Answers that count.
    """

    def __init__(
        self,
        line: SharedBandwidth,
        silence: Callable[[], float],
        *,
        slow_after: float = SLOW_SECONDS,
        remembered: int = REMEMBERED,
    ) -> None:
        self._bandwidth = line
        self._silence = silence
        self._slow_after = slow_after
        self._answers: deque[float] = deque(maxlen=remembered)
        self._place: tuple[float, int] | None = None

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        self._answers.append(seconds)

    def wait(self, size: int, now: float) -> float:
        """Return how many seconds from ``now`` nothing large should be sent; keeps a place of ``size`` bytes for it."""
        if not self.is_far:
            return 0.0
        if self._place is None:
            self._place = self._bandwidth.take(size, now), size
        return max(0.0, self._place[0] - now)

    def sent(self, size: int, now: float) -> None:
        """Take note of ``size`` bytes that were sent at ``now``, in the place that was kept or in front of it."""
        if not self.is_far:
            return
        if self._place is not None and self._place[0] <= now:
            size -= self._place[1]
            self._place = None
        if size > 0:
            self._bandwidth.take(size, now)

    @property
    def is_far(self) -> bool:
        """Whether no answer came quickly of late."""
        return (min(self._answers) if self._answers else self._silence()) > self._slow_after
