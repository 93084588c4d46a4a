"""A read-only mapping by name, whose error for a wrong name shows near matches."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar

from deepview_lab.exceptions import UnknownNameError
from deepview_lab.visible_text import visible_text

__all__ = ["Named"]

V = TypeVar("V")


class Named(Mapping[str, V]):
    """Values by name, in order.

    Parameters
    ----------
    what : str
        What a name stands for: ``response``, ``layer``.
    items : mapping of str to V
        Copied.

    Raises
    ------
    UnknownNameError
        (a KeyError) when a name is not there.
    """

    def __init__(self, what: str, items: Mapping[str, V]) -> None:
        self._what = what
        self._items = dict(items)

    def __getitem__(self, name: str) -> V:
        if name not in self._items:
            raise UnknownNameError(self._what, name, self._items)
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    # Those that Mapping has go through __getitem__, whose error looks for near matches.
    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of that name, or ``default``."""
        return self._items.get(key, default)

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """Return the values."""
        return self._items.values()

    def items(self) -> ItemsView[str, V]:
        """Return names and values."""
        return self._items.items()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(visible_text, self._items))})"
