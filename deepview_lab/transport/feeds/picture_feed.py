"""Pictures of samples: made when a page shows the samples, and sent in sheets."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from deepview_lab.data.thumbnails import Sheet, make_sheet
from deepview_lab.engine import RunView
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.coalescing_queue import CoalescingQueue
from deepview_lab.transport.wire import messages

__all__ = ["PictureFeed"]

Offer: TypeAlias = Callable[[Hashable, Envelope], None]


@dataclass(frozen=True)
class _Request:
    message: messages.ReadPictures
    run: RunView
    offer: Offer


class PictureFeed:
    """Makes sheets of pictures on a thread of its own. A client has one request of a size at a time: the newest."""

    def __init__(self) -> None:
        self._queue: CoalescingQueue[tuple[str, str, str, str, int], _Request] = CoalescingQueue(
            "deepview-pictures", lambda _, request: _send(request), "Could not send pictures to a client"
        )

    def read(self, message: messages.ReadPictures, run: RunView, offer: Offer) -> None:
        """Send the pictures that a client asks for, soon. Returns at once."""
        key = (message.client, run.id, message.introspector, message.column, message.edge)
        self._queue.add(key, _Request(message, run, offer))

    def leave(self, client: str) -> None:
        """Forget what a client has asked for."""
        self._queue.drop(lambda key: key[0] == client)

    def forget(self, run: str) -> None:
        """Forget a run."""
        self._queue.drop(lambda key: key[1] == run)

    def close(self) -> None:
        """End the thread after what it does now."""
        self._queue.close()


def _send(request: _Request) -> None:
    message, run = request.message, request.run
    open_row = run.pictures(message.introspector, message.column)
    table = run.sample_table(message.introspector)
    if open_row is None or table is None:
        return
    rows = [row for row in dict.fromkeys(message.rows) if row < table.rows]
    try:
        sheet = make_sheet(open_row, rows, message.edge)
    except MissingExtraError as error:
        sheet = Sheet(b"", 1, (), dict.fromkeys(rows, str(error)))
    answer = messages.Pictures(
        run=run.id,
        introspector=message.introspector,
        column=message.column,
        edge=message.edge,
        across=sheet.across,
        rows=list(sheet.shown),
        problems=[messages.NoPicture(row=row, why=why) for row, why in sheet.problems.items()],
    )
    key = ("pictures", run.id, message.introspector, message.column, message.edge)
    request.offer(key, Envelope(answer, (sheet.content,)))
