"""``tf.data.Dataset`` as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.data.stream_producer import StreamProducer
from deepview_lab.exceptions import DataError

__all__ = ["TFDatasetSource"]

# Any: TensorFlow has no usable types.
_DATASETS: Final = ("DatasetV2", "DatasetV1", "Dataset")
_INFINITE: Final = -1  # tf.data.INFINITE_CARDINALITY


class TFDatasetSource:
    """A data set of TensorFlow; of one that yields single samples, batches are made."""

    def recognises(self, value: Any) -> str | None:
        """Return "tf.data.Dataset"."""
        return "tf.data.Dataset" if derives_from(value, "tensorflow", *_DATASETS) else None

    def size(self, value: Any) -> int | None:
        """Return the number of samples, of data sets of single samples."""
        if not is_exactly(value, "tensorflow") or _is_batched(value)[0]:
            return None
        return _count(value)

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> StreamProducer:
        """Return a producer that iterates it."""
        batched, certain = (options.batched, True) if options.batched is not None else _is_batched(value)
        if int(value.cardinality()) == _INFINITE:
            raise DataError("This tf.data.Dataset repeats without end. Pass dataset.take(n).")
        guessed = ["labels from the second part"] if _has_labels(value) and options.labels is None else []
        if not certain:
            guessed.append(f"its elements are {'batches' if batched else 'single samples'} (batched={batched})")

        def chunks(batch_size: int) -> Iterable[Any]:
            batches: Iterable[Any] = (value if batched else value.batch(batch_size)).as_numpy_iterator()
            return batches

        count = None if batched else _count(value)
        return StreamProducer(chunks, count, options, what="tf.data.Dataset", guessed=guessed)


def _count(value: Any) -> int | None:
    count = int(value.cardinality())
    return count if count >= 0 else None


def _has_labels(value: Any) -> bool:
    spec = value.element_spec
    return isinstance(spec, tuple) and len(spec) > 1


def _is_batched(value: Any) -> tuple[bool, bool]:
    """Return whether elements are batches, and whether that is certain: then their first dimension is not known."""
    shapes = [spec.shape for spec in _leaves(value.element_spec)]
    if any(shape.rank is None for shape in shapes):
        return True, False
    if any(shape.rank == 0 for shape in shapes):
        return False, True
    if all(shape[0] is None for shape in shapes):
        return True, True
    if any(shape[0] is None for shape in shapes):
        return False, True
    return _made_of_batches(value), False


def _leaves(spec: Any) -> list[Any]:
    if isinstance(spec, dict):
        return [leaf for part in spec.values() for leaf in _leaves(part)]
    if isinstance(spec, tuple | list):
        return [leaf for part in spec for leaf in _leaves(part)]
    return [spec]


def _made_of_batches(value: Any) -> bool:
    """Return whether the data set was batched last, rather than taken apart, going back from its end."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        kind = type(current).__name__
        if "Unbatch" in kind:
            return False
        if "Batch" in kind:
            return True
        waiting.extend(current._inputs() if hasattr(current, "_inputs") else ())  # noqa: SLF001 - no public name gives them
    return False
