"""What clients are told of single samples: the columns at once, values when they ask for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.engine import RunView
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.coalescing_queue import CoalescingQueue
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.sample_chunks import encode_chunk

__all__ = ["SampleFeed", "samples_message"]

Offer: TypeAlias = Callable[[Hashable, Envelope], None]


@dataclass(frozen=True, eq=False)
class _Described:
    """A table in words. ``since`` has, by column, the version that was the first to have its values."""

    table: SampleTable
    version: int
    since: Mapping[str, int]
    envelope: Envelope


@dataclass(frozen=True)
class _Request:
    message: messages.ReadColumn
    run: RunView
    offer: Offer


class SampleFeed:
    """Describes tables of samples, and sends columns in chunks on a thread of its own.

    A client asks for each chunk, so it gets no more than it can take, and goes on where it was after a reload.
    """

    def __init__(self) -> None:
        self._described: dict[tuple[str, str], _Described] = {}
        self._lock = threading.Lock()
        self._queue: CoalescingQueue[tuple[str, str, str, str], _Request] = CoalescingQueue(
            "deepview-samples", lambda _, request: self._send(request), "Could not send samples to a client"
        )

    def news(self, run: RunView, name: str) -> Envelope | None:
        """Return the description of an introspector's table of samples where it is new, else None."""
        before = self._described.get((run.id, name))
        described = self._describe(run, name)
        return None if described is None or described is before else described.envelope

    def of(self, run: RunView) -> list[tuple[Hashable, Envelope]]:
        """Return all descriptions of a run, under the keys of a channel."""
        described = {name: self._describe(run, name) for name in run.introspectors}
        return [(("samples", run.id, name), known.envelope) for name, known in described.items() if known is not None]

    def read(self, message: messages.ReadColumn, run: RunView, offer: Offer) -> None:
        """Send a chunk that a client asks for, soon. Returns at once."""
        self._queue.add((message.client, run.id, message.introspector, message.column), _Request(message, run, offer))

    def leave(self, client: str) -> None:
        """Forget what a client has asked for."""
        self._queue.drop(lambda key: key[0] == client)

    def forget(self, run: str) -> None:
        """Forget a run."""
        self._queue.drop(lambda key: key[1] == run)
        with self._lock:
            self._described = {key: known for key, known in self._described.items() if key[0] != run}

    def close(self) -> None:
        """End the thread after what it does now."""
        self._queue.close()

    def _describe(self, run: RunView, name: str) -> _Described | None:
        with self._lock:
            before = self._described.get((run.id, name))
            table = run.sample_table(name)
            if table is None or (before is not None and table is before.table):
                return before
            described = _described(run.id, name, table, before)
            self._described[run.id, name] = described
            return described

    def _send(self, request: _Request) -> None:
        message, run = request.message, request.run
        if message.introspector not in run.introspectors:
            return
        described = self._describe(run, message.introspector)
        column = described.table.column(message.column) if described is not None else None
        # Of other values the client hears by a new description, and asks again.
        if described is None or column is None or described.since[column.name] != message.since:
            return
        if message.start >= len(column):
            return
        rows, buffers = encode_chunk(column, message.start)
        chunk = messages.SampleChunk(
            run=run.id,
            introspector=message.introspector,
            column=column.name,
            type=column.type,
            since=message.since,
            start=message.start,
            rows=rows,
        )
        request.offer(("sample_chunk", run.id, message.introspector, column.name), Envelope(chunk, buffers))


def _described(run: str, name: str, table: SampleTable, before: _Described | None) -> _Described:
    version = 1 if before is None else before.version + 1
    since = {column.name: version for column in table.columns}
    if before is not None and before.table.rows == table.rows:
        for column in table.columns:
            old = before.table.column(column.name)
            if old is not None and old.type == column.type and old.has_values_of(column):
                since[column.name] = before.since[column.name]
    message = samples_message(run, name, table, version=version, since=since)
    return _Described(table, version, since, Envelope(message))


def samples_message(
    run: str, name: str, table: SampleTable, *, version: int = 1, since: Mapping[str, int] | None = None
) -> messages.Samples:
    """Return the columns of a table of samples in the words of the protocol.

    Parameters
    ----------
    run, name : str
        Id of the run, name of the introspector.
    table : SampleTable
        What is told.
    version : int
        Of the table.
    since : mapping of str to int, optional
        By column, the version that was the first to have its values; this one when left out.
    """
    return messages.Samples(
        run=run,
        introspector=name,
        version=version,
        rows=table.rows,
        columns=[
            messages.SampleColumn(
                name=column.name,
                role=column.role,
                type=column.type,
                title=column.title,
                response=column.response,
                since=version if since is None else since[column.name],
            )
            for column in table.columns
        ],
        sort_by=table.sort_by,
        descending=table.descending,
    )
