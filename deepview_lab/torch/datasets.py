"""A producer's samples as a data set of PyTorch. Importing this module imports PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from deepview_lab.base import Batch, Producer, as_producer
from deepview_lab.base.metadata import DictMetaKey, MetaKey
from deepview_lab.base.producer import batches_of
from deepview_lab.exceptions import DataError, UnknownNameError
from deepview_lab.torch.libraries import require_torch

__all__ = ["ProducerTorchDataset"]

# Any: PyTorch need not be installed where types are checked.
Part: TypeAlias = str | MetaKey[Any] | DictMetaKey[Any] | Callable[[Batch.ElementType], Any]
_Base: Any = require_torch().utils.data.IterableDataset


class ProducerTorchDataset(_Base):  # type: ignore[misc]  # no types
    """Yields the samples of a producer, each a tuple of the parts that ``mapping`` names.

    Parameters
    ----------
    producer : Producer
        Where the samples come from; what can become a producer, too.
    mapping : sequence
        Each a name of a field (which is copied), a ``Batch.MetaKey``, a ``Batch.DictMetaKey`` (of a single dimension,
        the label itself; of several, a dict), or a function of the sample.
    batch_size : int
        How many samples are asked of the producer at a time.
    transforms : mapping of str to callable, optional
        What the values of a field pass, by the name of the field.

    Raises
    ------
    DataError
        (a ValueError) when ``mapping`` holds something else.

    Notes
    -----
    With several workers of a DataLoader each yields its share of the samples.
    """

    def __init__(
        self,
        producer: Producer,
        mapping: Sequence[Part],
        batch_size: int = 100,
        transforms: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        super().__init__()
        if isinstance(mapping, str):
            raise DataError(f"mapping must be a list with what a sample consists of. Write mapping=[{mapping!r}].")
        for part in mapping:
            if not callable(part) and not isinstance(part, str | Batch.MetaKey | Batch.DictMetaKey):
                raise DataError(
                    "mapping may hold names of fields, Batch.MetaKey, Batch.DictMetaKey and functions, but has an "
                    f"object of type {type(part).__name__}."
                )
        self._producer = as_producer(producer)
        self._mapping = tuple(mapping)
        self._batch_size = batch_size
        self._transforms = dict(transforms or {})

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        worker = require_torch().utils.data.get_worker_info()
        start, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        position = 0
        for batch in batches_of(self._producer, self._batch_size):
            for element in batch.elements:
                if position % step == start:
                    yield tuple(self._part(part, element) for part in self._mapping)
                position += 1

    def _part(self, part: Part, element: Batch.ElementType) -> Any:
        if isinstance(part, str):
            if part not in element.fields:
                raise UnknownNameError("field", part, element.fields)
            values = np.array(element.fields[part])
            return self._transforms[part](values) if part in self._transforms else values
        if isinstance(part, Batch.MetaKey):
            return element.metadata[part]
        if isinstance(part, Batch.DictMetaKey):
            labels = element.metadata[part]
            return next(iter(labels.values())) if len(labels) == 1 else dict(labels)
        return part(element)
