"""Implementations of a protocol that are found by name and imported when they are first needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from deepview_lab.built_in import BUILT_IN

__all__ = ["Plugins"]

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

    def __iter__(self) -> Iterator[T]:
        yield from self._own
        yield from self._others

    @cached_property
    def _own(self) -> tuple[T, ...]:
        return tuple(_made(place) for place in BUILT_IN[self._group].values())

    @cached_property
    def _others(self) -> tuple[T, ...]:
        found: list[T] = []
        for entry in entry_points(group=self._group):
            if entry.name not in BUILT_IN[self._group]:
                found.extend(_loaded(entry))
        return tuple(found)


def _made(place: str) -> Any:  # Any: the table says which protocol
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)()


def _loaded(entry: EntryPoint) -> Iterator[Any]:
    """Yield what an entry point of another package makes; nothing where it is broken, so that the others still work."""
    try:
        yield entry.load()()
    except Exception:  # noqa: BLE001 - anybody's package
        _LOG.exception("The entry point %s of %s cannot be loaded.", entry.name, entry.group)
