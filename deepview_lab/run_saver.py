"""How the engine gets what writes runs into files. Files are above the engine, so the package hands functions in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

__all__ = ["PageSaver", "Saver", "hand_in", "page_saver", "saver"]

# Writes an ended run (the first argument) into a file and returns its path. Any: runs and paths are defined above this.
Saver: TypeAlias = Callable[[Any, Any], Path]


class PageSaver(Protocol):
    """Writes an ended run as an HTML page."""

    def __call__(self, run: Any, path: Any, *, include_code: bool, include_paths: bool, include_samples: bool) -> Path:
        """Return the path of the page."""
        ...


_handed_in: list[tuple[Saver, PageSaver]] = []


def hand_in(save: Saver, page: PageSaver) -> None:
    """Save runs with these functions from now on."""
    _handed_in[:] = [(save, page)]


def saver() -> Saver:
    """Return the function for report files that was handed in last."""
    return _handed_in[-1][0]


def page_saver() -> PageSaver:
    """Return the function for pages that was handed in last."""
    return _handed_in[-1][1]
