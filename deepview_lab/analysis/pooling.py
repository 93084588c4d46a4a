"""One value per unit and sample: how the positions of feature maps are pooled."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape

__all__ = ["Pool", "resolved_pool", "unit_rows"]

# The squares of larger numbers, summed over many samples, would leave the range of float64.
_LARGEST = 1e140


class Pool(Enum):
    """How the positions of a feature map become one value per unit."""

    AVERAGE = "average"
    MAX = "max"


def resolved_pool(pool: Pool | str | Enum | None) -> Pool | None:
    """Return the pooling that is meant; an enum member of another type counts by its name.

    Raises
    ------
    ValueError
        when there is no such pooling.
    """
    if pool is None or isinstance(pool, Pool):
        return pool
    name = pool.name if isinstance(pool, Enum) else str(pool)
    try:
        return Pool(name.lower())
    except ValueError:
        raise ValueError(f"pool must be None, 'average' or 'max', but is {name!r}.") from None


def unit_rows(values: NDArray[Any], shape: ResponseShape, pool: Pool | None) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return one row [units] per sample, and which samples [bool] hold only values that can be counted with.

    Without positions ``pool`` does not matter; with positions it must be set.
    """
    if not shape.positions:
        rows = values.reshape(len(values), shape.units)
        return rows, _usable(rows)
    axes = tuple(axis + 1 for axis in shape.positions)
    if pool is Pool.MAX:
        # A maximum hides minus infinity, so all values are looked at.
        return values.max(axis=axes), _usable(values.reshape(len(values), shape.size))
    with np.errstate(invalid="ignore", over="ignore"):
        rows = values.mean(axis=axes, dtype=np.float64)
    return rows, _usable(rows)


def _usable(rows: NDArray[Any]) -> NDArray[np.bool_]:
    if not np.issubdtype(rows.dtype, np.floating):
        return np.ones(len(rows), dtype=np.bool_)
    if float(np.finfo(rows.dtype).max) <= _LARGEST:
        return np.asarray(np.isfinite(rows).all(axis=1))
    return np.asarray(np.abs(rows).max(axis=1) <= _LARGEST)  # False for NaN
