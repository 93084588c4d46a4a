"""Bunches of scikit-learn as data: what ``load_digits()`` and ``fetch_openml()`` return."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from
from deepview_lab.data.arrays import sample_count_of
from deepview_lab.data.columns import from_columns
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.labels import as_array, class_labels

__all__ = ["BunchSource"]


class BunchSource:
    """A bunch: its ``data``, or its pictures with ``field="images"``; its target as labels, by name where known."""

    def recognises(self, value: Any) -> str | None:
        """Return "scikit-learn bunch"."""
        return "scikit-learn bunch" if derives_from(value, "sklearn", "Bunch") and "data" in value else None

    def size(self, value: Any) -> int | None:
        """Return the number of its samples."""
        data = dict.get(value, "data")
        return sample_count_of(data) if hasattr(type(data), "shape") else None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of its data, with its target as labels."""
        guessed = ""
        if options.labels is None and value.get("target") is not None:
            labels, note = class_labels(value["target"])
            guessed = note or ""
            if labels is not None:
                options = replace(options, labels=_named(labels, value.get("target_names")))
        names = ("data", "images", "frame")
        arrays = {name: as_array(value[name]) for name in names if value.get(name) is not None}
        if options.field is None:
            options = replace(options, field="data")
            others = [name for name in arrays if name != "data"]
            guessed = "; ".join(
                filter(None, [guessed, f"field 'data', not {', '.join(map(repr, others))}" if others else ""])
            )
        made = from_columns(arrays, options, what="scikit-learn bunch")
        made.guessed = (*made.guessed, *([guessed] if guessed else []))
        return made


def _named(labels: Any, names: Any) -> Any:
    """Return the labels by name, where each is the number of a name."""
    if names is None or labels.dtype.kind not in "iu" or not len(labels) or isinstance(names, str):
        return labels
    known = as_array(names)
    fits = known.ndim == 1 and labels.min() >= 0 and labels.max() < len(known)
    return known[labels] if fits else labels
