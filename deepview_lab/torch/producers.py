"""Producers of what a DataLoader yields."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, final

import numpy as np

from deepview_lab.base import Batch
from deepview_lab.base.metadata import DictMetaKey, MetaKey
from deepview_lab.exceptions import DataError

__all__ = ["Place", "TorchProducer"]

# Any: PyTorch need not be installed where types are checked.

# A field's name, a metadata key, a key with its dimension, what writes to the builder, or None to skip the part.
Place: TypeAlias = (
    str
    | MetaKey[Any]
    | DictMetaKey[Any]
    | tuple[DictMetaKey[Any], Hashable]
    | Callable[[Any, Batch.Builder], None]
    | None
)
_ONE_DIMENSION: Final = "_"
_DIMENSION: Final = 2


@final
class TorchProducer:
    """Serves the batches of a DataLoader that yields tuples. ``as_producer(loader)`` tells the parts itself.

    Parameters
    ----------
    data_loader : torch.utils.data.DataLoader
        Yields a tensor, or a tuple of tensors and sequences.
    mapping : sequence
        What each part becomes: a field of this name, metadata of this key (of a ``DictMetaKey`` also as
        ``(key, dimension)``), what a function of the part and the ``Batch.Builder`` writes, or nothing, if it is None.
        Parts behind the last are skipped.
    anonymous_field_name : str
        The dimension of a ``DictMetaKey`` that is given without one.

    Notes
    -----
    Batches of another size than that of the loader are cut anew; DeepView refuses them.
    """

    def __init__(self, data_loader: Any, mapping: Sequence[Place], anonymous_field_name: str = _ONE_DIMENSION) -> None:
        if isinstance(mapping, str) or not isinstance(mapping, Sequence):
            raise DataError(f"mapping must be a list with what each part becomes. Write mapping=[{mapping!r}].")
        for place in mapping:
            if not _is_place(place):
                raise DataError(
                    "mapping may hold names of fields, Batch.MetaKey, Batch.DictMetaKey, functions and None, but has "
                    f"an object of type {type(place).__name__}."
                )
        self._loader = data_loader
        self._mapping = tuple(mapping)
        self._dimension = anonymous_field_name

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the batches of the loader, cut to ``batch_size``; the last may be shorter.

        Raises
        ------
        DataError
            (a ValueError) when the loader yields dicts, or fewer parts than the mapping has.
        """
        if batch_size <= 0:
            raise ValueError(f"batch_size must be at least 1, but is {batch_size}.")
        waiting: list[Batch] = []
        held = 0
        for parts in self._loader:
            rest: Batch | None = self._batch(parts)
            while rest is not None and held + rest.batch_size >= batch_size:
                needed = batch_size - held
                yield _joined([*waiting, rest.elements[:needed]])
                rest = rest.elements[needed:] if rest.batch_size > needed else None
                waiting, held = [], 0
            if rest is not None:
                waiting.append(rest)
                held += rest.batch_size
        if waiting:
            yield _joined(waiting)

    def _batch(self, parts: Any) -> Batch:
        if isinstance(parts, Mapping):
            raise DataError(
                "The DataLoader yields dicts, but TorchProducer maps parts by their position. as_producer(loader) "
                "reads dicts."
            )
        values = parts if isinstance(parts, tuple | list) else [parts]
        if len(values) < len(self._mapping):
            raise DataError(
                f"mapping has {len(self._mapping)} entries, but the DataLoader yields {len(values)} parts. Leave out "
                "those that are not there."
            )
        builder = Batch.Builder()
        for place, value in zip(self._mapping, values, strict=False):
            self._write(builder, place, value)
        return builder.make_batch()

    def _write(self, builder: Batch.Builder, place: Place, value: Any) -> None:
        if place is None:
            return
        if isinstance(place, str):
            builder.fields[place] = _array(value)
        elif isinstance(place, Batch.MetaKey):
            builder.metadata[place] = _listed(value)
        elif isinstance(place, Batch.DictMetaKey):
            builder.metadata[place] = {self._dimension: _listed(value)}
        elif isinstance(place, tuple):
            key, dimension = place
            builder.metadata[key][dimension] = _listed(value)
        else:
            place(value, builder)


def _is_place(place: object) -> bool:
    pair = isinstance(place, tuple) and len(place) == _DIMENSION and isinstance(place[0], Batch.DictMetaKey)
    return place is None or pair or callable(place) or isinstance(place, str | Batch.MetaKey | Batch.DictMetaKey)


def _array(value: Any) -> Any:
    return value.detach().numpy(force=True) if hasattr(value, "detach") else np.asarray(value)


def _listed(value: Any) -> list[Any]:
    plain: list[Any] = value.tolist() if hasattr(value, "tolist") else list(value)
    return plain


def _joined(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    builder = Batch.Builder()
    first = batches[0]
    builder.fields = {name: np.concatenate([batch.fields[name] for batch in batches]) for name in first.fields}
    for key in first.metadata:
        if isinstance(key, Batch.DictMetaKey):
            builder.metadata[key] = {
                dimension: [value for batch in batches for value in batch.metadata[key][dimension]]
                for dimension in first.metadata[key]
            }
        else:
            builder.metadata[key] = [value for batch in batches for value in batch.metadata[key]]
    return builder.make_batch()
