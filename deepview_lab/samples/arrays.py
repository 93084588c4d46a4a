"""Arrays in memory as a producer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import final

from numpy.typing import ArrayLike

from deepview_lab.base import Batch
from deepview_lab.base.batch import check_fields
from deepview_lab.base.metadata import MetadataKey, Payload
from deepview_lab.exceptions import MetadataError
from deepview_lab.typing.numbers import whole_number

__all__ = ["StubProducer"]


@final
class StubProducer:
    """Serve given arrays in batches.

    Parameters
    ----------
    data : mapping of str to array
        The fields, samples in dimension 0. No copy is taken.
    metadata : mapping, optional
        Sequences by ``MetaKey``, mappings of sequences by ``DictMetaKey``, of the same number of samples.

    Raises
    ------
    BatchSizeError
        when fields or metadata differ in their number of samples.
    NotFieldsError
        (a TypeError) when ``data`` is no mapping.
    MetadataError
        (a TypeError) when ``metadata`` is no mapping, or has a key or values of another type.
    ValueError
        when there is no field.

    Examples
    --------
    >>> import numpy as np
    >>> producer = StubProducer({"x": np.arange(3)}, {Batch.StdKeys.IDENTIFIER: ["a", "b", "c"]})
    >>> [list(batch.metadata[Batch.StdKeys.IDENTIFIER]) for batch in producer(2)]
    [['a', 'b'], ['c']]
    """

    def __init__(self, data: Mapping[str, ArrayLike], metadata: Mapping[MetadataKey, Payload] | None = None) -> None:
        check_fields("StubProducer", data)
        if metadata is not None and not isinstance(metadata, Mapping):
            raise MetadataError(
                "StubProducer needs metadata as a mapping of keys to sequences, but got a "
                f"{type(metadata).__name__}. For labels write {{Batch.StdKeys.LABELS: {{'label': labels}}}}."
            )
        if not data:
            raise ValueError("StubProducer needs at least one field: StubProducer({'images': array}).")
        builder = Batch.Builder(data)
        for key, values in (metadata or {}).items():
            builder.metadata[key] = values
        self._whole = builder.make_batch()

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the arrays in batches of ``batch_size`` samples; the last may be shorter."""
        whole_number("batch_size", batch_size, write="batch_size=32")
        return self._batches(batch_size)

    def _batches(self, batch_size: int) -> Iterator[Batch]:
        for start in range(0, len(self), batch_size):
            yield self._whole.elements[start : start + batch_size]

    def __len__(self) -> int:
        return self._whole.batch_size

    def __bool__(self) -> bool:
        return True
