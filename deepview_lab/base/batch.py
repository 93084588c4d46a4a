"""A Batch: the unit of data that flows through a pipeline."""

from __future__ import annotations

import operator
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias, final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepview_lab.base.metadata import DictMetaKey, Metadata, MetadataBuilder, MetadataKey, MetaKey, thawed
from deepview_lab.base.remedies import instead_of_fields
from deepview_lab.exceptions import BatchFieldError, BatchSizeError, DeepViewException, NotFieldsError
from deepview_lab.typing.named import Named

__all__ = ["Batch", "Fields", "assemble", "check_fields"]

# Any, because a field may hold any dtype: images, floats, tokens.
Array: TypeAlias = NDArray[Any]


class Fields(Named[Array]):
    """Read-only arrays by name. Two are equal when names and values are."""

    def __init__(self, arrays: Mapping[str, ArrayLike]) -> None:
        super().__init__("field", {str(name): _read_only(name, array) for name, array in arrays.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping) or self.keys() != other.keys():
            return False
        return all(np.array_equal(array, other[name]) for name, array in self.items())

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash, as in any mapping of arrays

    def __reduce__(self) -> tuple[Any, ...]:
        return Fields, (dict(self),)

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{name!r}: {array.dtype}{array.shape}" for name, array in self.items()) + "}"


@final
class Batch:
    """Samples that travel together: named arrays, metadata, and snapshots of earlier stages.

    Batches and their elements are equal when all of that is, value by value. They can be copied and pickled.

    Parameters
    ----------
    fields : mapping of str to array
        Dimension 0 of every array is the sample. No copy is taken; the batch holds read-only views, and the caller's
        arrays stay as they were. Whoever changes them afterwards changes the batch.

    Raises
    ------
    BatchSizeError
        when the parts differ in their number of samples.
    NotFieldsError
        (a TypeError) when ``fields`` is no mapping.
    ValueError
        when there is no field.

    Examples
    --------
    >>> import numpy as np
    >>> batch = Batch({"images": np.zeros((2, 8, 8, 1))})
    >>> batch.batch_size
    2
    >>> batch.elements[-1].fields["images"].shape
    (8, 8, 1)
    """

    MetaKey: TypeAlias = MetaKey
    DictMetaKey: TypeAlias = DictMetaKey
    MetadataType: TypeAlias = Metadata

    class StdKeys:
        """Keys that every part of DeepView understands."""

        IDENTIFIER: Final[MetaKey[Hashable]] = MetaKey("deepview.base.Batch.StdKeys.identifier")
        PATH: Final[MetaKey[str | Path]] = MetaKey("deepview.base.Batch.StdKeys.path")
        LABELS: Final[DictMetaKey[Hashable]] = DictMetaKey("deepview.base.Batch.StdKeys.labels")

        def __init__(self) -> None:
            raise DeepViewException("Batch.StdKeys only holds keys: use Batch.StdKeys.IDENTIFIER and the like.")

    @dataclass(frozen=True, eq=False)
    class ElementType:
        """One sample of a batch: its fields without dimension 0, its metadata and snapshots."""

        fields: Mapping[str, Any]
        metadata: Mapping[MetadataKey, Any]
        snapshots: Mapping[str, Batch.ElementType]

        def __eq__(self, other: object) -> bool:
            if not isinstance(other, Batch.ElementType) or self.fields.keys() != other.fields.keys():
                return False
            same = all(np.array_equal(value, other.fields[name]) for name, value in self.fields.items())
            return same and self.metadata == other.metadata and self.snapshots == other.snapshots

        __hash__ = None  # type: ignore[assignment]  # arrays have no hash

        def __reduce__(self) -> tuple[Any, ...]:
            return _element, (dict(self.fields), thawed(self.metadata), dict(self.snapshots))

    @final
    class Builder:
        """A mutable batch in the making, empty, from ``fields``, or from a ``base`` batch.

        Examples
        --------
        >>> builder = Batch.Builder({"x": np.arange(2)})
        >>> builder.metadata[Batch.StdKeys.LABELS]["digit"] = [3, 5]
        >>> builder.make_batch().metadata[Batch.StdKeys.LABELS]["digit"]
        (3, 5)
        """

        def __init__(self, fields: Mapping[str, ArrayLike] | None = None, *, base: Batch | None = None) -> None:
            if isinstance(fields, Batch):  # a ValueError, as in DeepView
                raise ValueError(
                    "Batch.Builder takes a batch as base=batch; its first argument is a mapping of arrays."
                )
            check_fields("Batch.Builder", fields)
            if fields is not None and base is not None:
                raise ValueError("Batch.Builder takes either fields or base, not both.")
            self.fields: dict[str, ArrayLike] = dict(base.fields if base else fields or {})
            self.snapshots: dict[str, Batch] = dict(base.snapshots if base else {})
            self.metadata = MetadataBuilder(base.metadata if base else Metadata())

        def make_batch(self) -> Batch:
            """Return the batch; empty metadata is left out, and snapshots lose their own snapshots."""
            snapshots = {name: _without_snapshots(batch) for name, batch in self.snapshots.items()}
            return assemble(Fields(self.fields), self.metadata.baked(), snapshots)

    def __init__(self, fields: Mapping[str, ArrayLike]) -> None:
        check_fields("Batch", fields)
        if not fields:
            raise ValueError("A Batch needs at least one field: Batch({'images': array}).")
        self._fields = Fields(fields)
        self._metadata = Metadata()
        self._snapshots: Mapping[str, Batch] = MappingProxyType({})
        self._batch_size = _common_size(self._fields, self._metadata, self._snapshots)

    @property
    def fields(self) -> Fields:
        """Arrays by name, read-only."""
        return self._fields

    @property
    def metadata(self) -> Metadata:
        """What is known of the samples besides their arrays."""
        return self._metadata

    @property
    def snapshots(self) -> Mapping[str, Batch]:
        """Earlier states of this batch by name."""
        return self._snapshots

    @property
    def batch_size(self) -> int:
        """Number of samples."""
        return self._batch_size

    @property
    def elements(self) -> ElementsView:
        """The samples, one by one or as smaller batches."""
        return ElementsView(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Batch):
            return NotImplemented
        same = self.fields == other.fields and self.metadata == other.metadata
        return same and self.snapshots == other.snapshots

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def __reduce__(self) -> tuple[Any, ...]:
        return assemble, (self.fields, self.metadata, dict(self.snapshots))

    def __repr__(self) -> str:
        return f"Batch({self.batch_size} samples, {self.fields!r})"


