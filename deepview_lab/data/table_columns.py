"""Columns of tables of pandas, Polars and Arrow, as arrays and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.kinds import derives_from
from deepview_lab.data.pictures import is_picture_name
from deepview_lab.exceptions import DataError

__all__ = ["ColumnKind", "columns_of", "kind_of", "pictures_of", "vectors_of"]

# Any: a value of a cell, or a table of a library.
ColumnKind: TypeAlias = Literal["number", "vector", "picture", "other"]

_NUMBERS: Final = "biuf"
_VECTORS: Final = (list, tuple, np.ndarray)


def columns_of(table: Any) -> dict[str, NDArray[Any]]:
    """Return the columns of a table by name, each as an array; cells that are no numbers are Python objects."""
    if derives_from(table, "pandas", "DataFrame"):
        return _unrepeated([(str(name), _of_series(table.iloc[:, at])) for at, name in enumerate(table.columns)])
    arrow = table.to_arrow() if derives_from(table, "polars", "DataFrame") else table
    return _unrepeated([(str(name), _of_arrow(arrow.column(at))) for at, name in enumerate(arrow.column_names)])


def _unrepeated(columns: Sequence[tuple[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    made = dict(columns)
    if len(made) < len(columns):
        raise DataError("The table has several columns of one name. Rename them first.")
    return made


def _of_series(series: Any) -> NDArray[Any]:
    dtype = series.dtype
    if getattr(dtype, "_is_numeric", False) and not isinstance(dtype, np.dtype) and series.hasnans:
        return np.asarray(series.to_numpy(dtype=float, na_value=np.nan))
    return np.asarray(series.to_numpy())


def _of_arrow(column: Any) -> NDArray[Any]:
    import pyarrow as pa  # noqa: PLC0415 - the table has imported it

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return np.asarray(column.to_numpy())
    if pa.types.is_fixed_size_list(kind) and not column.null_count and pa.types.is_primitive(kind.value_type):
        whole = column.combine_chunks()
        chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
        values = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in chunks]
        joined = np.concatenate(values) if len(values) != 1 else values[0]
        return np.asarray(joined).reshape(len(column), kind.list_size)
    cells = np.empty(len(column), object)
    cells[:] = column.to_pylist()
    return cells


def kind_of(column: NDArray[Any]) -> ColumnKind:
    """Return what a column holds, judged by its first cell that is not empty."""
    if column.ndim > 1:
        return "vector" if column.dtype.kind in _NUMBERS else "other"
    if column.dtype.kind in _NUMBERS:
        return "number"
    first = next((cell for cell in column.tolist() if cell is not None), None)
    if isinstance(first, _VECTORS):
        return "vector"
    return "picture" if _picture(first) is not None else "other"


def vectors_of(name: str, column: NDArray[Any]) -> NDArray[Any]:
    """Return a column of vectors as samples x values.

    Raises
    ------
    DataError
        when their lengths differ, or they hold no numbers.
    """
    if column.ndim > 1:
        return column
    try:
        return np.stack([np.asarray(cell, dtype=float) for cell in column.tolist()])
    except (TypeError, ValueError) as error:
        raise DataError(
            f"Column {name!r} must hold vectors of numbers of one length, but does not ({error}). Choose other columns "
            "with field=[...]."
        ) from error


def pictures_of(column: NDArray[Any]) -> list[Path | bytes]:
    """Return the cells of a column of pictures; what is none cannot be opened later, which names its row."""
    return [picture if (picture := _picture(cell)) is not None else b"" for cell in column.tolist()]


def _picture(cell: Any) -> Path | bytes | None:
    if isinstance(cell, Mapping):  # as data sets of Hugging Face keep them
        found = _picture(cell.get("bytes"))
        return found if found is not None else _picture(cell.get("path"))
    if isinstance(cell, bytes):
        return cell
    if isinstance(cell, str | Path) and is_picture_name(str(cell)):
        return Path(cell).expanduser().absolute()
    return None
