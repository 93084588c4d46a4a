"""What tables a canvas can show, and how their columns are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.kinds import derives_from
from deepview_lab.data.table_columns import columns_of
from deepview_lab.exceptions import DataError

__all__ = ["Frame"]

# Any: tables of libraries, and what their cells hold.
_TABLES = (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table"))
_PARQUET = frozenset({".parquet", ".pq"})


class Frame:
    """A table of pandas, Polars or Arrow, or a Parquet file.

    Attributes
    ----------
    columns : mapping of str to numpy.ndarray
        Its columns by name.
    rows : int
        Samples.
    index : numpy.ndarray or None
        The index of a pandas table, where it tells the rows apart and is not just their numbers.

    Parameters
    ----------
    value : pandas.DataFrame, polars.DataFrame, pyarrow.Table, Path or str
        The table.

    Raises
    ------
    TypeError
        when it is something else.
    FileNotFoundError
        when there is no such file.
    DataError
        when the file is no Parquet, or several columns have one name.
    """

    def __init__(self, value: Any) -> None:
        self._table = _read(Path(value).expanduser()) if isinstance(value, str | Path) else value
        self.columns: Mapping[str, NDArray[Any]] = columns_of(self._table)
        self.rows = len(self._table)
        self.index = self._index()

    @staticmethod
    def recognises(value: Any) -> bool:
        """Return whether it is a table, or may be the path of one."""
        return isinstance(value, str | Path) or any(derives_from(value, *kind) for kind in _TABLES)

    def at(self, rows: NDArray[np.intp]) -> Any:
        """Return some rows, as a DataFrame of pandas with the columns and types that the table has there."""
        if derives_from(self._table, "pandas", "DataFrame"):
            return self._table.iloc[rows].copy()
        arrow = self._table.to_arrow() if derives_from(self._table, "polars", "DataFrame") else self._table
        return arrow.take(rows).to_pandas()

    def _index(self) -> NDArray[Any] | None:
        if not derives_from(self._table, "pandas", "DataFrame"):
            return None
        index = self._table.index
        counts = type(index).__name__ == "RangeIndex" or index.nlevels > 1 or not index.is_unique
        return None if counts else np.asarray(index.to_numpy())


def _read(path: Path) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - importing deepview_lab stays quick
    import pyarrow.parquet as pq  # noqa: PLC0415

    if path.suffix.lower() not in _PARQUET:
        raise DataError(
            f"A canvas opens Parquet files (.parquet), but {path.name!r} is none. Read it first, for example with "
            "pandas, and pass the table."
        )
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} cannot be read as Parquet: {error}") from error
