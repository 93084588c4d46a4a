"""The columns of a table as columns of samples."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.sample_table import Categories, ColumnRole, SampleTable
from deepview_lab.data.column_names import is_id, is_label, is_split
from deepview_lab.data.thumbnails import is_picture
from deepview_lab.exceptions import DataError, DeepViewWarning, UnknownNameError
from deepview_lab.lab.frames.frame import Frame

__all__ = ["FrameRoles", "sample_table"]

# Any: what cells hold.
_MOST_WORDS = 1000
_LARGEST_EXACT = 2**53
_UNSHOWN = (bytes, bytearray, list, tuple, dict, set, np.ndarray)


@dataclass(frozen=True)
class FrameRoles:
    """Which columns are what; None where the user did not say.

    Attributes
    ----------
    id_column, x, y, label, split, media : str or None
        Names of columns.
    """

    id_column: str | None = None
    x: str | None = None
    y: str | None = None
    label: str | None = None
    split: str | None = None
    media: str | None = None

    def guessed(self, columns: Mapping[str, NDArray[Any]]) -> dict[str, ColumnRole]:
        """Return the roles of columns, those that were not given told by the names of columns.

        Raises
        ------
        UnknownNameError
            when a name is that of no column.
        DataError
            when one column is to be two things, or only one of ``x`` and ``y`` is given.
        """
        given: list[tuple[str, ColumnRole]] = []
        named_by_user = (self.id_column, self.x, self.y, self.label, self.split, self.media)
        for name, role in zip(named_by_user, ("id", "x", "y", "label", "split", "media"), strict=True):
            if name is not None:
                if name not in columns:
                    raise UnknownNameError("column", name, columns)
                given.append((name, role))  # type: ignore[arg-type]  # one of the roles above
        roles = dict(given)
        if len(roles) < len(given):
            raise DataError(f"A column cannot be two things at once, but these were given: {given}.")
        if (self.x is None) != (self.y is None):
            raise DataError("A map needs both x and y: give the names of two columns of numbers, or none.")
        rest = [name for name in columns if name not in roles]
        if self.x is None and {"x", "y"} <= set(rest) and all(columns[name].dtype.kind in "iuf" for name in "xy"):
            roles |= {"x": "x", "y": "y"}
        for role, is_named in (("label", is_label), ("split", is_split)):
            named = [name for name in rest if is_named(name) and name not in roles]
            if role not in roles.values() and named:
                roles[named[0]] = role  # type: ignore[assignment]  # one of the two
        named = [name for name in rest if is_id(name) and name not in roles and _tell_apart(columns[name])]
        if self.id_column is None and named:
            roles[named[0]] = "id"
        return roles


def sample_table(frame: Frame, given: FrameRoles) -> SampleTable:
    """Return a table as one of samples. Columns of lists and bytes have no place on the page and are left out.

    Raises
    ------
    UnknownNameError
        (a KeyError) when a column is named that is not there.
    DataError
        (a ValueError) when ``x`` or ``y`` hold no numbers.
    """
    roles = given.guessed(frame.columns)
    table = SampleTable(frame.rows)
    if "id" not in roles.values() and frame.index is not None:
        table = table.with_column("index", "id", "index", _ids(frame.index))
    # The id first, as in reports.
    for name in sorted(frame.columns, key=lambda one: roles.get(one) != "id"):
        cells, role = frame.columns[name], roles.get(name)
        values: NDArray[Any] | Categories | None
        if role == "id":
            values = _ids(cells)
            if not _tell_apart(values):
                said = f"The ids in {name!r} repeat: selecting one of them selects all samples that have it."
                warnings.warn(said, DeepViewWarning, stacklevel=4)
        elif role in ("x", "y"):
            values = _coordinates(name, cells)
        elif role in ("label", "split"):
            values = _categories(_as_texts(cells))
        elif role == "media":
            values = _media(name, cells)
        else:
            values = _plain(cells)
        if values is None:
            continue
        kind: ColumnRole = "number" if isinstance(values, np.ndarray) and values.dtype.kind in "iuf" else "text"
        table = table.with_column(name, role or kind, name, values)
    return table


def _ids(cells: NDArray[Any]) -> NDArray[Any]:
    if cells.dtype.kind in "iu" and _is_exact(cells):
        return cells
    return np.array(["" if text is None else text for text in _as_texts(cells)], dtype=object)


def _is_exact(cells: NDArray[Any]) -> bool:
    """Return whether a browser can count so far."""
    whole = cells.dtype.kind in "iu" and len(cells) > 0
    return not whole or max(int(cells.max()), -int(cells.min())) < _LARGEST_EXACT


def _tell_apart(cells: NDArray[Any]) -> bool:
    try:
        return cells.ndim == 1 and len(set(cells.tolist())) == len(cells)
    except TypeError:  # lists
        return False


def _coordinates(name: str, cells: NDArray[Any]) -> NDArray[Any]:
    if cells.ndim != 1 or cells.dtype.kind not in "iuf":
        raise DataError(
            f"x and y must be columns of numbers, but {name!r} holds {cells.dtype}. Convert it, for example with "
            "pandas.to_numeric."
        )
    values = cells.astype(np.float32 if cells.dtype == np.float32 else np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def _media(name: str, cells: NDArray[Any]) -> NDArray[np.uint8]:
    first = _first(cells) if cells.dtype.kind == "O" else cells[0] if cells.ndim > 1 and len(cells) else None
    if first is not None and not is_picture(first):
        raise DataError(
            f"media must be a column of pictures (paths, bytes, arrays, or pictures of Pillow), but {name!r} holds "
            f"{type(first).__name__}."
        )
    if cells.dtype.kind != "O":
        return np.full(len(cells), 0 if cells.ndim > 1 else 1, dtype=np.uint8)
    return np.fromiter((_is_missing(cell) or cell == "" for cell in _listed(cells)), dtype=np.uint8, count=len(cells))


def _listed(cells: NDArray[Any]) -> list[Any]:
    """Return cells with "" only where that is all: arrays are not compared."""
    return ["x" if isinstance(cell, _UNSHOWN) else cell for cell in cells.tolist()]


def _plain(cells: NDArray[Any]) -> NDArray[Any] | Categories | None:
    """Return the values of a column that is nothing special; None of one that cannot be shown."""
    if cells.ndim != 1 or cells.dtype.kind in "cV":
        return None
    if cells.dtype.kind in "iuf":
        large = (
            cells.dtype.kind in "iu" and len(cells) and int(np.abs(cells.astype(np.float64)).max()) >= _LARGEST_EXACT
        )
        return cells.astype(np.float64) if large else cells
    if cells.dtype.kind == "O" and isinstance(_first(cells), _UNSHOWN):
        return None
    if cells.dtype.kind == "O" and _first(cells) is None:
        return np.full(len(cells), np.nan)
    texts = _as_texts(cells)
    categories = _categories(texts)
    few = len(categories.words) <= min(_MOST_WORDS, max(2, len(texts) // 2))
    return categories if few else np.array(["" if text is None else text for text in texts], dtype=object)


def _first(cells: NDArray[Any]) -> Any:
    return next((cell for cell in cells.tolist() if not _is_missing(cell)), None)


def _is_missing(cell: Any) -> bool:
    if cell is None or isinstance(cell, (str, *_UNSHOWN)):
        return cell is None
    try:
        return bool(cell != cell)  # noqa: PLR0124 - NaN, NaT
    except (TypeError, ValueError):
        return type(cell).__name__ == "NAType"


def _as_texts(cells: NDArray[Any]) -> list[str | None]:
    if cells.dtype.kind == "O":
        return [text if isinstance(text, str) else None if _is_missing(text) else str(text) for text in cells.tolist()]
    if cells.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(cells, unit="s").tolist()]
    return [None if _is_missing(cell) else str(cell) for cell in cells.tolist()]


def _categories(texts: Iterable[str | None]) -> Categories:
    listed = list(texts)
    return Categories.of(listed, len(listed))
