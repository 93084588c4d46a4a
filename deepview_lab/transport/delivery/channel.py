"""The way to one client: numbered messages, one of each kind in flight, the newest of the waiting wins."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from deepview_lab.transport.delivery.pace import Pace, SharedBandwidth
from deepview_lab.transport.wire.messages import DataMessage

__all__ = ["Channel", "Envelope", "Send"]

PATIENCE_SECONDS = 2.0
MOST_UNANSWERED = 30
# What Jupyter puts around a message: headers, the comm, the frames of the socket.
_WRAPPING_BYTES = 1024
_logger = logging.getLogger(__name__)

Send: TypeAlias = Callable[[DataMessage, Sequence[bytes]], None]

Later: TypeAlias = Callable[[float, Callable[[], None]], Callable[[], None]]


def _call_later(seconds: float, do: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()
    return timer.cancel


@dataclass(frozen=True)
class Envelope:
    """A message and its Arrow buffers, not yet numbered."""

    message: DataMessage
    buffers: tuple[bytes, ...] = ()


class Channel:
    """Sends to one client no faster than it can show.

    Of the messages with one key only one is under way until the client acknowledges it; of those that come meanwhile
    the newest is kept. A client that is silent for ``patience`` seconds is sent the next one all the same (an
    acknowledgement can get lost, or wait behind a busy cell); after ``most_unanswered`` of these it is left alone until
    it is heard again. One behind a slow line is sent tables no faster than that can carry (:class:`Pace`). When nothing
    waits, there is no timer.

    Parameters
    ----------
    send : callable
        Takes the numbered message and its buffers.
    clock : callable
        Returns seconds.
    later : callable
        Takes seconds and a function, and calls the function after so long, on any thread; returns how to prevent it.
    line : SharedBandwidth, optional
        Shared with the other clients of the kernel; one of its own when left out.
    """

    def __init__(
        self,
        send: Send,
        clock: Callable[[], float],
        *,
        later: Later = _call_later,
        line: SharedBandwidth | None = None,
        patience: float = PATIENCE_SECONDS,
        most_unanswered: int = MOST_UNANSWERED,
    ) -> None:
        self._send = send
        self._clock = clock
        self._later = later
        self._unschedule: Callable[[], None] | None = None
        self._due = 0.0
        self._pace = Pace(SharedBandwidth() if line is None else line, self.silence)
        self._closed = False
        self._patience = patience
        self._most_unanswered = most_unanswered
        self._lock = threading.RLock()
        self._seq = 0
        self._in_flight: dict[Hashable, tuple[int, float]] = {}
        self._waiting: dict[Hashable, Envelope] = {}
        self._unanswered = 0
        self._asked: float | None = None

    def close(self) -> None:
        """Send nothing from now on. The client is not told."""
        self._closed = True  # before the lock: what is being sent just now may fail for that very reason
        with self._lock:
            self._in_flight.clear()
            self._waiting.clear()
            self._rest()

    def silence(self) -> float:
        """Return for how many seconds the client has owed an answer; 0 when it owes none."""
        with self._lock:
            return 0.0 if self._asked is None else self._clock() - self._asked

    def push(self, envelope: Envelope) -> None:
        """Send now: for messages that must all arrive."""
        with self._lock:
            self._number_and_send(envelope)

    def offer(self, key: Hashable, envelope: Envelope, *, urgent: bool = False) -> None:
        """Send when the client is ready, unless a newer one with this key is offered before; at once if ``urgent``."""
        with self._lock:
            if self._closed:
                return
            if not urgent and (wait := self._wait(key, envelope)) > 0:
                self._waiting[key] = envelope
                self._schedule(wait)
                return
            if key in self._in_flight and not urgent:
                self._unanswered += 1
            self._waiting.pop(key, None)
            self._in_flight[key] = (self._seq, self._clock())  # before sending: the answer may come at once
            self._asked = self._asked if self._asked is not None else self._clock()
            self._number_and_send(envelope)

    def acknowledge(self, seq: int) -> None:
        """Take note that the client has shown message ``seq``, and send what waited for that."""
        with self._lock:
            self._unanswered = 0
            shown = [key for key, (sent, _) in self._in_flight.items() if sent <= seq]
            for key in shown:
                _, since = self._in_flight.pop(key)
                self._pace.answered(self._clock() - since)
            self._asked = self._clock() if self._in_flight else None
            for key in shown:
                if key in self._waiting:
                    self.offer(key, self._waiting.pop(key))
            if not self._waiting:
                self._rest()

    def _wait(self, key: Hashable, envelope: Envelope) -> float:
        """Return for how many seconds a message should wait, unless an acknowledgement comes before."""
        if key in self._in_flight:
            _, since = self._in_flight[key]
            if self._clock() - since < self._patience or self._unanswered >= self._most_unanswered:
                return self._patience
        return self._pace.wait(_size(envelope), self._clock()) if envelope.buffers and self._pace.is_far else 0.0

    def _schedule(self, seconds: float) -> None:
        """See to it that what waits is sent although no newer message comes and no acknowledgement."""
        due = self._clock() + seconds
        if self._unanswered >= self._most_unanswered or (self._unschedule is not None and self._due <= due):
            return
        if self._unschedule is not None:
            self._unschedule()
        self._due = due
        self._unschedule = self._later(seconds, self._send_overdue)

    def _rest(self) -> None:
        """Have no timer: nothing waits."""
        if self._unschedule is not None:
            self._unschedule()
            self._unschedule = None

    def _send_overdue(self) -> None:
        with self._lock:
            self._unschedule = None
            try:
                for key in list(self._waiting):
                    if key in self._waiting:  # an answer to the one before may have sent it
                        self.offer(key, self._waiting.pop(key))
            except Exception:  # nobody is there to whom a timer could raise
                if not self._closed:
                    _logger.exception("Could not send to a client; it is left alone until it is heard again")
                self._unanswered = self._most_unanswered

    def restart(self, collect: Callable[[], Sequence[tuple[Hashable | None, Envelope]]]) -> None:
        """Forget what is under way and waiting, and send a fresh state: with a key as an offer, with None at once.

        The state is collected while others wait to offer, so that what they offer is sent after it and is newer.
        """
        with self._lock:
            self._in_flight.clear()
            self._waiting.clear()
            self._rest()
            self._unanswered = 0
            self._asked = None
            for key, envelope in collect():
                if key is None:
                    self.push(envelope)
                else:
                    self.offer(key, envelope)

    def _number_and_send(self, envelope: Envelope) -> None:
        if self._closed:
            return
        seq = self._seq
        self._seq += 1
        if self._pace.is_far:
            self._pace.sent(_size(envelope), self._clock())
        self._send(msgspec.structs.replace(envelope.message, seq=seq), envelope.buffers)


def _size(envelope: Envelope) -> int:
    """Return about how many bytes a message is on the line."""
    return _WRAPPING_BYTES + len(msgspec.json.encode(envelope.message)) + sum(map(len, envelope.buffers))
