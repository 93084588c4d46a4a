"""One value per unit and sample: how the positions of feature maps are pooled."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.numerics.usable import usable_samples

__all__ = ["Pool", "resolved_pool", "unit_rows"]


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

    For that all values of a sample are looked at, before they are pooled: a maximum hides minus infinity, and a mean of
    numbers that are too large may be small.
    Without positions ``pool`` does not matter; with positions it must be set.
    """
    if not shape.positions:
        rows = values.reshape(len(values), shape.units)
        return rows, usable_samples(rows)
    axes = tuple(axis + 1 for axis in shape.positions)
    if pool is Pool.MAX:
        return values.max(axis=axes), usable_samples(values)
    with np.errstate(invalid="ignore", over="ignore"):
        rows = values.mean(axis=axes, dtype=np.float64)
    # What is not finite in float32 is not finite in its mean in float64, which is quicker to look at.
    small = values.dtype.itemsize <= np.dtype(np.float32).itemsize
    return rows, usable_samples(rows if small else values)
