"""The responses of all samples, for the analyses that a stream of sums does not suffice."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pooling import Pool
from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs

__all__ = ["Rows", "RowsWanted"]


@dataclass(frozen=True)
class RowsWanted:
    """What an analysis asks of the engine's row store, which keeps what all ask for once.

    Attributes
    ----------
    pool : Pool or None
        How responses with positions become one value per unit; None refuses them.
    fields : frozenset of str or None
        The responses whose rows are needed; None for all. Others are neither pooled nor kept.
    analysis : str
        Who asks, for error messages; it does not tell two wishes apart.
    """

    pool: Pool | None = None
    fields: frozenset[str] | None = None
    analysis: str = field(default="The analysis", compare=False)

    def takes(self, name: str) -> bool:
        """Return whether the rows of response ``name`` are needed."""
        return self.fields is None or name in self.fields


@dataclass(frozen=True, eq=False)
class Rows:
    """The responses of all samples in the order of the producer. Read-only; above a bound the arrays are memory-mapped.

    Attributes
    ----------
    fields : mapping of str to numpy.ndarray
        float32 [samples, units] by response.
    usable : mapping of str to numpy.ndarray
        bool [samples] by response: False where a value is NaN or infinite.
    ids : sequence of hashable
        One per sample; running numbers where the data had none.
    made_ids : bool
        Whether ``ids`` are running numbers made here.
    labels : mapping of hashable to sequence
        One label per sample by label dimension; empty when the data has none. None where a sample has none.
    paths : sequence of str or None
        File names, None when the data has none.
    graphs : NeighbourGraphs
        Where neighbours are searched: the same ones only once, for all who look at these rows.
    """

    fields: Mapping[str, NDArray[np.float32]]
    usable: Mapping[str, NDArray[np.bool_]]
    ids: Sequence[Hashable]
    made_ids: bool
    labels: Mapping[Hashable, Sequence[Hashable]]
    paths: Sequence[str] | None = None
    graphs: NeighbourGraphs = field(default_factory=NeighbourGraphs, repr=False)

    def __len__(self) -> int:
        return len(self.ids)
