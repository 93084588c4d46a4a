"""What an object is, told from its type alone.

Objects of a namespace belong to somebody else: reading an attribute may run a property, download a file or start a job.
So only types are looked at, and these through ``type`` itself, since a class may have a metaclass of its own.
No library is imported to recognise its objects.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["derives_from", "is_exactly", "is_path", "mro_of", "name_of", "package_of", "top_package"]

# Any: an object of anybody's.
mro_of: Final = type.__dict__["__mro__"].__get__
_module_of: Final = type.__dict__["__module__"].__get__
name_of: Final = type.__dict__["__name__"].__get__


def derives_from(value: Any, package: str, *names: str) -> bool:
    """Return whether the class of ``value``, or one that it derives from, is one of ``names`` in ``package``."""
    return any(package_of(kind) == package and name_of(kind) in names for kind in mro_of(type(value)))


def is_path(value: Any) -> bool:
    """Return whether ``value`` is a path of ``pathlib``."""
    return derives_from(value, "pathlib", "Path")


def is_exactly(value: Any, package: str) -> bool:
    """Return whether the class of ``value`` is of ``package`` itself, so that its methods run no code of the user's."""
    return package_of(type(value)) == package


def package_of(kind: type) -> str:
    """Return the top-level package in which a class says that it is defined."""
    return top_package(_module_of(kind))


def top_package(module: Any) -> str:
    """Return the first part of a module's name; nothing for what is no name."""
    return module.partition(".")[0] if type(module) is str else ""
