"""How fast a client may be sent to, by how fast it answers."""

from __future__ import annotations

from collections import deque

__all__ = ["Pace"]

SLOW_SECONDS = 0.2
SLOW_BYTES_PER_SECOND = 20 * 1024
REMEMBERED = 8


class Pace:
    """Leaves a near client alone, and holds a far one to a rate.

    A page on the same machine or network answers some messages within a frame, however busy it is. One whose fastest
    answer of the last ``remembered`` took longer than ``slow_after`` seconds sits behind a slow line, or is hidden:
    there a snapshot that overtakes the next one only fills the line, on which what the user does must pass too. A page
    has a client for the panel and one for each canvas, so that each gets a part of a line only.

    Parameters
    ----------
    rate : float
        Bytes a second for a far client.
    slow_after : float
        Seconds.
    remembered : int
        Answers that count.
    """

    def __init__(
        self, rate: float = SLOW_BYTES_PER_SECOND, *, slow_after: float = SLOW_SECONDS, remembered: int = REMEMBERED
    ) -> None:
        self._rate = rate
        self._slow_after = slow_after
        self._answers: deque[float] = deque(maxlen=remembered)
        self._free = 0.0

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        self._answers.append(seconds)

    def sent(self, size: int, now: float) -> None:
        """Take note of ``size`` bytes that were sent at ``now``."""
        if self.is_far:
            self._free = max(self._free, now) + size / self._rate

    def wait(self, now: float) -> float:
        """Return how many seconds from ``now`` nothing large should be sent."""
        return max(0.0, self._free - now) if self.is_far else 0.0

    @property
    def is_far(self) -> bool:
        """Whether no answer came quickly of late."""
        return bool(self._answers) and min(self._answers) > self._slow_after
