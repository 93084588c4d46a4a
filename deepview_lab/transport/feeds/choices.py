"""What users have chosen among the samples of a table: filter, selection, groups, tags. Python and pages share it."""

from __future__ import annotations

import binascii
import threading
from base64 import b64decode
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.wire import messages

__all__ = ["Choice", "Choices", "Rows"]

# Of bool, one per sample.
Rows: TypeAlias = NDArray[np.bool_]
_Key: TypeAlias = tuple[str, str]
_MOST_TAGS = 1000


@dataclass(frozen=True, eq=False)
class Choice:
    """What is chosen in one table. Immutable.

    Attributes
    ----------
    selected, excluded : numpy.ndarray
        bool [rows].
    tags : mapping of str to numpy.ndarray
        bool [rows] of each tag; a tag without samples is none.
    filter : str
        An expression; empty for none.
    group_by : tuple of str
        Names of at most two columns.
    """

    selected: Rows
    excluded: Rows
    tags: Mapping[str, Rows] = field(default_factory=dict)
    filter: str = ""
    group_by: tuple[str, ...] = ()

    @classmethod
    def none(cls, rows: int) -> Choice:
        """Return that nothing is chosen."""
        return cls(np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool))

    @property
    def rows(self) -> int:
        """Samples of the table."""
        return len(self.selected)


class Choices:
    """The choices of all tables, and who is told of changes.

    Parameters
    ----------
    tell : callable
        Takes the id of a run, the key of a message, the message, and the client that knows it already.
    """

    def __init__(self, tell: Callable[[str, Hashable, Envelope, str | None], None]) -> None:
        self._tell = tell
        self._known: dict[_Key, Choice] = {}
        self._watchers: dict[Callable[[str, str], None], None] = {}
        self._lock = threading.Lock()

    def of(self, run: str, introspector: str, rows: int) -> Choice:
        """Return what is chosen in a table of ``rows`` samples."""
        with self._lock:
            known = self._known.get((run, introspector))
        return known if known is not None and known.rows == rows else Choice.none(rows)

    def watch(self, watcher: Callable[[str, str], None]) -> Callable[[], None]:
        """Call ``watcher`` with the run and the introspector of what pages choose; return what ends that."""
        self._watchers[watcher] = None
        return lambda: self._watchers.pop(watcher, None)

    def put(self, run: str, introspector: str, choice: Choice, *, by: str | None = None) -> None:
        """Choose from now on; all pages but ``by`` are told, and all watchers if a page has chosen."""
        with self._lock:
            self._known[run, introspector] = choice
        self._tell(run, ("choice", run, introspector), _envelope(run, introspector, choice), by)
        if by is not None:
            for watcher in list(self._watchers):
                watcher(run, introspector)

    def take(self, message: messages.Choose, rows: int) -> None:
        """Take in what a page has chosen.

        Raises
        ------
        ValueError
            when it does not fit a table of ``rows`` samples.
        """
        if message.rows != rows:
            raise ValueError(f"Expected a choice among {rows} samples, got one among {message.rows}.")
        choice = self.of(message.run, message.introspector, rows)
        if message.selected is not None:
            choice = replace(choice, selected=_rows(message.selected, rows))
        if message.excluded is not None:
            choice = replace(choice, excluded=_rows(message.excluded, rows))
        if message.tags is not None:
            if len(message.tags) > _MOST_TAGS:
                raise ValueError(f"Expected at most {_MOST_TAGS} tags, got {len(message.tags)}.")
            choice = replace(choice, tags={name: _rows(bits, rows) for name, bits in message.tags.items()})
        if message.filter is not None:
            choice = replace(choice, filter=message.filter)
        if message.group_by is not None:
            choice = replace(choice, group_by=tuple(message.group_by))
        self.put(message.run, message.introspector, choice, by=message.client)

    def envelopes(self, run: str) -> list[tuple[Hashable, Envelope]]:
        """Return what is chosen in the tables of a run, under the keys of a channel."""
        with self._lock:
            known = [(name, choice) for (of, name), choice in self._known.items() if of == run]
        return [(("choice", run, name), _envelope(run, name, choice)) for name, choice in known]

    def forget(self, run: str) -> None:
        """Forget a run."""
        with self._lock:
            self._known = {key: choice for key, choice in self._known.items() if key[0] != run}


def _envelope(run: str, introspector: str, choice: Choice) -> Envelope:
    message = messages.SampleChoice(
        run=run,
        introspector=introspector,
        rows=choice.rows,
        filter=choice.filter,
        group_by=list(choice.group_by),
        tags=list(choice.tags),
    )
    return Envelope(message, tuple(map(_bits, (choice.selected, choice.excluded, *choice.tags.values()))))


def _bits(rows: Rows) -> bytes:
    return np.packbits(rows, bitorder="little").tobytes()


def _rows(text: str, count: int) -> Rows:
    try:
        content = b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"Expected rows as bits in base64 ({error}).") from None
    if len(content) != -(-count // 8):
        raise ValueError(f"Expected {-(-count // 8)} bytes for {count} rows, got {len(content)}.")
    return np.unpackbits(np.frombuffer(content, np.uint8), count=count, bitorder="little").astype(bool)
