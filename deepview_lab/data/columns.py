"""Columns by name as a producer: which are the data, and which are labels, identifiers and splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.arrays import ArrayRows
from deepview_lab.data.column_names import is_id, is_label, is_split
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.labels import LABEL, SPLIT, class_labels
from deepview_lab.data.picture_lists import from_pictures
from deepview_lab.data.sample_columns import SampleColumns
from deepview_lab.data.table_columns import ColumnKind, kind_of, pictures_of, vectors_of
from deepview_lab.exceptions import DataError, UnknownNameError

__all__ = ["from_columns"]

_FEATURES: Final = "features"
# Data that has pictures is data of pictures, whatever else is known of them.
_PREFERRED: Final[tuple[ColumnKind, ...]] = ("picture", "vector", "number")
_MOST_LISTED: Final = 4


def from_columns(columns: Mapping[str, NDArray[Any]], options: DataOptions, *, what: str) -> DataProducer:
    """Return a producer of columns: those of pictures, else of vectors, else all numbers as one field ``features``.

    Labels, identifiers and splits are told by their names, unless ``options`` give or name others.

    Raises
    ------
    DataError
        when no column can be the data, or lengths differ.
    UnknownNameError
        (a KeyError) when ``options`` name a column that is not there.
    """
    _require_alike(columns, what)
    options, named = _of_columns(options, columns)
    known, guessed = _metadata({name: cells for name, cells in columns.items() if name not in named}, options)
    rest = {name: cells for name, cells in columns.items() if name not in named and name not in known}
    return _producer(
        columns if options.field is not None else rest,
        _sample_columns(known, columns),
        options,
        what=what,
        guessed=guessed,
    )


def _require_alike(columns: Mapping[str, NDArray[Any]], what: str) -> None:
    lengths = {name: len(values) if values.ndim else 0 for name, values in columns.items()}
    if not lengths:
        raise DataError(f"The {what} has no column, but at least one is needed.")
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name!r} has {count:,}" for name, count in lengths.items())
        raise DataError(f"All columns of a {what} need as many samples, but {told}.")


def _of_columns(options: DataOptions, columns: Mapping[str, NDArray[Any]]) -> tuple[DataOptions, set[str]]:
    """Return the options with the columns that they name in their place, and these names."""
    named = set()
    given: dict[str, Any] = {}  # Any: a column, or a mapping with one
    for option in ("labels", "ids", "split"):
        name = getattr(options, option)
        if not isinstance(name, str) or (option == "split" and name not in columns):
            continue
        if name not in columns:
            raise UnknownNameError("column", name, columns)
        named.add(name)
        given[option] = {name: columns[name].tolist()} if option == "labels" else columns[name].tolist()
    return replace(options, **given), named


def _metadata(columns: Mapping[str, NDArray[Any]], options: DataOptions) -> tuple[dict[str, str], list[str]]:
    """Return what columns are by their names, and what to say of that."""
    known: dict[str, str] = {}
    guessed = []
    for name, cells in columns.items():
        role = _role(name, cells)
        if role is None or role in known.values():
            continue
        known[name] = role
        if getattr(options, role) is None:
            note = class_labels(cells)[1] if role == "labels" else None
            guessed.append(f"{role} from {name!r}" + (f" ({note})" if note else ""))
    return known, guessed


def _role(name: str, cells: NDArray[Any]) -> str | None:
    """Return the option whose values a column holds."""
    if is_label(name) and kind_of(cells) != "picture" and class_labels(cells)[0] is not None:
        return "labels"
    if cells.ndim > 1:
        return None
    if is_split(name):
        return "split"
    if is_id(name) and len(set(cells.tolist())) == len(cells):
        return "ids"
    return None


def _sample_columns(known: Mapping[str, str], columns: Mapping[str, NDArray[Any]]) -> SampleColumns:
    made = SampleColumns()
    for name, role in known.items():
        cells = columns[name]
        if role == "ids":
            made = replace(made, ids=cells.tolist())
        else:
            labels = class_labels(cells)[0] if role == "labels" else cells
            values = [] if labels is None else labels.tolist()
            made = replace(made, labels={**made.labels, LABEL if role == "labels" else SPLIT: values})
    return made


def _producer(
    columns: Mapping[str, NDArray[Any]],
    sample_columns: SampleColumns,
    options: DataOptions,
    *,
    what: str,
    guessed: list[str],
) -> DataProducer:
    chosen, kind = _chosen(columns, options)
    left = [name for name in columns if name not in chosen]
    if options.field is None:
        guessed.append(f"data from {_listed(chosen)}")
        if left:
            guessed.append(f"left out: {_listed(left)}")
    if kind == "picture":
        pictures = pictures_of(columns[chosen[0]])
        if all(isinstance(picture, Path) for picture in pictures):
            sample_columns = replace(sample_columns, paths=pictures)  # type: ignore[arg-type]  # all are paths
        options = replace(options, field=None)
        made = from_pictures(pictures, options, what=what, columns=sample_columns)
        made.guessed = tuple(guessed)
        return made
    if kind == "vector":
        fields = {name: vectors_of(name, columns[name]) for name in chosen}
    else:
        name = options.field if isinstance(options.field, str) else _FEATURES
        fields = {name: np.column_stack([columns[column] for column in chosen])}
    return DataProducer(ArrayRows(fields), sample_columns, options, what=what, guessed=guessed)


def _chosen(columns: Mapping[str, NDArray[Any]], options: DataOptions) -> tuple[list[str], ColumnKind]:
    """Return the columns that are the data, all of one kind."""
    kinds: dict[str, ColumnKind] = {name: kind_of(cells) for name, cells in columns.items()}
    if options.field is not None:
        chosen = [options.field] if isinstance(options.field, str) else list(options.field)
        for name in chosen:
            if name not in columns:
                raise UnknownNameError("column", name, columns)
        found: set[ColumnKind] = {kinds[name] for name in chosen}
        if len(found) != 1 or "other" in found or (found == {"picture"} and len(chosen) > 1):
            raise DataError(
                f"field must name columns of numbers, or of vectors, or one of pictures, but {_listed(chosen)} hold "
                f"{' and '.join(sorted(found)) or 'nothing'}."
            )
        return chosen, found.pop()
    for kind in _PREFERRED:
        chosen = [name for name in columns if kinds[name] == kind]
        if chosen:
            return chosen[:1] if kind == "picture" else chosen, kind
    raise DataError(
        f"There is no column of numbers, vectors or pictures, only {_listed(list(columns)) or 'metadata'}. Convert one "
        "to numbers, or name it: field='...'."
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_MOST_LISTED]))
    return f"{shown} and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else shown
