"""What renaming does to a set of names; shared by the stages that rename."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeAlias

from deepview_lab.exceptions import OptionTypeError

__all__ = ["renamed", "require_distinct"]

# Any: fields have names of text, sub keys of metadata may be anything.
_Names: TypeAlias = Mapping[Any, Any]


def require_distinct(mapping: _Names, stage: str, what: str) -> None:
    """Refuse a mapping that gives two things one name.

    Raises
    ------
    OptionTypeError
        (a TypeError) when it is no mapping.
    ValueError
        naming both, and the ``stage`` and ``what`` it renames.
    """
    if not isinstance(mapping, Mapping):
        raise OptionTypeError(
            f"mapping of {stage}", "a mapping of old names to new", mapping, f"{stage}({{'old': 'new'}})"
        )
    for new in set(mapping.values()):
        old = sorted(str(name) for name, target in mapping.items() if target == new)
        if len(old) > 1:
            raise ValueError(f"{stage} would give the {what} {old} one name, {str(new)!r}. Give each its own.")


def renamed(mapping: _Names, present: Iterable[Hashable]) -> list[tuple[Any, Any]]:
    """Return (old name, new name) of what is left of ``present``.

    What has a name that another one gets is dropped, unless it is renamed itself.
    """
    names = list(present)
    taken = {mapping[name] for name in names if name in mapping}
    return [(name, mapping.get(name, name)) for name in names if name in mapping or name not in taken]
