"""Names that say what a column is."""

from __future__ import annotations

from typing import Final

__all__ = ["is_id", "is_label", "is_split"]

_LABELS: Final = frozenset({"label", "labels", "class", "classes", "target", "targets", "y", "category", "species"})
_IDS: Final = frozenset({"id", "ids", "identifier", "identifiers", "uuid", "key", "sample_id", "image_id"})
_SPLITS: Final = frozenset({"split", "splits", "subset", "fold", "dataset", "partition"})


def is_label(name: object) -> bool:
    """Return whether a column of this name holds labels."""
    return str(name).lower() in _LABELS


def is_id(name: object) -> bool:
    """Return whether a column of this name may hold identifiers."""
    return str(name).lower() in _IDS


def is_split(name: object) -> bool:
    """Return whether a column of this name says to which split a sample belongs."""
    return str(name).lower() in _SPLITS
