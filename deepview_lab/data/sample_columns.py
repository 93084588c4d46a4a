"""What is known of each sample besides its fields: its identifier, its labels, the path of its file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deepview_lab.base import Batch
from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.labels import SPLIT, dimensions, listed
from deepview_lab.exceptions import DataError

__all__ = ["SampleColumns", "picked"]


@dataclass(frozen=True)
class SampleColumns:
    """One value per sample and column.

    Attributes
    ----------
    ids : sequence, optional
        Identifiers; None counts the samples.
    labels : mapping
        Labels by dimension. The split is the dimension ``dataset``.
    paths : sequence of Path, optional
        Files of the samples.
    """

    ids: Sequence[Hashable] | None = None
    labels: Mapping[Hashable, Sequence[Hashable]] = field(default_factory=dict)
    paths: Sequence[Path] | None = None

    def overruled(self, options: DataOptions, count: int) -> SampleColumns:
        """Return the columns with what the user gave in their place.

        Raises
        ------
        DataError
            when a column has not one value per sample, or identifiers repeat.
        """
        labels = dict(self.labels)
        if options.labels is not None:
            labels = {SPLIT: labels[SPLIT]} if SPLIT in labels else {}
            labels |= dimensions(options.labels)
        if isinstance(options.split, str):
            labels[SPLIT] = [options.split] * count
        elif options.split is not None:
            labels[SPLIT] = listed("split", options.split)
        ids = self.ids if options.ids is None else listed("ids", options.ids)
        made = replace(self, ids=ids, labels=labels)
        made.check(count)
        return made

    def check(self, count: int) -> None:
        """Raise a DataError unless each column has ``count`` values and identifiers are unique."""
        columns: dict[str, Sequence[Any]] = {f"labels {name!r}": values for name, values in self.labels.items()}
        if self.ids is not None:
            columns["ids"] = self.ids
        for name, values in columns.items():
            if len(values) != count:
                raise DataError(
                    f"The data has {count:,} samples, but {name} has {len(values):,} values: one per sample is needed."
                )
        if self.ids is not None and len(set(self.ids)) < count:
            raise DataError(
                f"ids must tell {count:,} samples apart, but only {len(set(self.ids)):,} of them differ. Leave ids out "
                "to have the samples counted."
            )

    def write(self, builder: Batch.Builder, rows: Sequence[int]) -> None:
        """Write the metadata of the samples at ``rows`` into a batch."""
        builder.metadata[Batch.StdKeys.IDENTIFIER] = list(rows) if self.ids is None else picked(self.ids, rows)
        if self.labels:
            builder.metadata[Batch.StdKeys.LABELS] = {
                name: picked(values, rows) for name, values in self.labels.items()
            }
        if self.paths is not None:
            builder.metadata[Batch.StdKeys.PATH] = picked(self.paths, rows)


def picked(values: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    """Return the values at ``rows``."""
    if isinstance(rows, range) and rows.step == 1:
        return values[rows.start : rows.stop]
    return [values[row] for row in rows]
