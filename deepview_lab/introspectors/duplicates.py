"""Duplicates: which samples are there twice."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

from deepview_lab.analysis.duplicates.candidate import DuplicateSetCandidate
from deepview_lab.analysis.duplicates.result import DuplicatesResults
from deepview_lab.analysis.duplicates.spec import DuplicatesSpec
from deepview_lab.analysis.duplicates.strategies import KNN, DuplicatesStrategyType, KNNAnnoy, KNNFaiss
from deepview_lab.analysis.duplicates.thresholds import Absolute, Cosine, Percentile, Relative, Slope, Threshold
from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.pooling import Pool
from deepview_lab.base import Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewException
from deepview_lab.figures.findings import findings_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Duplicates"]


class _ThresholdStrategy:
    """How close duplicates are; a callable of your own works too (``DuplicatesThresholdStrategyType``)."""

    Relative: ClassVar[TypeAlias] = Relative
    Cosine: ClassVar[TypeAlias] = Cosine
    Absolute: ClassVar[TypeAlias] = Absolute
    Percentile: ClassVar[TypeAlias] = Percentile
    Slope: ClassVar[TypeAlias] = Slope


class _KNNStrategy:
    """How neighbours are searched."""

    KNN: ClassVar[TypeAlias] = KNN
    KNNAnnoy: ClassVar[TypeAlias] = KNNAnnoy
    KNNFaiss: ClassVar[TypeAlias] = KNNFaiss


@final
@dataclass(frozen=True, eq=False)
class Duplicates(DuplicatesResults):
    """Sets of samples with (nearly) the same responses: exact copies, near duplicates, leaks between splits.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run.

    Examples
    --------
    Two photographs of the same thing, one in the training and one in the test data, and an exact copy:

    >>> import numpy as np
    >>> from deepview_lab.base import Batch
    >>> from deepview_lab.samples import StubProducer
    >>> responses = np.random.default_rng(0).standard_normal((100, 16))
    >>> responses[60] = responses[10] + 0.01
    >>> responses[7] = responses[3]
    >>> split = ["train"] * 50 + ["test"] * 50
    >>> producer = StubProducer({"dense": responses}, {Batch.StdKeys.LABELS: {"dataset": split}})
    >>> duplicates = Duplicates.introspect(producer)
    >>> [(found.indices, found.exact) for found in duplicates.results["dense"]]
    [([3, 7], True), ([10, 60], False)]
    >>> [found.candidate.indices for found in duplicates.leaks()]
    [[10, 60]]

    The pairs are kept, so that another threshold needs no new search. A threshold can be one that speaks for itself:

    >>> [found.indices for found in duplicates.at(0.0).results["dense"]]
    [[3, 7]]
    >>> alike = Duplicates.introspect(producer, threshold=Duplicates.Cosine(similarity=0.99))
    >>> len(alike.results["dense"])
    2
    """

    DuplicateSetCandidate: ClassVar[TypeAlias] = DuplicateSetCandidate
    ThresholdStrategy: ClassVar[TypeAlias] = _ThresholdStrategy
    KNNStrategy: ClassVar[TypeAlias] = _KNNStrategy
    Relative: ClassVar[TypeAlias] = Relative
    Cosine: ClassVar[TypeAlias] = Cosine
    Absolute: ClassVar[TypeAlias] = Absolute
    Percentile: ClassVar[TypeAlias] = Percentile
    Slope: ClassVar[TypeAlias] = Slope
    KNN: ClassVar[TypeAlias] = KNN
    KNNAnnoy: ClassVar[TypeAlias] = KNNAnnoy
    KNNFaiss: ClassVar[TypeAlias] = KNNFaiss

    @staticmethod
    def spec(
        *,
        strategy: KNN | DuplicatesStrategyType | None = None,
        threshold: Threshold | None = None,
        reach: float = 2.0,
        split: Hashable = "dataset",
        pool: Pool | str | Enum | None = None,
    ) -> DuplicatesSpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`Duplicates`.

        See :class:`DuplicatesSpec`.
        """
        strategy = KNN() if strategy is None else strategy
        if threshold is None:
            threshold = Relative() if isinstance(strategy, KNN) else Slope()
        return _Spec(threshold, strategy, reach, split, pool)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        batch_size: int = 32,
        strategy: KNN | DuplicatesStrategyType | None = None,
        threshold: Threshold | None = None,
        reach: float = 2.0,
        split: Hashable = "dataset",
        pool: Pool | str | Enum | None = None,
    ) -> Duplicates:
        """Find the duplicates among the samples of all fields that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses; every field is searched. One row per sample [n, units] unless ``pool`` is given.
        batch_size : int
            Samples per batch.
        strategy : KNN or DuplicatesStrategyType, optional
            How neighbours are searched: all with all where that takes seconds, approximately above. A search of your
            own is called as DeepView does, with ``Slope()`` as its default threshold.
        threshold : Threshold, optional
            How close duplicates are. The default, ``Relative()``, takes 0.13 of the distance that is usual between
            nearest neighbours, less in few dimensions, so that pure noise has next to no duplicates. ``Cosine(0.98)``
            and ``Absolute(0.5)`` speak for themselves; ``Percentile`` and ``Slope`` are DeepView's.
        reach : float
            Up to how many times the threshold :meth:`at` can go, at least 1.
        split : hashable
            The label dimension that tells training from test data, for :meth:`leaks`.
        pool : None, Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.

        Returns
        -------
        Duplicates
            See :attr:`results`.

        Warns
        -----
        DeepViewWarning
            when there are more samples than an exact search takes seconds for, and faiss is not installed.

        Raises
        ------
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        ValueError
            for a threshold or a strategy that is none.
        """
        spec = Duplicates.spec(strategy=strategy, threshold=threshold, reach=reach, split=split, pool=pool)
        result: Duplicates = introspect(producer, spec, batch_size=batch_size)["duplicates"]
        return result

    @staticmethod
    def show(duplicates: Duplicates) -> pd.DataFrame:
        """Return a table of the sets: those that leak between splits first, then label conflicts, then the largest.

        Raises
        ------
        DeepViewException
            when ``duplicates`` is no Duplicates.
        """
        if not isinstance(duplicates, Duplicates):
            raise DeepViewException(
                f"Duplicates.show takes what Duplicates.introspect returned, but got a {type(duplicates).__name__}."
            )
        return findings_frame(duplicates.findings())


class _Spec(DuplicatesSpec):
    """The same settings; the result is the public face."""

    def present(self, found: DuplicatesResults) -> Duplicates:
        """Return the result."""
        return Duplicates(found.count, found.responses, found.samples, found.split)


register_face("duplicates", Duplicates, module="deepview_lab.introspectors")
