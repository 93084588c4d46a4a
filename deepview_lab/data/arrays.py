"""Arrays as data: of NumPy, in memory or in a file, and tensors of frameworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.data.data_producer import DataProducer, Fields
from deepview_lab.data.labels import as_array
from deepview_lab.data.sample_columns import SampleColumns
from deepview_lab.exceptions import DataError

__all__ = ["ArrayRows", "ArraySource", "array_of", "field_name", "is_array", "sample_count_of"]

# By top-level package, the classes of arrays. JAX's is private to it.
_ARRAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "numpy": ("ndarray",),
    "tensorflow": ("EagerTensor",),
    "torch": ("Tensor",),
    "jaxlib": ("ArrayImpl", "Array"),
}
_PICTURE_DIMS: Final = 4
_SERVED: Final = "biufc"


@dataclass(frozen=True)
class ArrayRows:
    """Arrays by field, with samples in dimension 0. No copy is taken; a memory-mapped file is read batch by batch."""

    fields: Fields

    def __len__(self) -> int:
        return min(map(len, self.fields.values()))

    def read(self, rows: Sequence[int]) -> tuple[Fields, Sequence[int]]:
        """Return the samples at ``rows``."""
        chosen: slice | NDArray[np.intp] = (
            slice(rows.start, rows.stop) if isinstance(rows, range) else np.asarray(rows, dtype=np.intp)
        )
        return {name: values[chosen] for name, values in self.fields.items()}, rows


class ArraySource:
    """One array: samples first, then the values of each."""

    def recognises(self, value: Any) -> str | None:
        """Return "NumPy array", "memory-mapped file" or "tensor"."""
        if not is_array(value):
            return None
        if derives_from(value, "numpy", "memmap"):
            return "memory-mapped file"
        return "NumPy array" if derives_from(value, "numpy", "ndarray") else "tensor"

    def size(self, value: Any) -> int | None:
        """Return its length."""
        return sample_count_of(value)

    def offers(self, value: Any) -> bool:
        """Return whether it holds more than one number a sample."""
        return len(value.shape) > 1

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of one field."""
        array = array_of("The array", value)
        name = options.field if isinstance(options.field, str) else field_name(array)
        what = self.recognises(value) or "array"
        guessed = [] if options.field else [f"field {name!r}"]
        return DataProducer(ArrayRows({name: array}), SampleColumns(), options, what=what, guessed=guessed)


def is_array(value: Any) -> bool:
    """Return whether ``value`` is an array of a library that is known."""
    return any(derives_from(value, package, *names) for package, names in _ARRAYS.items())


def sample_count_of(value: Any) -> int | None:
    """Return the length of an array, where that runs no code of the user's."""
    if not any(is_exactly(value, package) for package in _ARRAYS):
        return None
    return int(value.shape[0]) if len(value.shape) else None


def array_of(name: str, value: Any) -> NDArray[Any]:
    """Return an array of samples.

    Raises
    ------
    DataError
        when it has no dimension for the samples and one for their values, or holds no numbers.
    """
    array = value if isinstance(value, np.ndarray) else as_array(value)
    if array.dtype.kind not in _SERVED:
        raise DataError(
            f"{name} holds {array.dtype} values, but numbers are needed. Labels, names and identifiers are passed as "
            "labels=... and ids=..., beside the data."
        )
    if array.ndim == 0:
        raise DataError(f"{name} is a single number, but samples are needed: one row for each.")
    if array.ndim == 1:
        raise DataError(
            f"{name} has the shape {array.shape}: one number per sample, as labels have. Of data, write "
            "values[:, None]; of labels, pass them beside the data: as_producer(data, labels=values)."
        )
    return array


def field_name(array: NDArray[Any]) -> str:
    """Return the name of the field that an array becomes: ``images`` of pictures, else ``data``."""
    return "images" if array.ndim == _PICTURE_DIMS else "data"
