"""What the clients are told of the user's variables: everything at first, then what has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.coalescing_queue import CoalescingQueue
from deepview_lab.transport.wire import messages

__all__ = ["Explorer", "SourceFeed"]

Offer: TypeAlias = Callable[[Hashable, Envelope], None]


class Explorer(Protocol):
    """Looks through the user's variables. Changes nothing; works on the feed's thread, beside the user's cells."""

    def scan(self) -> messages.Namespace:
        """Return the variables that a run may use."""
        ...

    def layers(self, source: str, *, fresh: bool) -> messages.SourceLayers:
        """Return the layers of one of them. ``fresh``: somebody asked; else only look where that is harmless."""
        ...


@dataclass(frozen=True)
class _Wish:
    offer: Offer
    fresh: bool


def _joined(waiting: _Wish, newer: _Wish) -> _Wish:
    return _Wish(newer.offer, waiting.fresh or newer.fresh)


class SourceFeed:
    """Looks for the clients: neither the end of a cell nor a control message waits for it.

    Remembers for each client which variable it inspects, and what it was told last. Wishes of one client that wait are
    fulfilled by one look.
    """

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._inspected: dict[str, str | None] = {}
        self._told: dict[tuple[str, str], messages.DataMessage] = {}
        self._lock = threading.Lock()
        self._queue: CoalescingQueue[str, _Wish] = CoalescingQueue(
            "deepview-explorer", self._fulfil, "Could not tell a client what is in the namespace"
        )

    def inspect(self, client: str, source: str | None) -> None:
        """With the next look, tell a client the layers of ``source`` too."""
        with self._lock:
            self._inspected[client] = source

    def look(self, client: str, offer: Offer, *, fresh: bool) -> None:
        """Look again, and tell a client what it does not know yet; everything if ``fresh``. Returns at once."""
        self._queue.add(client, _Wish(offer, fresh), _joined)

    def forget(self, client: str) -> None:
        """Forget a client."""
        self._queue.drop(lambda waiting: waiting == client)
        with self._lock:
            self._inspected.pop(client, None)
            self._told = {key: message for key, message in self._told.items() if key[0] != client}

    def close(self) -> None:
        """End the thread after its current look."""
        self._queue.close()

    def _fulfil(self, client: str, wish: _Wish) -> None:
        source = self._inspected.get(client)
        self._tell(client, "namespace", self._explorer.scan(), wish)
        if source is not None:
            self._tell(client, "layers", self._explorer.layers(source, fresh=wish.fresh), wish)

    def _tell(self, client: str, what: str, message: messages.DataMessage, wish: _Wish) -> None:
        with self._lock:
            known = self._told.get((client, what)) == message
            self._told[client, what] = message
        if wish.fresh or not known:
            wish.offer(("sources", what), Envelope(message))
