"""Rows in blocks, so that temporary copies stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ROWS", "blocks"]

# Of a thousand float64 units, 128 MiB.
ROWS = 16_384


def blocks(count: int, size: int = ROWS) -> Iterator[slice]:
    """Yield slices that cover ``range(count)`` in order, ``size`` long but for the last."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
