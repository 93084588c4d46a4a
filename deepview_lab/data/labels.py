"""Labels as they come, as one plain value per sample."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.exceptions import DataError

__all__ = ["LABEL", "SPLIT", "as_array", "class_labels", "dimensions", "listed"]

LABEL: Final = "label"
SPLIT: Final = "dataset"
_ONE_HOT_DIMS: Final = 2


def as_array(values: Any) -> NDArray[Any]:  # Any: an array of any library
    """Return an array of any library, a series or a sequence as a NumPy array; a tensor is taken off its device."""
    for step in ("detach", "cpu"):
        if hasattr(type(values), step):
            values = getattr(values, step)()
    return np.asarray(values)


def class_labels(values: Any) -> tuple[NDArray[Any] | None, str | None]:
    """Return one label per sample, and what was done to get it in words.

    Parameters
    ----------
    values : array
        Samples, samples x 1, or samples x classes with a single 1 (one-hot).

    Returns
    -------
    labels : array or None
        One value per sample; None where these are no labels, such as the numbers of a regression.
    note : str or None
        What was guessed.
    """
    labels = as_array(values)
    if labels.ndim == _ONE_HOT_DIMS and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == _ONE_HOT_DIMS and _is_one_hot(labels):
        return labels.argmax(axis=1), "one-hot labels were turned into class numbers"
    if labels.ndim != 1:
        return None, f"values of shape {labels.shape[1:]} a sample were not taken as labels"
    if labels.dtype.kind == "f":
        if not np.array_equal(labels, np.floor(labels)):
            return None, "numbers that are not whole were not taken as labels"
        return labels.astype(np.int64), None
    return labels, None


def _is_one_hot(labels: NDArray[Any]) -> bool:
    if labels.dtype.kind not in "biuf":
        return False
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all())


def dimensions(labels: Any) -> dict[Hashable, Sequence[Hashable]]:
    """Return the labels that a user gave, by dimension: those of ``{"digit": [...]}``, or one named ``label``."""
    by_name = labels if isinstance(labels, Mapping) else {LABEL: labels}
    return {name: listed("labels", values) for name, values in by_name.items()}


def listed(name: str, values: Any) -> Sequence[Hashable]:
    """Return one plain value per sample of what the user gave as ``name``.

    Raises
    ------
    DataError
        when it is no sequence of single values.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise DataError(
            f"{name} must hold one value per sample, but is {values!r:.80}. Pass a list, an array or a column."
        )
    array = values if isinstance(values, list | tuple | range) else as_array(values)
    if not isinstance(array, np.ndarray):
        return list(array)
    if array.ndim > 1:
        found, _ = class_labels(array)
        if found is None:
            raise DataError(f"{name} must hold one value per sample, but has the shape {array.shape}.")
        array = found
    if array.ndim == 0:
        return listed(name, list(values))
    plain: list[Hashable] = array.tolist()
    return plain
