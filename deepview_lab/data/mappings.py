"""Dicts of arrays as data."""

from __future__ import annotations

from typing import Any

from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.arrays import is_array, sample_count_of
from deepview_lab.data.columns import from_columns
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.labels import as_array

__all__ = ["MappingSource"]


class MappingSource:
    """A dict of arrays: one field each, but labels, identifiers and splits, which are told by their names."""

    def recognises(self, value: Any) -> str | None:
        """Return "dict of arrays"."""
        if type(value) is not dict or not value:
            return None
        named = all(type(name) is str for name in value)
        return "dict of arrays" if named and all(map(is_array, value.values())) else None

    def size(self, value: Any) -> int | None:
        """Return the length of its first array."""
        return sample_count_of(next(iter(value.values())))

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of its arrays."""
        return from_columns({name: as_array(values) for name, values in value.items()}, options, what="dict of arrays")
