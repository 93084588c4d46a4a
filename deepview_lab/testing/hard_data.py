"""Data that breaks careless arithmetic, seeded, and ways to cut it into batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepview_lab.base import Batch

__all__ = ["HARD_DATA", "cut", "producer_of"]

Maker: TypeAlias = Callable[[np.random.Generator, int], NDArray[Any]]


def _relu_maps(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    maps = np.maximum(rng.standard_normal((rows, 3, 2, 5), dtype=np.float32), 0)
    maps[..., 2] = 0  # a dead channel
    return maps


def _offset_float64(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    return rng.standard_normal((rows, 4)) + 1e6


def _offset_float32(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    return (rng.standard_normal((rows, 4)) + 1e4).astype(np.float32)


def _constant_column(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    values = rng.standard_normal((rows, 3))
    values[:, 1] = 1000.0
    return values


def _not_finite(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    values = np.maximum(rng.standard_normal((rows, 3), dtype=np.float32), 0)
    odd = np.array([np.nan, np.inf, -np.inf], dtype=np.float32)
    for row in range(1, rows, 3):
        values[row, row % 3] = odd[row % 3]
    return values


def _all_zero(rng: np.random.Generator, rows: int) -> NDArray[Any]:  # noqa: ARG001 - one form for all
    return np.zeros((rows, 2))


def _integers(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    return rng.integers(-128, 127, (rows, 3), dtype=np.int8, endpoint=True)


def _single_numbers(rng: np.random.Generator, rows: int) -> NDArray[Any]:
    return np.round(rng.standard_normal(rows))


HARD_DATA: Mapping[str, Maker] = {
    "relu_maps": _relu_maps,
    "offset_float64": _offset_float64,
    "offset_float32": _offset_float32,
    "constant_column": _constant_column,
    "not_finite": _not_finite,
    "all_zero": _all_zero,
    "integers": _integers,
    "single_numbers": _single_numbers,
}
"""Makers of one field each: they take a generator and a number of rows."""


def cut(fields: Mapping[str, ArrayLike], sizes: Sequence[int]) -> Iterator[Batch]:
    """Yield ``fields`` in batches of ``sizes`` (0 is allowed), then what is left, if any."""
    arrays = {name: np.asarray(array) for name, array in fields.items()}
    rows = len(next(iter(arrays.values())))
    start = 0
    for size in [*sizes, rows]:
        end = min(start + size, rows)
        if end > start or size == 0:
            yield Batch({name: array[start:end] for name, array in arrays.items()})
        start = end


def producer_of(fields: Mapping[str, ArrayLike]) -> Callable[[int], Iterator[Batch]]:
    """Return a producer of ``fields`` whose last batch is shorter when the rows do not divide."""
    rows = len(np.asarray(next(iter(fields.values()))))

    def produce(batch_size: int) -> Iterator[Batch]:
        return cut(fields, [batch_size] * (rows // batch_size))

    return produce
