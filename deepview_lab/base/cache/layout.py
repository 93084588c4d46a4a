"""How a batch is laid out in a cache: which parts it has, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.base.cache.index import ColumnSchema, FieldSchema, Section
from deepview_lab.base.metadata import DictMetaKey, Metadata, MetadataKey, MetaKey
from deepview_lab.base.plain_values import Column, UnstorableValueError, decoded, encoded
from deepview_lab.exceptions import CacheError, ShapeChangedError

__all__ = ["arrays_of", "columns_of", "keys_of", "sections_of"]

# Any: fields of all dtypes, metadata of all types.
_STORABLE = "biufcSUmM"


def sections_of(batch: Batch) -> tuple[Section, ...]:
    """Return the layout of a first batch, which all others must have too.

    Raises
    ------
    CacheError
        naming the field or the metadata key that a cache does not hold.
    """
    sections: list[Section] = []
    number = 0
    for snapshot, part in _parts(batch):
        fields = []
        for name, array in part.fields.items():
            fields.append(_field(name, array, number))
            number += 1
        columns = tuple(column for column, _ in _columns(part.metadata))
        sections.append(Section(snapshot, tuple(fields), columns))
    return tuple(sections)


def _parts(batch: Batch) -> Iterator[tuple[str | None, Batch]]:
    yield None, batch
    yield from batch.snapshots.items()


def _field(name: str, array: NDArray[Any], number: int) -> FieldSchema:
    if array.dtype.kind not in _STORABLE:
        raise CacheError(
            f"Field {name!r} has the dtype {array.dtype}, which a cache does not hold: it may be of any size, or of a "
            "type of its own. Convert it to numbers of one shape before the Cacher, or drop it with FieldRemover."
        )
    return FieldSchema(name, array.dtype.newbyteorder("<").str, array.shape[1:], number)


def _columns(metadata: Metadata) -> Iterator[tuple[ColumnSchema, Any]]:
    for key, values in metadata.items():
        if isinstance(key, DictMetaKey):
            for sub, inner in values.items():
                yield ColumnSchema(key.name, _encoded(f"{key.name}: a sub key is", (sub,))), inner
        else:
            yield ColumnSchema(key.name), values


def _encoded(what: str, values: Any) -> Column:
    try:
        return encoded(values)
    except (UnstorableValueError, ValueError) as error:
        raise CacheError(
            f"Metadata {what} {error}. Convert it before the Cacher, or keep it out of the batch."
        ) from None


def columns_of(batch: Batch, sections: tuple[Section, ...]) -> list[list[Column]]:
    """Return the metadata of ``batch`` by section, ready for the journal.

    Raises
    ------
    CacheError
        when its metadata or snapshots are others than in the batches before, or hold what a cache does not.
    """
    parts = dict(_parts(batch))
    expected: Any = [section.snapshot for section in sections]
    if list(parts) != expected:
        raise _changed("snapshots", expected[1:], list(parts)[1:])
    found = []
    for section, part in zip(sections, parts.values(), strict=True):
        given = dict(_by_name(part.metadata))
        wanted = [_named(column) for column in section.columns]
        if given.keys() != set(wanted):
            raise _changed("metadata", wanted, list(given))
        found.append([_encoded(f"{name} holds", given[name]) for name in wanted])
    return found


def _by_name(metadata: Metadata) -> Iterator[tuple[str, Any]]:
    for column, values in _columns(metadata):
        yield _named(column), values


def _named(column: ColumnSchema) -> str:
    return column.key if column.sub is None else f"{column.key}[{decoded(column.sub)[0]!r}]"


def _changed(what: str, expected: list[Any], got: list[Any]) -> CacheError:
    return CacheError(
        f"A cache needs the same {what} in every batch, but after {expected} came {got}. Make them equal in the "
        "producer or in a stage before the Cacher."
    )


def arrays_of(batch: Batch, sections: tuple[Section, ...]) -> Iterator[tuple[FieldSchema, NDArray[Any]]]:
    """Yield each field as little-endian, contiguous array.

    Raises
    ------
    ShapeChangedError
        when a sample has another shape than in the batches before.
    CacheError
        when fields are missing, new, or of another dtype.
    """
    for section, (_, part) in zip(sections, _parts(batch), strict=True):
        names = [field.name for field in section.fields]
        if part.fields.keys() != set(names):
            raise _changed("fields", names, list(part.fields))
        for field in section.fields:
            array = part.fields[field.name]
            if array.shape[1:] != field.shape:
                raise ShapeChangedError(field.name, field.shape, array.shape[1:])
            dtype = array.dtype.newbyteorder("<")
            if dtype.str != field.dtype:
                raise _changed(f"dtype of field {field.name!r}", [field.dtype], [dtype.str])
            yield field, np.ascontiguousarray(array, dtype)


def keys_of(section: Section) -> list[tuple[MetadataKey, Any]]:
    """Return the metadata key of each column, with the sub key if it has one."""
    return [
        (MetaKey(column.key), None) if column.sub is None else (DictMetaKey(column.key), decoded(column.sub)[0])
        for column in section.columns
    ]


def metadata_of(keys: list[tuple[MetadataKey, Any]], columns: list[Any]) -> Mapping[MetadataKey, Any]:
    """Return columns as the metadata of a batch."""
    found: dict[MetadataKey, Any] = {}
    for (key, sub), values in zip(keys, columns, strict=True):
        if isinstance(key, DictMetaKey):
            found.setdefault(key, {})[sub] = values
        else:
            found[key] = values
    return found
