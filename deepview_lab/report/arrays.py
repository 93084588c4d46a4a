"""Columns of Parquet tables as NumPy arrays, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["array_of", "column_of"]

_BYTES_PER_CHARACTER = 4

# Any: pyarrow has no types.


def column_of(values: NDArray[Any]) -> Any:
    """Return a column: numbers as they are, text as strings, 2-D arrays as lists of one length."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    if values.ndim > 1:
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1])
    return pa.array(values.tolist(), pa.string()) if values.dtype.kind in "UO" else pa.array(values)


def array_of(column: Any, *, most: int) -> NDArray[Any]:
    """Return the array of a column that :func:`column_of` made.

    Raises
    ------
    ValueError
        when it lacks values, is of another type, or is text that would take more than ``most`` bytes, since NumPy gives
        each text the room of the longest.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if column.null_count:
        raise ValueError("a column lacks values")
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_fixed_size_list(whole.type):
        return np.asarray(whole.flatten()).reshape(len(whole), whole.type.list_size)
    if pa.types.is_string(whole.type):
        longest = pc.max(pc.utf8_length(whole)).as_py() or 0
        if len(whole) * longest * _BYTES_PER_CHARACTER > most:
            raise ValueError(
                f"{len(whole):,} texts, the longest of {longest:,} characters, take more than {most:,} bytes"
            )
        return np.array(whole.to_pylist(), dtype=np.str_)
    if not (pa.types.is_integer(whole.type) or pa.types.is_floating(whole.type) or pa.types.is_boolean(whole.type)):
        raise ValueError(f"a column is of the type {whole.type}")
    return np.asarray(whole.to_numpy(zero_copy_only=False))
