"""Columns of Parquet tables as NumPy arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["arrays_of", "column_of"]

_BYTES_PER_CHARACTER: Final = 4
_MOST_TEXT: Final = 256 * 2**20

# Any: pyarrow has no types.


def column_of(values: NDArray[Any]) -> Any:
    """Return a column: numbers as they are, text as strings, 2-D arrays as lists of one length."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    if values.ndim > 1:
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1])
    return pa.array(values.tolist(), pa.string()) if values.dtype.kind in "UO" else pa.array(values)


def arrays_of(table: pa.Table, *, most: int = _MOST_TEXT) -> Mapping[str, NDArray[Any]]:
    """Return the columns of a table, each of which :func:`column_of` made.

    Raises
    ------
    ValueError
        when one lacks values, is of another type, or all text would take more than ``most`` bytes, since NumPy gives
        each text of a column the room of the longest.
    """
    left = most
    arrays = {}
    for name in table.column_names:
        column = table[name]
        left -= _text_room(column)
        if left < 0:
            raise ValueError(f"the texts up to column {name[:80]!r} take more than {most:,} bytes as arrays")
        arrays[name] = _array(column)
    return arrays


def _text_room(column: Any) -> int:
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    from pyarrow import compute  # noqa: PLC0415

    functions: Any = compute  # made at run time
    if not pa.types.is_string(column.type):
        return 0
    return len(column) * (functions.max(functions.utf8_length(column)).as_py() or 0) * _BYTES_PER_CHARACTER


def _array(column: Any) -> NDArray[Any]:
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    if column.null_count:
        raise ValueError("a column lacks values")
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_fixed_size_list(whole.type):
        return np.asarray(whole.flatten()).reshape(len(whole), whole.type.list_size)
    if pa.types.is_string(whole.type):
        return np.array(whole.to_pylist(), dtype=np.str_)
    if not (pa.types.is_integer(whole.type) or pa.types.is_floating(whole.type) or pa.types.is_boolean(whole.type)):
        raise ValueError(f"a column is of the type {whole.type}")
    return np.asarray(whole.to_numpy(zero_copy_only=False))
