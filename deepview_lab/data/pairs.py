"""Data and labels in tuples: ``(x, y)``, and ``((x_train, y_train), (x_test, y_test))``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from deepview_lab.base import TrainTestSplitProducer
from deepview_lab.base.data_source import DataOptions
from deepview_lab.data.arrays import ArraySource, is_array, sample_count_of
from deepview_lab.data.labels import as_array, class_labels
from deepview_lab.exceptions import DataError

__all__ = ["PairSource"]

_PAIR: Final = 2


class PairSource:
    """``(x, y)`` and ``((x_train, y_train), (x_test, y_test))``."""

    def recognises(self, value: Any) -> str | None:
        """Return "data and labels" or "training and test data"."""
        if _is_pair_of_arrays(value):
            return "data and labels"
        pairs = type(value) is tuple and len(value) == _PAIR and all(map(_is_pair_of_arrays, value))
        return "training and test data" if pairs else None

    def size(self, value: Any) -> int | None:
        """Return the number of samples, of both splits."""
        if _is_pair_of_arrays(value):
            return sample_count_of(value[0])
        counts = [sample_count_of(x) for x, _ in value]
        return None if None in counts else sum(filter(None, counts))

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> Any:
        """Return a producer of both.

        Any: a producer of either kind.
        """
        if _is_pair_of_arrays(value):
            x, y = value
            return _labelled(x, y, options)
        if options.given:
            raise DataError(
                f"{options.given[0]} cannot be given beside training and test data, which have labels and splits. Pass "
                "the arrays: as_producer(x_train, labels=y_train, split='train')."
            )
        (x_train, y_train), (x_test, y_test) = value
        return TrainTestSplitProducer(((as_array(x_train), as_array(y_train)), (as_array(x_test), as_array(y_test))))


def _labelled(x: Any, y: Any, options: DataOptions) -> Any:
    if options.labels is None:
        labels, note = class_labels(y)
        if labels is None:
            raise DataError(
                f"A pair is data and labels, but of the second array {note}. Pass the data alone, or with labels=..."
            )
        options = replace(options, labels=labels)
    return ArraySource().producer(x, options)


def _is_pair_of_arrays(value: Any) -> bool:
    return type(value) is tuple and len(value) == _PAIR and all(map(is_array, value))
