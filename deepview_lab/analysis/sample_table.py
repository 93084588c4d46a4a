"""The table of samples of a result: one row per sample, columns with roles."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, Self, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.samples import Samples, text_or_numbers

__all__ = ["Categories", "ColumnRole", "ColumnType", "SampleColumn", "SampleTable", "ShowsSamples", "is_split"]

ColumnRole: TypeAlias = Literal["id", "label", "split", "x", "y", "score", "set", "media", "text", "number"]
ColumnType: TypeAlias = Literal["float", "int", "category", "text", "media"]

_SPLITS = frozenset({"dataset", "split"})
# Larger whole numbers are not exact in a browser.
_LARGEST_EXACT = 2**53


@dataclass(frozen=True, eq=False)
class Categories:
    """Texts that repeat: each distinct one is kept once.

    Attributes
    ----------
    codes : numpy.ndarray
        int32 [rows]: positions in ``words``, -1 where there is no text.
    words : tuple of str
        The distinct texts in the order of their first rows.
    """

    codes: NDArray[np.int32]
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[Hashable], count: int) -> Self:
        """Return ``count`` values as texts; None and the empty text are missing.

        Examples
        --------
        >>> Categories.of(["cat", "dog", None, "cat"], 4).codes.tolist()
        [0, 1, -1, 0]
        """
        known: dict[str, int] = {}
        texts = ("" if value is None else str(value) for value in values)
        codes = np.fromiter(
            (known.setdefault(text, len(known)) if text else -1 for text in texts), dtype=np.int32, count=count
        )
        return cls(codes, tuple(known))

    def array(self) -> NDArray[np.str_]:
        """Return str [rows]; the empty text where there is none."""
        return np.array([*self.words, ""], dtype=np.str_)[self.codes]


@dataclass(frozen=True, eq=False)
class SampleColumn:
    """A column of a table of samples.

    Attributes
    ----------
    name : str
        Unique in the table.
    role : str
        What it is for. ``x`` and ``y`` of one response are a projection; a ``set`` has the number of a sample's set of
        duplicates, -1 for none; the higher a ``score``, the more. Of ``media``, 0 (int) where a sample has something
        to show, else 1.
    title : str
        For people, without the response.
    values : numpy.ndarray or Categories
        [rows] of float (NaN for missing), int or str.
    response : str or None
        The response that it is about.
    """

    name: str
    role: ColumnRole
    title: str
    values: NDArray[Any] | Categories
    response: str | None = None

    @property
    def type(self) -> ColumnType:
        """How the values are kept."""
        if self.role == "media":
            return "media"
        if isinstance(self.values, Categories):
            return "category"
        kind = self.values.dtype.kind
        return "float" if kind == "f" else "int" if kind in "iu" else "text"

    def __len__(self) -> int:
        return len(self.values.codes if isinstance(self.values, Categories) else self.values)

    def array(self) -> NDArray[Any]:
        """Return the values as one array."""
        return self.values.array() if isinstance(self.values, Categories) else self.values

    def has_values_of(self, other: SampleColumn) -> bool:
        """Return whether both have the same values, whatever else differs."""
        one, two = self.values, other.values
        if isinstance(one, Categories) or isinstance(two, Categories):
            return (
                isinstance(one, Categories)
                and isinstance(two, Categories)
                and one.words == two.words
                and np.array_equal(one.codes, two.codes)
            )
        if one is two:
            return True
        floats = one.dtype.kind == "f" and two.dtype.kind == "f"
        return one.dtype == two.dtype and np.array_equal(one, two, equal_nan=floats)


@dataclass(frozen=True, eq=False)
class SampleTable:
    """One row per sample, in the order of the producer.

    Attributes
    ----------
    rows : int
        Samples.
    columns : tuple of SampleColumn
        Of different names, each of ``rows`` values.
    sort_by : str or None
        The column by which the most telling samples come first.
    descending : bool
        Whether its largest values are the most telling.
    """

    rows: int
    columns: tuple[SampleColumn, ...] = ()
    sort_by: str | None = None
    descending: bool = False

    def __post_init__(self) -> None:
        lengths = {column.name: len(column) for column in self.columns}
        if len(lengths) < len(self.columns) or set(lengths.values()) - {self.rows}:
            raise ValueError(
                f"Expected columns of different names with {self.rows} values each, got "
                f"{[(column.name, len(column)) for column in self.columns]}."
            )

    @classmethod
    def of(cls, samples: Samples) -> SampleTable:
        """Return the ids, labels and paths of ``samples``."""
        count = len(samples.ids)
        ids = text_or_numbers(samples.ids)
        table = cls(count).with_column("id", "id", "id", _exact(ids))
        for dimension, labels in samples.labels.items():
            name = str(dimension)
            role: ColumnRole = "split" if is_split(dimension) else "label"
            table = table.with_column(name, role, name, Categories.of(labels, count))
        if samples.paths is None:
            return table
        return table.with_column("path", "text", "path", np.array(samples.paths, dtype=np.str_))

    def with_column(
        self,
        name: str,
        role: ColumnRole,
        title: str,
        values: NDArray[Any] | Categories,
        response: str | None = None,
    ) -> SampleTable:
        """Return the table with one more column, which gets a number behind its name where the name is taken."""
        taken = {column.name for column in self.columns}
        free, count = name, 1
        while free in taken:
            count += 1
            free = f"{name}_{count}"
        return replace(self, columns=(*self.columns, SampleColumn(free, role, title, values, response)))

    def sorted_by(self, role: ColumnRole, *, descending: bool = False) -> SampleTable:
        """Return the table with the first column of ``role``, if there is one, as that of the most telling samples."""
        first = next((column.name for column in self.columns if column.role == role), None)
        return replace(self, sort_by=first, descending=descending)

    def column(self, name: str) -> SampleColumn | None:
        """Return a column by its name, None where there is none."""
        return next((column for column in self.columns if column.name == name), None)

    def ids(self) -> NDArray[Any]:
        """Return the ids of the samples; running numbers where no column has any."""
        found = next((column for column in self.columns if column.role == "id"), None)
        return np.arange(self.rows) if found is None else found.array()

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return the values of all columns by name."""
        return {column.name: column.array() for column in self.columns}


@runtime_checkable
class ShowsSamples(Protocol):
    """A result that has something to say of each sample."""

    def sample_table(self) -> SampleTable | None:
        """Return the table; None where it does not know who the samples are."""
        ...


def is_split(dimension: Hashable) -> bool:
    """Return whether a label dimension tells training from test data, by its name."""
    return str(dimension).lower() in _SPLITS


def _exact(ids: NDArray[Any]) -> NDArray[Any]:
    exact = ids.dtype.kind not in "iu" or not len(ids) or int(np.abs(ids).max()) < _LARGEST_EXACT
    return ids if exact else ids.astype(np.str_)
