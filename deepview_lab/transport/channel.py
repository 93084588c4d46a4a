"""The way to one client: numbered messages, one of each kind in flight, the newest of the waiting wins."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from deepview_lab.transport.messages import DataMessage

__all__ = ["Channel", "Envelope", "Send"]

PATIENCE_SECONDS = 2.0
MOST_UNANSWERED = 30
_logger = logging.getLogger(__name__)

Send: TypeAlias = Callable[[DataMessage, Sequence[bytes]], None]

Later: TypeAlias = Callable[[float, Callable[[], None]], None]


def _call_later(seconds: float, do: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


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
    it is heard again.

    Parameters
    ----------
    send : callable
        Takes the numbered message and its buffers.
    clock : callable
        Returns seconds.
    later : callable
        Takes seconds and a function, and calls the function after so long, on any thread.
    """

    def __init__(
        self,
        send: Send,
        clock: Callable[[], float],
        *,
        later: Later = _call_later,
        patience: float = PATIENCE_SECONDS,
        most_unanswered: int = MOST_UNANSWERED,
    ) -> None:
        self._send = send
        self._clock = clock
        self._later = later
        self._scheduled = False
        self._patience = patience
        self._most_unanswered = most_unanswered
        self._lock = threading.RLock()
        self._seq = 0
        self._in_flight: dict[Hashable, tuple[int, float]] = {}
        self._waiting: dict[Hashable, Envelope] = {}
        self._unanswered = 0

    def push(self, envelope: Envelope) -> None:
        """Send now: for messages that must all arrive."""
        with self._lock:
            self._number_and_send(envelope)

    def offer(self, key: Hashable, envelope: Envelope, *, urgent: bool = False) -> None:
        """Send when the client is ready, unless a newer one with this key is offered before; at once if ``urgent``."""
        with self._lock:
            if key in self._in_flight and not urgent:
                _, since = self._in_flight[key]
                if self._clock() - since < self._patience or self._unanswered >= self._most_unanswered:
                    self._waiting[key] = envelope
                    self._schedule()
                    return
                self._unanswered += 1
            self._waiting.pop(key, None)
            self._in_flight[key] = (self._seq, self._clock())  # before sending: the answer may come at once
            self._number_and_send(envelope)

    def acknowledge(self, seq: int) -> None:
        """Take note that the client has shown message ``seq``, and send what waited for that."""
        with self._lock:
            self._unanswered = 0
            shown = [key for key, (sent, _) in self._in_flight.items() if sent <= seq]
            for key in shown:
                self._in_flight.pop(key, None)
            for key in shown:
                if key in self._waiting:
                    self.offer(key, self._waiting.pop(key))

    def _schedule(self) -> None:
        """See to it that what waits is sent although no newer message comes and no acknowledgement."""
        if not self._scheduled and self._unanswered < self._most_unanswered:
            self._scheduled = True
            self._later(self._patience, self._send_overdue)

    def _send_overdue(self) -> None:
        with self._lock:
            self._scheduled = False
            try:
                for key in list(self._waiting):
                    self.offer(key, self._waiting.pop(key))
            except Exception:  # nobody is there to whom a timer could raise
                _logger.exception("Could not send to a client; it is left alone until it is heard again")
                self._unanswered = self._most_unanswered

    def restart(self, collect: Callable[[], Sequence[tuple[Hashable | None, Envelope]]]) -> None:
        """Forget what is under way and waiting, and send a fresh state: with a key as an offer, with None at once.

        The state is collected while others wait to offer, so that what they offer is sent after it and is newer.
        """
        with self._lock:
            self._in_flight.clear()
            self._waiting.clear()
            self._unanswered = 0
            for key, envelope in collect():
                if key is None:
                    self.push(envelope)
                else:
                    self.offer(key, envelope)

    def _number_and_send(self, envelope: Envelope) -> None:
        seq = self._seq
        self._seq += 1
        self._send(msgspec.structs.replace(envelope.message, seq=seq), envelope.buffers)
