"""Files as data: ``.npy``, ``.npz``, ``.parquet``, ``.csv``. Nothing in them is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import is_path
from deepview_lab.data.arrays import ArraySource
from deepview_lab.data.columns import from_columns
from deepview_lab.data.tables import TableSource
from deepview_lab.exceptions import DataError

__all__ = ["FileSource"]


class FileSource:
    """The path of a file that holds data."""

    def recognises(self, value: Any) -> str | None:
        """Return the kind of the file at this path."""
        if not is_path(value) and type(value) is not str:
            return None
        try:
            path = Path(value).expanduser()
            return _KINDS[path.suffix.lower()][0] if path.suffix.lower() in _KINDS and path.is_file() else None
        except (OSError, ValueError, RuntimeError):  # too long, a null byte, no home
            return None

    def size(self, value: Any) -> int | None:  # noqa: ARG002 - the file would have to be read
        """Return None: the file has to be read for that."""
        return None

    def offers(self, value: Any) -> bool:
        """Return whether it is a path, not a text that may be one."""
        return is_path(value)

    def producer(self, value: Any, options: DataOptions) -> Any:
        """Return a producer of what it holds."""
        path = Path(value).expanduser()
        _, read = _KINDS[path.suffix.lower()]
        try:
            return read(path, options)
        except DataError:
            raise
        except (OSError, ValueError) as error:
            raise DataError(f"{path} cannot be read: {error}") from error


def _npy(path: Path, options: DataOptions) -> Any:
    return ArraySource().producer(np.load(path, mmap_mode="r", allow_pickle=False), options)


def _npz(path: Path, options: DataOptions) -> Any:
    with np.load(path, allow_pickle=False) as archive:
        return from_columns({name: archive[name] for name in archive.files}, options, what="NumPy archive")


def _parquet(path: Path, options: DataOptions) -> Any:
    from pyarrow import parquet  # noqa: PLC0415 - 50 ms that only this needs

    return TableSource().producer(parquet.read_table(path, memory_map=True), options)


def _csv(path: Path, options: DataOptions) -> Any:
    import pandas as pd  # noqa: PLC0415 - half a second that only tables need

    return TableSource().producer(pd.read_csv(path), options)


_KINDS: Final[Mapping[str, tuple[str, Callable[[Path, DataOptions], Any]]]] = {
    ".npy": ("NumPy file", _npy),
    ".npz": ("NumPy archive", _npz),
    ".parquet": ("Parquet file", _parquet),
    ".csv": ("CSV file", _csv),
}
