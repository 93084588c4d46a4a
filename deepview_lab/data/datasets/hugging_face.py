"""Data sets of Hugging Face's ``datasets`` as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.data.column_names import is_id, is_label
from deepview_lab.data.datasets.items import ItemProducer, batched, together
from deepview_lab.data.stream_producer import StreamProducer
from deepview_lab.exceptions import DataError

__all__ = ["HuggingFaceSource"]

# Any: the library need not be installed.

_PACKAGE: Final = "datasets"
_WHAT: Final = "Hugging Face dataset"


class HuggingFaceSource:
    """A data set with columns, in memory or read as a stream."""

    def recognises(self, value: Any) -> str | None:
        """Return "Hugging Face dataset"."""
        return _WHAT if derives_from(value, _PACKAGE, "Dataset", "IterableDataset", "DatasetDict") else None

    def size(self, value: Any) -> int | None:
        """Return the number of rows."""
        own = is_exactly(value, _PACKAGE) and derives_from(value, _PACKAGE, "Dataset")
        return len(value) if own else None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> StreamProducer | ItemProducer:
        """Return a producer of its rows; numbers of classes become their names, where the data set has them."""
        if derives_from(value, _PACKAGE, "DatasetDict"):
            splits = list(value)
            raise DataError(
                f"This Hugging Face dataset has the splits {', '.join(map(repr, splits))}. Pass one of them: "
                f"as_producer(dataset[{splits[0]!r}], split={splits[0]!r})."
                if splits
                else "This Hugging Face dataset has no split, but one is needed."
            )
        names = _class_names(value)
        if derives_from(value, _PACKAGE, "IterableDataset"):

            def chunks(batch_size: int) -> Iterable[Any]:
                return (_named(element, names) for element in batched(value, batch_size))

            return StreamProducer(chunks, None, options, what=_WHAT)
        ids = next((value[name] for name in value.column_names if is_id(name)), None)
        return ItemProducer(_Rows(value, names), options, what=_WHAT, ids=None if ids is None else list(ids))


class _Rows:
    def __init__(self, dataset: Any, names: Mapping[str, Sequence[str]]) -> None:
        self._dataset = dataset
        self._names = names

    def __len__(self) -> int:
        return len(self._dataset)

    def read(self, rows: Sequence[int]) -> Any:
        columns = self._dataset[list(rows)]
        return _named({name: together(list(cells)) for name, cells in columns.items()}, self._names)


def _class_names(dataset: Any) -> Mapping[str, Sequence[str]]:
    """Return the names of the classes of each column of labels."""
    features = dataset.features or {}
    named = {name: getattr(feature, "names", None) for name, feature in features.items() if is_label(name)}
    return {name: tuple(names) for name, names in named.items() if names}


def _named(element: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    read = dict(element)
    for name, classes in names.items():
        read[name] = [classes[number] if number >= 0 else "" for number in read[name].tolist()]
    return read
