"""Columns of samples on the wire: chunks of at most 4 MiB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.sample_table import Categories, SampleColumn
from deepview_lab.transport.wire.arrow import encode_columns

__all__ = ["CHUNK_BYTES", "LONGEST_TEXT", "encode_chunk"]

CHUNK_BYTES = 4 * 1024 * 1024
# In UTF-8 at most 4 MB, so that one text always fits.
LONGEST_TEXT = 1_000_000

# For what Arrow puts around the values of both streams.
_ENVELOPE_BYTES = 8192
_MOST_TEXTS = 262_144
_OFFSET_BYTES = 4


def encode_chunk(column: SampleColumn, start: int, limit: int = CHUNK_BYTES) -> tuple[int, tuple[bytes, ...]]:
    """Return how many rows from ``start`` on fit into one chunk, and their Arrow IPC streams.

    Texts of more than ``LONGEST_TEXT`` characters are cut.

    Parameters
    ----------
    column : SampleColumn
        The column.
    start : int
        From 0 to the number of rows.
    limit : int
        Bytes of all streams together, at most; at least one row is in a chunk all the same.
    """
    room = limit - _ENVELOPE_BYTES
    values = column.values
    if isinstance(values, Categories):
        return _categories(values, start, room)
    if column.type == "text":
        texts = _texts(values[start : start + _MOST_TEXTS], room)
        return len(texts), (encode_columns({"value": np.array(texts, dtype=object)}),)
    numbers = _compact(values)
    part = numbers[start : start + max(1, room // numbers.dtype.itemsize)]
    return len(part), (encode_columns({"value": np.ascontiguousarray(part)}),)


def _compact(values: NDArray[Any]) -> NDArray[Any]:
    """Return floats as float32 or float64, whole numbers as int32 where they fit: what a browser has arrays for."""
    if values.dtype.kind == "f":
        return values if values.dtype.itemsize >= np.float32(0).itemsize else values.astype(np.float32)
    small = np.iinfo(np.int32)
    fits = not len(values) or (small.min <= int(values.min()) and int(values.max()) <= small.max)
    return values.astype(np.int32 if fits else np.float64, copy=False)


def _texts(values: NDArray[Any], room: int) -> list[str]:
    texts: list[str] = []
    for value in values.tolist():
        text = ("" if value is None else str(value))[:LONGEST_TEXT]
        room -= _bytes(text)
        if room < 0 and texts:
            break
        texts.append(text)
    return texts


def _categories(values: Categories, start: int, room: int) -> tuple[int, tuple[bytes, ...]]:
    """Return codes into a dictionary of this chunk alone: that of the column may be larger than a chunk."""
    part = values.codes[start : start + max(1, room // (2 * _OFFSET_BYTES))]
    while True:
        used, codes = np.unique(part, return_inverse=True)
        if len(used) and used[0] < 0:
            used, codes = used[1:], codes - 1
        words = [values.words[code][:LONGEST_TEXT] for code in used.tolist()]
        if len(part) <= 1 or len(part) * _OFFSET_BYTES + sum(map(_bytes, words)) <= room:
            break
        part = part[: len(part) // 2]
    streams = {"value": codes.astype(np.int32)}, {"word": np.array(words, dtype=object)}
    return len(part), tuple(encode_columns(stream) for stream in streams)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + _OFFSET_BYTES
