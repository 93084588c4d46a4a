"""The public class of each analysis, registered against its row of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from deepview_lab.analysis import catalog
from deepview_lab.exceptions import AnalysisConflictError, DeepViewException, UnknownNameError

__all__ = ["Face", "faces", "find_face", "register_face"]

# Any: results of all kinds.
FromFile: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True)
class Face:
    """How an analysis is asked for in Python.

    Attributes
    ----------
    cls : class
        ``cls.spec(...)`` returns the settings of a run; its arguments are the options of the row.
    module : str
        From where code imports it; ``__main__`` for a class of the notebook.
    from_file : callable
        Makes the result of what a report file holds.
    """

    cls: type[Any]
    module: str
    from_file: FromFile


_faces: dict[str, Face] = {}


def _unchanged(found: Any) -> Any:
    return found


def register_face(kind: str, cls: type[Any], *, module: str | None = None, from_file: FromFile = _unchanged) -> None:
    """Make a class the face of a kind, so that the magic and the panel offer it. The same class again replaces it.

    Parameters
    ----------
    kind : str
        A kind of the catalogue.
    cls : class
        Its ``spec`` returns settings of that kind.
    module : str, optional
        From where code imports it; the module that defines it when left out.
    from_file : callable, optional
        Makes the result of what a report file holds; otherwise that is the result.

    Raises
    ------
    UnknownNameError
        (a KeyError) when the catalogue has no such kind.
    AnalysisConflictError
        (a ValueError) when another class is the face of the kind.
    DeepViewException
        when the class has no ``spec``.
    """
    if not callable(getattr(cls, "spec", None)):
        raise DeepViewException(
            f"The face of {kind!r} needs a static method spec(...) that returns its settings, but {cls.__name__} has "
            "none."
        )
    if catalog.find(kind) is None:
        raise UnknownNameError("kind of analysis", kind, [row.kind for row in catalog.rows()])
    face = Face(cls, cls.__module__ if module is None else module, from_file)
    known = _faces.get(kind)
    # A cell that defines the class may run again, so it is compared by its name.
    if known is not None and (known.module, known.cls.__name__) != (face.module, cls.__name__):
        raise AnalysisConflictError(kind, f"its face is {known.module}.{known.cls.__name__}. Choose another kind")
    _faces[kind] = face


def find_face(kind: str) -> Face | None:
    """Return the face of a kind, None where there is none. Nothing is imported."""
    return _faces.get(kind)


def faces() -> dict[str, Face]:
    """Return the faces by kind, in the order of the catalogue."""
    return {row.kind: face for row in catalog.rows() if (face := _faces.get(row.kind)) is not None}
