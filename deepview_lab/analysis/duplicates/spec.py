"""Duplicates: which samples have (nearly) the same responses."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import FinishContext
from deepview_lab.analysis.counted_samples import CountedSamples
from deepview_lab.analysis.duplicates.response import ResponseDuplicates
from deepview_lab.analysis.duplicates.result import DuplicatesResults
from deepview_lab.analysis.duplicates.strategies import KNN, DuplicatesStrategyType, own_links
from deepview_lab.analysis.duplicates.thresholds import (
    NEIGHBOURS,
    Absolute,
    Cosine,
    Relative,
    Threshold,
    threshold_distance,
)
from deepview_lab.analysis.pooling import Pool, resolved_pool
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.analysis.samples import Samples
from deepview_lab.analysis.space import Space, SpaceKind
from deepview_lab.numerics.neighbours.equal_rows import equal_rows
from deepview_lab.numerics.neighbours.nearest import NeighbourGraph
from deepview_lab.numerics.neighbours.radius import radius_forest
from deepview_lab.numerics.neighbours.union_find import Edges

__all__ = ["DuplicatesSpec"]

# Beyond the threshold, pairs are kept only as far as so small a share of samples has all its listed neighbours within:
# the others' pairs are known already, and those of these few are searched one by one.
_SWEPT_SHARE = 0.01


@dataclass(frozen=True)
class DuplicatesSpec(CountedSamples):
    """Settings of Duplicates.

    Most thresholds are distances in a space of their own (units or samples divided by their norms), so that neighbours
    are searched anew. Those of ``Absolute`` are shared with label problems and UMAP of the same run, if no two samples
    are equal.

    Attributes
    ----------
    threshold : Threshold
        How close duplicates are; see :mod:`deepview_lab.analysis.duplicates.thresholds`.
    strategy : KNN or DuplicatesStrategyType
        How neighbours are searched. A search of one's own needs a threshold that can be called with distances.
    reach : float
        Up to how many times the threshold pairs are kept, so that the result can be had at other thresholds without a
        new search; at least 1. Where many samples lie that close, they are kept up to less.
    split : hashable
        The label dimension that tells training from test data.
    pool : None, Pool, 'average' or 'max'
        How feature maps are pooled over their positions; None refuses them.

    Examples
    --------
    >>> from deepview_lab.analysis.contract import StandaloneContext
    >>> values = np.float32([[0, 1], [5, 5], [0, 1], [9, 0]])
    >>> rows = Rows({"x": values}, {"x": np.ones(4, bool)}, ids="abcd", made_ids=False, labels={})
    >>> spec = DuplicatesSpec()
    >>> spec.finish(spec.create(), StandaloneContext(rows)).findings().table["ids"]
    array(['a, c'], dtype='<U4')
    """

    threshold: Threshold = field(default_factory=Relative)
    strategy: KNN | DuplicatesStrategyType = field(default_factory=KNN)
    reach: float = 2.0
    split: Hashable = "dataset"
    pool: Pool | str | Enum | None = None

    def __post_init__(self) -> None:
        resolved_pool(self.pool)
        if not self.reach >= 1:
            raise ValueError(f"reach must be at least 1, but is {self.reach}.")
        known = isinstance(self.threshold, Relative | Cosine | Absolute)
        if isinstance(self.threshold, type) or not (known or callable(self.threshold)):
            raise ValueError(
                "threshold must be one of Duplicates.ThresholdStrategy, or a callable that takes the sorted distances "
                f"and returns one, but is {self.threshold!r}. A distance is Absolute(0.5), a similarity Cosine(0.98)."
            )
        if isinstance(self.strategy, type) or not (isinstance(self.strategy, KNN) or callable(self.strategy)):
            raise ValueError(
                f"strategy must be one of Duplicates.KNNStrategy, such as KNN(exact=True), but is {self.strategy!r}."
            )
        if known and not isinstance(self.strategy, KNN):
            raise ValueError(
                f"A strategy of one's own takes Slope(), Percentile(...) or a callable of distances as its threshold, "
                f"but threshold is {self.threshold!r}."
            )

    @property
    def kind(self) -> str:
        """The name ``duplicates``."""
        return "duplicates"

    @property
    def rows_wanted(self) -> RowsWanted:
        """One row per sample and response."""
        return RowsWanted(resolved_pool(self.pool), analysis="Duplicates")

    def finish(self, acc: SampleCount, context: FinishContext) -> DuplicatesResults:  # noqa: ARG002 - the rows have all
        """Search the duplicates of each response; each is shown when it is done."""
        rows, found = context.rows, {}
        samples = Samples.of(rows)
        for index, name in enumerate(rows.fields):
            found[name] = self._of_response(name, rows, context)
            if index < len(rows.fields) - 1:
                context.partial(self.present(DuplicatesResults(len(rows), dict(found), samples, self.split)))
        return self.present(DuplicatesResults(len(rows), found, samples, self.split))

    def present(self, found: DuplicatesResults) -> DuplicatesResults:
        """Return the result in the form in which it is handed out."""
        return found

    def _of_response(self, name: str, rows: Rows, context: FinishContext) -> ResponseDuplicates:
        values, usable = rows.fields[name], rows.usable[name]
        context.step(f"Finding equal samples of {name}")
        used = np.flatnonzero(usable)
        space = Space.of(getattr(self.threshold, "space", SpaceKind.COLUMNS), values, usable)
        points = space.points(values, used)
        first = equal_rows(points)
        search = self._searched if isinstance(self.strategy, KNN) else self._searched_otherwise
        found = search(name, points, first, context)
        return ResponseDuplicates(
            response=name,
            threshold=found.threshold,
            largest_threshold=found.largest,
            exact_search=found.exact,
            recall=found.recall,
            links=Edges(used[found.links.first], used[found.links.second], found.links.weight),
            _first_equal=_spread(used[first], used, len(values)),
            _first_same=_spread(used[equal_rows(values[used])], used, len(values)),
            _space=space,
            _rows=rows,
        )

    def _searched(
        self, name: str, points: NDArray[np.float32], first: NDArray[np.int32], context: FinishContext
    ) -> _Search:
        chosen, copies = np.unique(first, return_counts=True)
        points = points[chosen]
        assert isinstance(self.strategy, KNN)
        graph = context.rows.graphs.of(
            points,
            NEIGHBOURS,
            exact=self.strategy.exact,
            step=lambda done: context.step(f"Finding neighbours in {name}", done),
        )
        threshold = threshold_distance(self.threshold, graph, copies)
        largest = self._largest(threshold, graph)
        links = radius_forest(
            points, graph, largest, step=lambda done: context.step(f"Linking samples of {name}", done)
        )
        links = Edges(chosen[links.first], chosen[links.second], links.weight)
        return _Search(threshold, largest, links, graph.exact, graph.recall)

    def _searched_otherwise(
        self, name: str, points: NDArray[np.float32], first: NDArray[np.int32], context: FinishContext
    ) -> _Search:
        context.step(f"Searching duplicates of {name}")
        assert callable(self.strategy)
        assert callable(self.threshold)
        links = own_links(self.strategy, points, self.threshold)
        widest = float(links.weight.max(initial=0.0))
        links = Edges(first[links.first], first[links.second], links.weight)
        return _Search(widest, widest, links, exact=False, recall=None)

    def _largest(self, threshold: float, graph: NeighbourGraph) -> float:
        """Return up to which distance pairs are kept."""
        if not graph.distances.size:
            return threshold * self.reach
        dense = float(np.quantile(graph.distances[:, -1], _SWEPT_SHARE))
        return max(threshold, min(threshold * self.reach, dense))


@dataclass(frozen=True, eq=False)
class _Search:
    """What a search has found among the points of one response.

    Attributes
    ----------
    threshold, largest : float
        The largest distance of duplicates, and up to which links are known.
    links : Edges
        Which points hang together, by their numbers; only the first of equal points is linked.
    exact : bool
        Whether every point was compared with every other one.
    recall : float or None
        Measured, of an approximate search.
    """

    threshold: float
    largest: float
    links: Edges
    exact: bool
    recall: float | None


def _spread(values: NDArray[np.integer], used: NDArray[np.intp], count: int) -> NDArray[np.int32]:
    """Return int32 [count]: ``values`` at ``used``, -1 elsewhere."""
    found = np.full(count, -1, dtype=np.int32)
    found[used] = values
    return found
