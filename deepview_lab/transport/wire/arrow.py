"""Tables on the wire: columns of NumPy arrays to an Arrow IPC stream, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["decode_columns", "encode_columns"]


def encode_columns(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an Arrow IPC stream of one record batch.

    Parameters
    ----------
    columns : mapping of str to array
        One row per layer. 1-D arrays become plain columns, 2-D arrays fixed-size lists.
    """
    import pyarrow as pa  # noqa: PLC0415 - 0.1 s that scripts without a canvas need not pay

    arrays = []
    for values in columns.values():
        if values.ndim == 1:
            # Without a type, a column of no texts would have none, which the page does not read.
            text = values.dtype.kind in "UO"
            arrays.append(pa.array(values.tolist(), pa.string()) if text else pa.array(values))
        else:
            arrays.append(pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1]))
    batch = pa.RecordBatch.from_arrays(arrays, names=list(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue().to_pybytes())


def decode_columns(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the columns of :func:`encode_columns`; text comes back as objects."""
    import pyarrow as pa  # noqa: PLC0415

    table = pa.ipc.open_stream(data).read_all().combine_chunks()
    return {name: _as_array(table.column(name).combine_chunks()) for name in table.column_names}


def _as_array(column: Any) -> NDArray[Any]:  # Any: pyarrow has no types
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_fixed_size_list(column.type):
        return np.asarray(column.flatten()).reshape(len(column), column.type.list_size)
    return np.asarray(column.to_numpy(zero_copy_only=False))
