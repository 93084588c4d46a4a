"""Names of the columns of a dataset report, and what each means."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["ColumnKind", "ColumnMeaning", "ColumnNames"]

ColumnKind: TypeAlias = Literal[
    "id", "filename", "label", "duplicates", "projection", "familiarity", "splitFamiliarity"
]

_AXES = "xyzuvw"


@dataclass(frozen=True)
class ColumnMeaning:
    """What a column of a report holds.

    Attributes
    ----------
    kind : str
        Which analysis made it.
    response : str or None
        The response it is about, by its full name.
    dimension : hashable or None
        The label dimension it is about.
    axis : int or None
        Which coordinate of a projection, from 0.
    reduced_to : int or None
        For familiarity, the dimensions to which the responses were reduced before; None if they were not.
    """

    kind: ColumnKind
    response: str | None = None
    dimension: Hashable | None = None
    axis: int | None = None
    reduced_to: int | None = None


class ColumnNames:
    """Gives each column of a report a name of its own: DeepView's where that is free, else with a number behind it.

    Response names may have any characters; DeepView's column names drop most of them, so that two responses may ask for
    one name. What a column means is looked up in :attr:`meanings`, never read out of its name.

    Parameters
    ----------
    responses : sequence of str
        In the order of the network.
    dimensions : sequence of hashable
        Label dimensions.

    Examples
    --------
    >>> names = ColumnNames(["block/conv", "blockconv"], ["label"])
    >>> names.of(ColumnMeaning("familiarity", response="block/conv"))
    'familiarity_blockconv'
    >>> names.of(ColumnMeaning("familiarity", response="blockconv"))
    'familiarity_blockconv_2'
    """

    def __init__(self, responses: Sequence[str], dimensions: Sequence[Hashable]) -> None:
        self._suffixes = dict(zip(responses, _unique(map(_suffix, responses)), strict=True))
        self._meanings: dict[str, ColumnMeaning] = {}
        self._names: dict[ColumnMeaning, str] = {}
        for kind in ("id", "filename"):
            self._take(kind, ColumnMeaning(kind))
        for dimension in dimensions:
            self._take(str(dimension), ColumnMeaning("label", dimension=dimension))

    @property
    def meanings(self) -> Mapping[str, ColumnMeaning]:
        """What the columns mean, by their names."""
        return self._meanings

    def of(self, meaning: ColumnMeaning) -> str:
        """Return the name of the column with this meaning.

        Raises
        ------
        KeyError
            when it is about a response that was not told.
        """
        if meaning not in self._names:
            self._take(self._wanted(meaning), meaning)
        return self._names[meaning]

    def _wanted(self, meaning: ColumnMeaning) -> str:
        response = "" if meaning.response is None else self._suffixes[meaning.response]
        match meaning.kind:
            case "projection":
                axis = meaning.axis or 0
                return f"projection_{response}_{_AXES[axis] if axis < len(_AXES) else axis}"
            case "splitFamiliarity":
                return f"splitFamiliarity_{response}_byAttr_{meaning.dimension}"
            case kind:
                return f"{kind}_{response}"

    def _take(self, wanted: str, meaning: ColumnMeaning) -> None:
        name, count = wanted, 1
        while name in self._meanings:
            count += 1
            name = f"{wanted}_{count}"
        self._meanings[name] = meaning
        self._names[meaning] = name


def _suffix(response: str) -> str:
    """Return a response's name as DeepView writes it in column names."""
    return re.sub(r"[^A-Za-z0-9_-]", "", response.replace(" ", "_")) or "response"


def _unique(names: Iterable[str]) -> list[str]:
    taken: dict[str, None] = {}
    for name in names:
        free, count = name, 1
        while free in taken:
            count += 1
            free = f"{name}_{count}"
        taken[free] = None
    return list(taken)
