"""PyTorch's ``Dataset`` and ``DataLoader`` as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.data.datasets.items import ItemProducer, batched, together
from deepview_lab.data.element import described
from deepview_lab.data.stream_producer import StreamProducer
from deepview_lab.exceptions import DataError

__all__ = ["DataLoaderSource", "TorchDatasetSource"]

# Any: PyTorch need not be installed.

_WHAT: Final = "PyTorch Dataset"
_LOADER: Final = "PyTorch DataLoader"


class TorchDatasetSource:
    """A data set of PyTorch, with samples by number or one after the other."""

    def recognises(self, value: Any) -> str | None:
        """Return "PyTorch Dataset"."""
        return _WHAT if derives_from(value, "torch", "Dataset") else None

    def size(self, value: Any) -> int | None:
        """Return the number of samples, of the data sets of PyTorch itself that hold tensors."""
        return len(value) if is_exactly(value, "torch") and derives_from(value, "torch", "TensorDataset") else None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> StreamProducer | ItemProducer:
        """Return a producer of its samples."""
        if derives_from(value, "torch", "IterableDataset"):

            def chunks(batch_size: int) -> Iterable[Any]:
                return batched(value, batch_size)

            return StreamProducer(chunks, None, options, what="PyTorch IterableDataset")
        if not hasattr(value, "__len__"):
            raise DataError(
                f"The {_WHAT} {type(value).__name__} has no length. Add __len__, or pass a DataLoader of it."
            )
        items = _Tensors(value) if is_exactly(value, "torch") and hasattr(value, "tensors") else _Samples(value)
        return ItemProducer(items, options, what=_WHAT)


class _Samples:
    """A data set of the user's, which makes one sample at a time."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset

    def __len__(self) -> int:
        return len(self._dataset)

    def read(self, rows: Sequence[int]) -> Any:
        return together([self._dataset[row] for row in rows])


class _Tensors:
    """A ``TensorDataset``, which gives many samples at once."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset

    def __len__(self) -> int:
        return len(self._dataset)

    def read(self, rows: Sequence[int]) -> Any:
        wanted: Any = slice(rows.start, rows.stop) if isinstance(rows, range) else list(rows)
        return tuple(tensor[wanted] for tensor in self._dataset.tensors)


class DataLoaderSource:
    """A loader of PyTorch: its batches are cut anew to the size that a run asks for."""

    def recognises(self, value: Any) -> str | None:
        """Return "PyTorch DataLoader"."""
        return _LOADER if derives_from(value, "torch", "DataLoader") else None

    def size(self, value: Any) -> int | None:  # noqa: ARG002 - to count, the data set's own code has to run
        """Return None."""
        return None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> StreamProducer:
        """Return a producer that iterates it."""

        def chunks(batch_size: int) -> Iterable[Any]:  # noqa: ARG001 - it has a size of its own
            batches: Iterable[Any] = value
            return batches

        guessed = []
        if value.batch_size is None and value.batch_sampler is None:
            guessed.append("its elements are taken as batches, since it makes none")
        if derives_from(getattr(value, "sampler", None), "torch", "RandomSampler"):
            guessed.append("it shuffles: the same number is another sample in each pass, unless you pass shuffle=False")
        if options.labels is None:
            said = _said(value)
            guessed += [said] if said else []
        return StreamProducer(chunks, _count(value), options, what=_LOADER, guessed=guessed)


def _said(loader: Any) -> str:
    """Return how batches are read, told from one sample: making a batch may take long, or start processes."""
    if derives_from(loader.dataset, "torch", "IterableDataset") or not _count(loader):
        return ""
    return described(together([loader.dataset[0]]))


def _count(loader: Any) -> int | None:
    """Return how many samples a loader yields in a pass, None where that is not known."""
    if loader.batch_size is None or derives_from(loader.dataset, "torch", "IterableDataset"):
        return None
    try:
        samples = len(loader.sampler)
    except TypeError:
        return None
    return samples - samples % loader.batch_size if loader.drop_last else samples
