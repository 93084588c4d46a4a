"""Implementations of a protocol that are found by name and imported when they are first needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from deepview_lab.built_in import BUILT_IN

__all__ = ["Plugins", "made"]

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class Plugins(Generic[T]):
    """The implementations of one protocol: ours, then those that other packages register as entry points.

    Parameters
    ----------
    group : str
        The group of entry points, such as ``deepview_lab.data_sources``. Each names a class that can be made without
        arguments.
    """

    def __init__(self, group: str) -> None:
        self._group = group
        self._by_name: dict[str, T | None] = {}

    def __iter__(self) -> Iterator[T]:
        yield from self._own
        yield from self._others

    def named(self, name: str) -> T | None:
        """Return the implementation that is registered under a name; none but that one is imported."""
        if name not in self._by_name:
            place = BUILT_IN[self._group].get(name)
            entry = next((entry for entry in self._entries if entry.name == name), None)
            self._by_name[name] = made(place) if place else _loaded(entry) if entry else None
        return self._by_name[name]

    @cached_property
    def _own(self) -> tuple[T, ...]:
        return tuple(made(place) for place in BUILT_IN[self._group].values())

    @cached_property
    def _others(self) -> tuple[T, ...]:
        return tuple(other for entry in self._entries if (other := _loaded(entry)) is not None)

    @cached_property
    def _entries(self) -> tuple[EntryPoint, ...]:
        entries = entry_points(group=self._group)
        return tuple(entry for entry in entries if entry.name not in BUILT_IN[self._group])


def made(place: str, *arguments: object) -> Any:  # Any: the table says which protocol
    """Return what the class or function at ``module:name`` makes."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)(*arguments)


def _loaded(entry: EntryPoint) -> Any:
    """Return what an entry point of another package makes; None where it is broken, so that the others still work."""
    try:
        return entry.load()()
    except Exception:  # noqa: BLE001 - anybody's package
        _LOG.exception("The entry point %s of %s cannot be loaded.", entry.name, entry.group)
        return None
