"""What an analysis of samples shows: a sentence and a plain table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_ROWS", "Findings", "ShowsFindings"]

# Rows beyond these are in the result, not on the wire.
MOST_ROWS = 1000
_UNSAID = frozenset({"nonfinite", "stable_since"})


@dataclass(frozen=True, eq=False)
class Findings:
    """A table for people: one row per finding (a sample, a pair, a cluster), the most telling first.

    Attributes
    ----------
    summary : str
        What was found, in one or two sentences.
    samples : int
        Samples that were looked at.
    table : mapping of str to numpy.ndarray
        Columns by heading: 1-D numbers, bool, or str, equally long.
    """

    summary: str
    samples: int
    table: Mapping[str, NDArray[Any]]

    def __post_init__(self) -> None:
        lengths = {name: np.shape(column) for name, column in self.table.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"All columns of a table must be 1-D and equally long, but they are {lengths}.")

    @classmethod
    def of_layers(cls, samples: int, columns: Mapping[str, NDArray[Any]]) -> Findings:
        """Return a table of layers for people: its columns of one value per layer, the note last.

        Without ``nonfinite``, which the note tells, and ``stable_since``.
        """
        names = [name for name, column in columns.items() if column.ndim == 1 and name not in _UNSAID]
        return cls("", samples, {name: columns[name] for name in sorted(names, key=lambda name: name == "note")})

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return len(next(iter(self.table.values()))) if self.table else 0

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the first rows of the table, as many as are sent to a canvas."""
        return {name: column[:MOST_ROWS] for name, column in self.table.items()}


class ShowsFindings(Protocol):
    """A result that shows itself as a table of findings."""

    def findings(self) -> Findings:
        """Return the table."""
        ...
