"""How close two samples must be to be duplicates. Each class is a strategy with its own idea of distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.space import SpaceKind
from deepview_lab.numerics.neighbours.nearest import NeighbourGraph

__all__ = [
    "NEIGHBOURS",
    "Absolute",
    "Cosine",
    "DuplicatesThresholdStrategyType",
    "Percentile",
    "Relative",
    "Slope",
    "Threshold",
    "neighbour_distances",
    "threshold_distance",
]

# DeepView looks at ten neighbours of each sample, the sample itself among them.
NEIGHBOURS = 10

# The largest k of which the neighbours k and 2k tell the dimension of the data.
_LARGEST_K = 5

# The direction of a float32 sample is not known better than this.
_LEAST_ANGLE = 1e-6


class DuplicatesThresholdStrategyType(Protocol):
    """Finds a threshold among the distances of all samples to their ten neighbours: DeepView's protocol."""

    def __call__(self, distances: NDArray[np.float64], /) -> float:
        """Return the largest distance of duplicates; ``distances`` ascend and are all above zero."""
        ...


@dataclass(frozen=True)
class Relative:
    """Closer than a share of what is usual for nearest neighbours: the default.

    The usual distance is that at which half of all samples have their nearest neighbour. It is not read from the
    nearest neighbours themselves, which may be the duplicates, but from the tenth: in data that fill ``m`` dimensions
    the volume that holds one neighbour follows from that which holds ten. The volumes that hold ``k`` and ``2k`` have a
    ratio whose median is 1/2, which gives ``m``; it is taken from ``k`` of 2 to 5, the largest ``m`` of them, because
    where groups of duplicates end between the two the ratio is too small. So most samples may have up to nine
    duplicates before the threshold moves.

    In few dimensions chance alone puts some samples that close. The share is made smaller there, such that about
    ``chance`` of the samples of noise of the same dimension have a neighbour within the threshold.

    Parameters
    ----------
    fraction : float
        Share of the usual distance, above 0 and below 1; 0.13 is cleanlab's default for near duplicates.
    chance : float
        Share of the samples of pure noise that may be called duplicates, above 0 and below 0.5.

    References
    ----------
    F. Denti, D. Doimo, A. Laio, A. Mira: The generalized ratios intrinsic dimension estimator. Scientific Reports 12
    (2022): the ratio of neighbours' distances tells the dimension. cleanlab, Datalab, ``near_duplicate`` issues: the
    share of the median distance of nearest neighbours.
    """

    fraction: float = 0.13
    chance: float = 1e-3

    space: ClassVar[SpaceKind] = SpaceKind.COLUMNS

    def __post_init__(self) -> None:
        if not 0 < self.fraction < 1:
            raise ValueError(f"fraction must be above 0 and below 1, but is {self.fraction}.")
        if not 0 < self.chance < 0.5:  # noqa: PLR2004 - half of the samples
            raise ValueError(f"chance must be above 0 and below 0.5, but is {self.chance}.")

    def of_graph(self, graph: NeighbourGraph) -> float:
        """Return the threshold; 0 when there are too few different samples to say what is usual."""
        distances = graph.distances.astype(np.float64)
        most = min(_LARGEST_K, distances.shape[1] // 2)
        if not most:
            return 0.0
        growths = [_growth(distances[:, k - 1], distances[:, 2 * k - 1]) for k in range(min(2, most), most + 1)]
        per_dimension = min(growths) / math.log(2)  # 1 / m
        median_volume = 2 * most - 1 / 3 + 0.02 / (2 * most)  # of 2k neighbours: the median of a gamma distribution
        farthest = float(np.median(distances[:, 2 * most - 1]))
        usual = farthest * math.pow(math.log(2) / median_volume, per_dimension)
        return usual * min(self.fraction, math.pow(self.chance / math.log(2), per_dimension))


def _growth(near: NDArray[np.float64], far: NDArray[np.float64]) -> float:
    """Return the natural log of the median ratio of two distances to neighbours."""
    known = near > 0
    return math.log(float(np.median(far[known] / near[known]))) if known.any() else 0.0


@dataclass(frozen=True)
class Cosine:
    """At least so similar in direction: 1 is the same direction whatever the length, 0 a right angle.

    Parameters
    ----------
    similarity : float
        Cosine similarity of duplicates, -1 to 1.
    """

    similarity: float = 0.98

    space: ClassVar[SpaceKind] = SpaceKind.DIRECTIONS

    def __post_init__(self) -> None:
        if not -1 <= self.similarity <= 1:
            raise ValueError(f"similarity must be from -1 to 1, but is {self.similarity}.")

    @property
    def distance(self) -> float:
        """The distance of two directions of that similarity: sqrt(2 - 2 cos)."""
        return max(math.sqrt(2 - 2 * self.similarity), _LEAST_ANGLE)


@dataclass(frozen=True)
class Absolute:
    """At most so far apart: the Euclidean distance of the responses as they are.

    Parameters
    ----------
    distance : float
        At least 0, which finds equal samples only.
    """

    distance: float

    space: ClassVar[SpaceKind] = SpaceKind.VALUES

    def __post_init__(self) -> None:
        if not (self.distance >= 0 and math.isfinite(self.distance)):
            raise ValueError(f"distance must be a finite number of at least 0, but is {self.distance}.")


@dataclass(frozen=True)
class Percentile:
    """The distance above which ``percentile`` per cent of all distances to neighbours lie.

    Parameters
    ----------
    percentile : float
        0 to 100: with 98.5 the smallest 1.5 % are close.
    """

    percentile: float

    space: ClassVar[SpaceKind] = SpaceKind.COLUMNS

    def __post_init__(self) -> None:
        if not 0 <= self.percentile <= 100:  # noqa: PLR2004 - per cent
            raise ValueError(f"percentile must be from 0 to 100, but is {self.percentile}.")

    def __call__(self, distances: NDArray[np.floating]) -> float:
        """Return the threshold."""
        count = len(distances)
        return float(distances[min(count - int(self.percentile * 0.01 * count), count - 1)])


@dataclass(frozen=True)
class Slope:
    """Where the sorted distances to neighbours stop rising steeply, seen from their median downwards: DeepView's rule.

    Parameters
    ----------
    sensitivity : int
        Above 2; the slope is taken over this part of all distances.
    """

    sensitivity: int = 5

    space: ClassVar[SpaceKind] = SpaceKind.COLUMNS

    def __post_init__(self) -> None:
        if not self.sensitivity > 2:  # noqa: PLR2004 - the window starts at the middle
            raise ValueError(f"sensitivity must be above 2, but is {self.sensitivity}.")

    def __call__(self, distances: NDArray[np.floating]) -> float:
        """Return the threshold."""
        count = len(distances)
        stride = count // 1000 + 1
        probe = count // 2
        window = int(count // self.sensitivity)
        middle_half = distances[probe + probe // 2] - distances[probe - probe // 2]
        while probe > stride and distances[probe + window] - distances[probe] <= middle_half:
            probe -= stride
        return float(distances[probe])


Threshold: TypeAlias = Relative | Cosine | Absolute | Percentile | Slope | DuplicatesThresholdStrategyType


def threshold_distance(threshold: Threshold, graph: NeighbourGraph, copies: NDArray[np.integer]) -> float:
    """Return the largest distance of duplicates.

    Parameters
    ----------
    threshold : Threshold
        The strategy.
    graph : NeighbourGraph
        Neighbours of the samples that differ.
    copies : numpy.ndarray
        int [samples that differ]: how many samples are equal to each.

    Raises
    ------
    ValueError
        when a strategy of one's own returns no such number.
    """
    if isinstance(threshold, Relative):
        return threshold.of_graph(graph)
    if isinstance(threshold, Cosine | Absolute):
        return threshold.distance
    distances = neighbour_distances(graph, copies)
    if not len(distances):
        return 0.0
    found = float(threshold(distances))
    if not (math.isfinite(found) and found >= 0):
        raise ValueError(f"threshold must return a finite distance of at least 0, but {threshold!r} returned {found}.")
    return found


def neighbour_distances(graph: NeighbourGraph, copies: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return, ascending, the distances above 0 of all samples to their ten neighbours, themselves among them.

    Each of the samples that differ stands for its copies, as a sample and as a neighbour.
    """
    weight = copies[graph.indices]
    nearer = np.cumsum(weight, axis=1) - weight + copies[:, None]
    counted = np.clip(NEIGHBOURS - nearer, 0, weight) * copies[:, None]
    distances = np.sort(np.repeat(graph.distances.reshape(-1), counted.reshape(-1)).astype(np.float64))
    return distances[np.searchsorted(distances, 0.0, side="right") :]
