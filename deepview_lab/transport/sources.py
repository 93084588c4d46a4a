"""What the clients are told of the user's variables: everything at first, then what has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from deepview_lab.transport import messages
from deepview_lab.transport.channel import Envelope

__all__ = ["Explorer", "SourceFeed"]

Offer: TypeAlias = Callable[[Hashable, Envelope], None]

_logger = logging.getLogger(__name__)


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


class SourceFeed:
    """Looks for the clients, on a thread of its own: neither the end of a cell nor a control message waits for it.

    Remembers for each client which variable it inspects, and what it was told last. Wishes of one client that wait are
    fulfilled by one look.
    """

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._inspected: dict[str, str | None] = {}
        self._told: dict[tuple[str, str], messages.DataMessage] = {}
        self._wishes: dict[str, _Wish] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def inspect(self, client: str, source: str | None) -> None:
        """With the next look, tell a client the layers of ``source`` too."""
        with self._changed:
            self._inspected[client] = source

    def look(self, client: str, offer: Offer, *, fresh: bool) -> None:
        """Look again, and tell a client what it does not know yet; everything if ``fresh``. Returns at once."""
        with self._changed:
            waiting = self._wishes.get(client)
            self._wishes[client] = _Wish(offer, fresh or (waiting is not None and waiting.fresh))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="deepview-explorer", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, client: str) -> None:
        """Forget a client."""
        with self._changed:
            self._wishes.pop(client, None)
            self._inspected.pop(client, None)
            self._told = {key: message for key, message in self._told.items() if key[0] != client}

    def close(self) -> None:
        """End the thread after its current look."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wishes or self._closed)
                if self._closed:
                    return
                client = next(iter(self._wishes))
                wish, source = self._wishes.pop(client), self._inspected.get(client)
            try:
                self._fulfil(client, source, wish)
            except Exception:
                _logger.exception("Could not tell a client what is in the namespace")

    def _fulfil(self, client: str, source: str | None, wish: _Wish) -> None:
        self._tell(client, "namespace", self._explorer.scan(), wish)
        if source is not None:
            self._tell(client, "layers", self._explorer.layers(source, fresh=wish.fresh), wish)

    def _tell(self, client: str, what: str, message: messages.DataMessage, wish: _Wish) -> None:
        with self._changed:
            known = self._told.get((client, what)) == message
            self._told[client, what] = message
        if wish.fresh or not known:
            wish.offer(("sources", what), Envelope(message))
