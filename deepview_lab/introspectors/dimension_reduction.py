"""DimensionReduction: responses in few dimensions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, TypeAlias, final

from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.projection.custom import resolved_strategies
from deepview_lab.analysis.projection.manifold import TSNE, UMAP, PaCMAP
from deepview_lab.analysis.projection.protocols import OneOrManyDimStrategies
from deepview_lab.analysis.projection.result import ProjectionResults
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA, StandardPCA
from deepview_lab.base import Batch, PipelineStage, Producer, ResponseInfo, pipeline
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewWarning
from deepview_lab.processors import FieldRemover

__all__ = ["DimensionReduction"]


class _Strategy:
    """How dimensions are reduced; a strategy of your own works too (``DimensionReductionStrategyType``)."""

    PCA: ClassVar[TypeAlias] = PCA
    StandardPCA: ClassVar[TypeAlias] = StandardPCA
    UMAP: ClassVar[TypeAlias] = UMAP
    TSNE: ClassVar[TypeAlias] = TSNE
    PaCMAP: ClassVar[TypeAlias] = PaCMAP


@final
@dataclass(frozen=True, eq=False)
class DimensionReduction(ProjectionResults, PipelineStage):
    """Positions of samples in few dimensions.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run, whose result has
    the :attr:`positions`. It is a stage: in a pipeline it puts positions in the place of the fields it was fitted to.
    Samples of the fit keep their fitted positions, whatever their order; they are known by their ids, and without ids
    by their values. Other samples are projected onto the same basis (PCA), or placed among their nearest neighbours
    (UMAP, PaCMAP, t-SNE).

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> line = StubProducer({"dense": np.outer(np.arange(5.0), [0.0, 3.0, 4.0])})
    >>> reduction = DimensionReduction.introspect(line, strategies=DimensionReduction.Strategy.PCA(1))
    >>> peek_first_batch(pipeline(line, reduction), 5).fields["dense"].ravel()
    array([-10.,  -5.,   0.,   5.,  10.], dtype=float32)
    """

    Strategy: ClassVar[TypeAlias] = _Strategy

    @staticmethod
    def spec(
        *,
        strategies: OneOrManyDimStrategies | None = None,
        pool: Pool | str | Enum | None = None,
        positions: bool = True,
    ) -> ProjectionSpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`DimensionReduction`.

        ``strategies`` is UMAP to two dimensions by default. See :class:`ProjectionSpec`.
        """
        return _Spec(UMAP(2) if strategies is None else strategies, pool, positions)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        strategies: OneOrManyDimStrategies,
        batch_size: int | None = None,
        pool: Pool | str | Enum | None = None,
    ) -> DimensionReduction:
        """Fit projections to the fields that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses, one row per sample [n, units] unless ``pool`` is given.
        strategies : strategy, or mapping of str to strategy
            One of :class:`DimensionReduction.Strategy` for all fields, or one for each of some fields; the others pass
            the fitted stage untouched.
        batch_size : int, optional
            Samples per batch; the largest that the strategies prefer by default. It does not change the result.
        pool : None, Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.

        Returns
        -------
        DimensionReduction
            A stage.

        Warns
        -----
        DeepViewWarning
            for each response that could not be projected.

        Raises
        ------
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        TooFewSamplesError
            when there are too few samples to fit.
        MissingExtraError
            when the library of a strategy is not installed.
        DeepViewException
            when a response has fewer units than it is to have dimensions, or a library refuses data or settings.
        """
        chosen = resolved_strategies(strategies)
        each = list(chosen.values()) if isinstance(chosen, Mapping) else [chosen]
        for strategy in each:
            if batch_size is not None:
                strategy.check_batch_size(batch_size)
        size = batch_size or max(strategy.default_batch_size() for strategy in each)
        if isinstance(chosen, Mapping):  # whatever else there is need not be kept, nor be pooled
            producer = pipeline(producer, FieldRemover(fields=list(chosen), keep=True))
        spec = DimensionReduction.spec(strategies=strategies, pool=pool, positions=False)
        result: DimensionReduction = introspect(producer, spec, batch_size=size)["projection"]
        for name, note in result.notes.items():
            if name not in result.reducers:
                warnings.warn(f"Response {name!r}: {note}", DeepViewWarning, stacklevel=2)
        return result

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the infos with the shapes of positions."""
        described = dict(responses)
        for name, reducer in self.reducers.items():
            if name in described:
                described[name] = described[name].with_shape((described[name].shape[0], reducer.dimensions), 1)
        return described

    def _get_batch_processor(self) -> Callable[[Batch], Batch]:
        return self.projected


class _Spec(ProjectionSpec):
    """The same settings; the result is the public face."""

    def present(self, found: ProjectionResults) -> DimensionReduction:
        """Return the result."""
        return DimensionReduction(**{name: getattr(found, name) for name in found.__dataclass_fields__})


register_face("projection", DimensionReduction, module="deepview_lab.introspectors")
