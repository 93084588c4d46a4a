"""Names of responses: paths through models within models, each given once."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Names", "output_names"]


class Names:
    """Gives each call of a layer a name of its own.

    The first call of ``encoder`` is ``encoder``, the second ``encoder#2``, the third ``encoder#3``. No framework allows
    two layers of one name in a place or a ``/`` in a name, so a path stays readable.

    Parameters
    ----------
    taken : iterable of str
        Names that are given already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def claim(self, wanted: str) -> str:
        """Return the name for the next call of ``wanted``."""
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}#{count}"
        self._taken.add(name)
        return name


def output_names(call: str, paths: list[tuple[object, ...]]) -> list[str]:
    """Return the names of a call's outputs: its own for one output, else with number or key (``memory/0``).

    Parameters
    ----------
    call : str
        Name of the call.
    paths : list of tuple
        Where each output is in the structure that the call returns: ``(0,)``, ``("boxes",)``.
    """
    if len(paths) == 1:
        return [call]
    return ["/".join([call, *map(str, path)]) for path in paths]
