"""A whole run in one piece, as a page or a report file holds it."""

from __future__ import annotations

from typing import Final

import msgspec

from deepview_lab.transport.wire.messages import DataMessage

__all__ = ["SHARED_VERSION", "SharedRun"]

SHARED_VERSION: Final = 1


class SharedRun(msgspec.Struct, frozen=True, kw_only=True):
    """All that a kernel can tell of an ended run. Readers must not trust it.

    `messages` hold its state, its tables, the details of its layers and its samples, each column in chunks. `places`
    has, for each message, which `buffers` are its Arrow IPC streams: one may serve several. Buffers are packed with
    zlib and then in base64; unpacked they have `sizes` bytes. `created` is when this was written, `version` by which
    DeepView Lab, `contents` what is in it, for people. `code` is what started the run, null where it is left out.
    """

    v: int = SHARED_VERSION
    run: str
    created: str
    version: str
    contents: list[str]
    code: str | None
    messages: list[DataMessage]
    places: list[list[int]]
    sizes: list[int]
    buffers: list[str]
