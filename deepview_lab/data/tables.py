"""Tables of pandas, Polars and Arrow as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.data.columns import from_columns
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.table_columns import columns_of

__all__ = ["TableSource"]

_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "pandas": ("DataFrame", "pandas table"),
    "polars": ("DataFrame", "Polars table"),
    "pyarrow": ("Table", "Arrow table"),
}


class TableSource:
    """A table: its columns of pictures (paths or bytes), else of vectors, else all numbers."""

    def recognises(self, value: Any) -> str | None:
        """Return whose table it is."""
        return next((what for package, (name, what) in _TABLES.items() if derives_from(value, package, name)), None)

    def size(self, value: Any) -> int | None:
        """Return the number of its rows."""
        return len(value) if any(is_exactly(value, package) for package in _TABLES) else None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of its rows."""
        return from_columns(columns_of(value), options, what=self.recognises(value) or "table")
