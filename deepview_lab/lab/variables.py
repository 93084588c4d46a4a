"""The user's variables, for what the page sends to Python."""

from __future__ import annotations

import keyword
from collections.abc import Callable, MutableMapping
from typing import Any

__all__ = ["Variables"]

_MOST_LETTERS = 100


class Variables:
    """Binds variables of a namespace; may do so on any thread while cells run.

    Parameters
    ----------
    namespace : callable
        Returns it.
    """

    # Any: a namespace holds anything.

    def __init__(self, namespace: Callable[[], MutableMapping[str, Any]]) -> None:
        self._namespace = namespace

    def problem_of(self, name: str) -> str | None:
        """Return why no variable can have this name, None where one can."""
        if not name.isidentifier() or keyword.iskeyword(name) or len(name) > _MOST_LETTERS:
            return "A name of a variable has letters, digits and underscores, and does not begin with a digit."
        if name.startswith("_"):
            return "Choose a name that does not begin with an underscore."
        return None

    def type_of(self, name: str) -> str | None:
        """Return the type of what a variable holds, None where there is none."""
        namespace = self._namespace()
        return type(namespace[name]).__name__ if name in namespace else None

    def bind(self, name: str, value: Any) -> None:
        """Bind a variable."""
        self._namespace()[name] = value
