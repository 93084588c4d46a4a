"""Long columns that hold one array per layer, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from deepview_lab.exceptions import ReportFileError

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["Pieces", "per_layer"]

# Any: columns of all dtypes.


def per_layer(columns: Mapping[str, Mapping[str, NDArray[Any]]], dtype: DTypeLike) -> pa.Table:
    """Return a table of the column ``layer`` and ``columns``, each a mapping of layer to 1-D array of equal lengths."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    first = next(iter(columns.values()))
    numbers = np.repeat(np.arange(len(first), dtype=np.int32), [len(values) for values in first.values()])
    names = pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(list(first), pa.string()))
    joined = {
        name: pa.array(np.concatenate([np.empty(0, dtype), *arrays.values()]).astype(dtype, copy=False))
        for name, arrays in columns.items()
    }
    return pa.table({"layer": names, **joined})


class Pieces:
    """Gives the arrays of a column of ``dtype`` back, in the order of the layers."""

    def __init__(self, file: ReportFile, table: str, column: str, dtype: DTypeLike) -> None:
        self._where = f"Column {column!r} of table {table!r} of {file.path}"
        found = file.table(table, [column])[column]
        if str(found.type) != str(np.dtype(dtype)).replace("float64", "double") or found.null_count:
            raise ReportFileError(f"{self._where} is of the type {found.type}, or lacks values.")
        self._values: NDArray[Any] = found.to_numpy()
        self._position = 0

    def next(self, count: int) -> NDArray[Any]:
        """Return the next ``count`` values, read-only.

        Raises
        ------
        ReportFileError
            when there are fewer.
        """
        end = self._position + count
        if count < 0 or end > len(self._values):
            raise ReportFileError(f"{self._where} has {len(self._values)} values, but its layers need more.")
        piece = self._values[self._position : end]
        piece.flags.writeable = False
        self._position = end
        return piece
