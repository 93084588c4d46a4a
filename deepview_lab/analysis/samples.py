"""Who the samples of a result are: ids, labels, paths."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.rows import Rows

__all__ = ["Samples", "text_or_numbers"]


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples of a result in the order of the producer.

    Attributes
    ----------
    ids : sequence of hashable
        One per sample; running numbers where the data had none.
    made_ids : bool
        Whether ``ids`` are running numbers.
    labels : mapping of hashable to sequence
        One label per sample by label dimension.
    paths : sequence of str or None
        File names, None when the data has none.
    """

    ids: Sequence[Hashable]
    made_ids: bool
    labels: Mapping[Hashable, Sequence[Hashable]]
    paths: Sequence[str] | None

    @classmethod
    def of(cls, rows: Rows) -> Samples:
        """Return the samples of ``rows``."""
        labels = {dimension: tuple(values) for dimension, values in rows.labels.items()}
        return cls(tuple(rows.ids), rows.made_ids, labels, tuple(rows.paths) if rows.paths else None)

    def columns(self, order: NDArray[np.intp], measures: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Return the columns of a table of the samples ``order``: id, ``measures`` (of all samples), labels, path."""
        table: dict[str, NDArray[Any]] = {"id": text_or_numbers([self.ids[index] for index in order])}
        table |= {name: values[order] for name, values in measures.items()}
        for dimension, labels in self.labels.items():
            name = str(dimension)
            while name in table:
                name = f"label {name}"
            table[name] = text_or_numbers([labels[index] for index in order])
        if self.paths is not None and "path" not in table:
            table["path"] = np.array([self.paths[index] for index in order], dtype=np.str_)
        return table


def text_or_numbers(values: Sequence[Hashable]) -> NDArray[Any]:
    """Return a column: int64 if all ``values`` are whole numbers of that size, else str; None is the empty string."""
    numbers: Sequence[Any] = values  # Any: whole numbers, if all their types are
    whole = all(issubclass(kind, int | np.integer) and kind is not bool for kind in set(map(type, values)))
    if whole and min(numbers, default=0) > -(2**63) and max(numbers, default=0) < 2**63:
        return np.array(values, dtype=np.int64)
    return np.array(["" if value is None else str(value) for value in values], dtype=np.str_)
