"""Names that users pass to ``show``, and what to say when they are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deepview_lab.exceptions import UnknownNameError

__all__ = ["UnknownResponseError", "checked_names", "vis_type_error"]


class UnknownResponseError(UnknownNameError, ValueError):
    """A response was named that is not in the result; a ValueError too, as in DeepView."""


def checked_names(results: Mapping[str, object], names: Sequence[str] | None) -> list[str]:
    """Return the names to show, in the order in which they are given; all in the order of the network.

    Raises
    ------
    UnknownResponseError
        (a ValueError) for a name that is not in ``results``.
    ValueError
        when there is nothing to show.
    """
    chosen = list(results) if names is None else [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in results:
            raise UnknownResponseError("response", name, results)
    if not chosen:
        reason = "the result has no response" if names is None else "response_names is empty"
        raise ValueError(f"There is nothing to show: {reason}. Leave response_names out to show every response.")
    return chosen


def vis_type_error(face: str, vis_type: object) -> ValueError:
    """Return the error for an unknown kind of figure."""
    return ValueError(f"vis_type must be {face}.VisType.TABLE or {face}.VisType.CHART, but is {vis_type!r}.")
