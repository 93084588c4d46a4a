"""Columns of Parquet tables as NumPy arrays, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["array_of", "column_of"]

# Any: pyarrow has no types.


def column_of(values: NDArray[Any]) -> Any:
    """Return a column: numbers as they are, text as strings, 2-D arrays as lists of one length."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    if values.ndim > 1:
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1])
    return pa.array(values.tolist(), pa.string()) if values.dtype.kind in "UO" else pa.array(values)


def array_of(column: Any) -> NDArray[Any]:
    """Return the array of a column that :func:`column_of` made."""
    import pyarrow as pa  # noqa: PLC0415

    whole = column.combine_chunks()
    if pa.types.is_fixed_size_list(whole.type):
        return np.asarray(whole.flatten()).reshape(len(whole), whole.type.list_size)
    if pa.types.is_string(whole.type):
        return np.array(whole.to_pylist(), dtype=np.str_)
    return np.asarray(whole.to_numpy(zero_copy_only=False))
