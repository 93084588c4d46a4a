"""What an iterable of batches yields, as fields, labels and identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from deepview_lab.data.arrays import field_name
from deepview_lab.data.column_names import is_id, is_label
from deepview_lab.data.labels import as_array, class_labels
from deepview_lab.exceptions import DataError, UnknownNameError

__all__ = ["Chunk", "chunk_of", "described"]

# Any: tensors and arrays of any library.


@dataclass(frozen=True)
class Chunk:
    """Some samples.

    Attributes
    ----------
    fields : mapping of str to array
        Samples in dimension 0.
    labels, ids : list, optional
        One value per sample; None where there are none.
    """

    fields: Mapping[str, NDArray[Any]]
    labels: list[Any] | None = None
    ids: list[Any] | None = None

    def __len__(self) -> int:
        return len(next(iter(self.fields.values())))

    def cut(self, at: int) -> tuple[Chunk, Chunk]:
        """Return the samples before ``at``, and the others."""
        if at >= len(self):
            return self, self._part(slice(at, None))
        return self._part(slice(at)), self._part(slice(at, None))

    def _part(self, rows: slice) -> Chunk:
        return Chunk(
            {name: values[rows] for name, values in self.fields.items()},
            None if self.labels is None else self.labels[rows],
            None if self.ids is None else self.ids[rows],
        )


def chunk_of(element: Any, field: str | Sequence[str] | None) -> Chunk:
    """Return the samples of one batch: an array, ``(x, y)``, ``(x, y, weights)``, or a dict of arrays.

    ``x`` may be a dict, or a tuple of several arrays.

    Raises
    ------
    DataError
        when it is something else, or has fewer labels than samples.
    """
    x, y = _parts(element)
    labels: list[Any] | None = None
    ids: list[Any] | None = None
    if isinstance(x, Mapping):
        fields = {}
        for name, values in x.items():
            array = as_array(values)
            if y is None and is_label(name) and labels is None:
                labels = _labels(array)
            elif is_id(name):
                ids = array.tolist()
            elif array.dtype.kind in "biufc" and array.ndim:
                fields[str(name)] = array[:, None] if array.ndim == 1 else array
    elif isinstance(x, tuple | list):
        fields = {f"input_{at}": as_array(values) for at, values in enumerate(x)}
    else:
        array = as_array(x)
        fields = {field if isinstance(field, str) else field_name(array): array}
    made = Chunk(_chosen(fields, x, field), _labels(as_array(y)) if y is not None else labels, ids)
    _check(made)
    return made


def _parts(element: Any) -> tuple[Any, Any]:
    """Return data and labels; what else comes with them (weights) is not used."""
    if not isinstance(element, tuple | list):
        return element, None
    if not element:
        raise DataError("The data yields empty tuples, but samples are needed.")
    return element[0], element[1] if len(element) > 1 else None


def _labels(y: NDArray[Any]) -> list[Any] | None:
    if y.dtype.kind not in "biufSUO":
        return None
    labels, _ = class_labels(y)
    if labels is None:
        return None
    plain: list[Any] = labels.tolist()
    return [label.decode(errors="replace") if isinstance(label, bytes) else label for label in plain]


def _chosen(fields: dict[str, NDArray[Any]], x: Any, field: str | Sequence[str] | None) -> dict[str, NDArray[Any]]:
    if not fields:
        raise DataError("The data yields dicts without numbers, but at least one field is needed.")
    if field is None or not isinstance(x, Mapping | tuple | list):
        return fields
    wanted = [field] if isinstance(field, str) else list(field)
    for name in wanted:
        if name not in fields:
            raise UnknownNameError("field", name, fields)
    return {name: fields[name] for name in wanted}


def _check(chunk: Chunk) -> None:
    sizes = {name: len(values) if values.ndim else 0 for name, values in chunk.fields.items()}
    count = next(iter(sizes.values()))
    for name, values in {"labels": chunk.labels, "ids": chunk.ids}.items():
        if values is not None:
            sizes[name] = len(values)
    if any(size != count for size in sizes.values()):
        told = ", ".join(f"{name!r} has {size}" for name, size in sizes.items())
        raise DataError(f"A batch of the data has parts of different lengths: {told}.")


def described(element: Any) -> str:
    """Return in words how a batch is read, as far as that was guessed."""
    x, y = _parts(element)
    if isinstance(x, Mapping):
        named = [str(name) for name in x if is_label(name)] if y is None else []
        return f"labels from {named[0]!r}" if named else ""
    if y is None:
        return ""
    return "the second part is not used" if _labels(as_array(y)) is None else "labels from the second part"