class ElementsView(Sequence[Batch.ElementType]):
    """The samples of a batch: an int gives one sample, a slice or a sequence of ints a smaller Batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def __len__(self) -> int:
        return self._batch.batch_size

    @overload  # type: ignore[override]  # a list of indices is DeepView's own addition to Sequence
    def __getitem__(self, index: int) -> Batch.ElementType: ...
    @overload
    def __getitem__(self, index: slice | Sequence[int]) -> Batch: ...
    def __getitem__(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, index: int | slice | Sequence[int]
    ) -> Batch.ElementType | Batch:
        if isinstance(index, slice):
            return self._take(index, range(*index.indices(len(self))))
        if isinstance(index, Sequence | np.ndarray):
            indices = [self._checked(item) for item in index]
            return self._take(np.asarray(indices, dtype=np.intp), indices)
        return self._element(self._checked(index))

    def _checked(self, index: int) -> int:
        if isinstance(index, bool | np.bool_):
            raise TypeError("Elements are chosen by their numbers, not by a mask: use numpy.flatnonzero(mask).")
        index = operator.index(index)
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"Index {index} is out of range: this batch has {size} samples (-{size} to {size - 1}).")
        return index % size

    def _element(self, index: int) -> Batch.ElementType:
        batch = self._batch
        return _element(
            {name: array[index] for name, array in batch.fields.items()},
            batch.metadata.at(index),
            {name: item.elements[index] for name, item in batch.snapshots.items()},
        )

    def _take(self, rows: slice | NDArray[np.intp], indices: Sequence[int]) -> Batch:
        batch = self._batch
        fields = Fields({name: array[rows] for name, array in batch.fields.items()})
        wanted = rows if isinstance(rows, slice) else indices
        snapshots = {name: item.elements[wanted] for name, item in batch.snapshots.items()}
        return assemble(fields, batch.metadata.take(wanted), snapshots)


def _element(
    fields: dict[str, Any], metadata: Mapping[MetadataKey, Any], snapshots: dict[str, Batch.ElementType]
) -> Batch.ElementType:
    return Batch.ElementType(MappingProxyType(fields), MappingProxyType({**metadata}), MappingProxyType(snapshots))


def check_fields(maker: str, fields: object) -> None:
    """Refuse what is no mapping of names to arrays; None is left to the caller.

    Raises
    ------
    NotFieldsError
        (a TypeError) that says what to write; ``maker`` is what was called.
    """
    if fields is not None and not isinstance(fields, Mapping):
        raise NotFieldsError(maker, fields, instead_of_fields(fields))


def _read_only(name: str, array: ArrayLike) -> Array:
    try:
        view = np.asarray(array).view()
    except ValueError as error:  # a ragged list
        raise BatchFieldError(name, str(error)) from error
    if view.ndim == 0:
        raise BatchFieldError(name, "it is a single number")
    view.flags.writeable = False
    return view


def _without_snapshots(batch: Batch) -> Batch:
    return assemble(batch.fields, batch.metadata, {})


def assemble(fields: Fields, metadata: Metadata, snapshots: Mapping[str, Batch]) -> Batch:
    """Make a batch of parts that are already read-only; unlike the constructor it allows metadata without fields."""
    batch = Batch.__new__(Batch)
    batch._fields = fields
    batch._metadata = metadata  # noqa: SLF001 - the second constructor of Batch
    batch._snapshots = MappingProxyType(dict(snapshots))  # noqa: SLF001 - the second constructor of Batch
    batch._batch_size = _common_size(fields, metadata, snapshots)  # noqa: SLF001 - the second constructor of Batch
    return batch


def _common_size(fields: Fields, metadata: Metadata, snapshots: Mapping[str, Batch]) -> int:
    counts = set(map(len, fields.values()))
    counts.update(map(len, metadata.columns()))
    counts.update(batch.batch_size for batch in snapshots.values())
    if not counts:
        raise DeepViewException("A Batch needs at least one field or some metadata: both are empty.")
    if len(counts) > 1:
        raise BatchSizeError(_sizes(fields, metadata, snapshots))
    return counts.pop()


def _sizes(fields: Fields, metadata: Metadata, snapshots: Mapping[str, Batch]) -> dict[str, int]:
    sizes = {f"field {name!r}": len(array) for name, array in fields.items()}
    sizes.update((name, len(values)) for name, values in metadata.sequences())
    sizes.update((f"snapshot {name!r}", batch.batch_size) for name, batch in snapshots.items())
    return sizes
