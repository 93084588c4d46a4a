"""A run as a page holds it: everything that clients could ask a kernel for, told at once."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator

from deepview_lab import __version__
from deepview_lab.engine import RunView
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.focus import detail_envelope
from deepview_lab.transport.feeds.samples import samples_message
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.analyses import analysis_infos
from deepview_lab.transport.wire.describe import layers_envelope, snapshot_envelope, state_envelope
from deepview_lab.transport.wire.sample_chunks import encode_chunk
from deepview_lab.transport.wire.shared import SharedRun

__all__ = ["shared_run"]

# Higher levels make pages hardly smaller, and take several times as long.
_LEVEL = 6


def shared_run(
    run: RunView, *, created: str, contents: list[str], code: str | None = None, samples: bool = True
) -> SharedRun:
    """Return an ended run in one piece.

    Parameters
    ----------
    run : RunView
        It has ended, and its tables are complete.
    created : str
        Time in UTC, ISO 8601.
    contents : list of str
        What is in it, for people.
    code : str, optional
        What started the run.
    samples : bool
        Whether the values of single samples are in it.
    """
    packed = _Packed()
    told = [_hello(run), state_envelope(run), layers_envelope(run, run.responses), *_tables(run), *_details(run)]
    if samples:
        told += _samples(run)
    places = [[packed.add(buffer) for buffer in envelope.buffers] for envelope in told]
    return SharedRun(
        run=run.id,
        created=created,
        version=__version__,
        contents=contents,
        code=code,
        messages=[envelope.message for envelope in told],
        places=places,
        sizes=packed.sizes,
        buffers=packed.buffers,
    )


class _Packed:
    """Buffers, each different one once: a report has the columns of its parts."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.buffers: list[str] = []
        self._places: dict[bytes, int] = {}

    def add(self, buffer: bytes) -> int:
        """Return the place of a buffer."""
        if buffer not in self._places:
            self._places[buffer] = len(self.buffers)
            self.sizes.append(len(buffer))
            self.buffers.append(b64encode(zlib.compress(buffer, _LEVEL)).decode("ascii"))
        return self._places[buffer]


def _hello(run: RunView) -> Envelope:
    kinds = set(run.introspectors.values())
    # Of the user's other analyses nobody need know.
    analyses = [info for info in analysis_infos() if info.kind in kinds]
    return Envelope(messages.Hello(version=__version__, session=run.id, runs=[run.id], analyses=analyses))


def _tables(run: RunView) -> Iterator[Envelope]:
    for name in run.introspectors:
        table = run.latest(name)
        if table is not None:
            yield snapshot_envelope(run, name, table, final=True)


def _details(run: RunView) -> Iterator[Envelope]:
    for layer in run.responses:
        detail = detail_envelope(run, layer)
        if detail.buffers:
            yield detail


def _samples(run: RunView) -> Iterator[Envelope]:
    for name in run.introspectors:
        table = run.sample_table(name)
        if table is None:
            continue
        described = samples_message(run.id, name, table)
        yield Envelope(described)
        for column, said in zip(table.columns, described.columns, strict=True):
            start = 0
            while start < table.rows:
                rows, buffers = encode_chunk(column, start)
                chunk = messages.SampleChunk(
                    run=run.id,
                    introspector=name,
                    column=column.name,
                    type=column.type,
                    since=said.since,
                    start=start,
                    rows=rows,
                )
                yield Envelope(chunk, buffers)
                start += rows
