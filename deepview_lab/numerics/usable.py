"""Which samples can be counted with: one rule for all analyses."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST", "usable_samples"]

# Some analyses keep rows in float32: a larger number would be infinite in these and not in others.
LARGEST: Final = float(np.finfo(np.float32).max)


def usable_samples(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return [n] whether each sample of ``values`` [n, ...] has only numbers up to :data:`LARGEST` in magnitude.

    Examples
    --------
    >>> usable_samples(np.array([[1.0, -2.0], [np.nan, 0.0], [-np.inf, 0.0], [1e160, 0.0], [3e38, 0.0]]))
    array([ True, False, False, False,  True])
    """
    rows = values.reshape(len(values), math.prod(values.shape[1:]))
    if not np.issubdtype(rows.dtype, np.floating):
        return np.ones(len(rows), dtype=np.bool_)
    if rows.dtype.itemsize <= np.dtype(np.float32).itemsize:
        return np.asarray(np.isfinite(rows).all(axis=1))
    return np.asarray(np.abs(rows).max(axis=1, initial=0) <= LARGEST)  # False for NaN
