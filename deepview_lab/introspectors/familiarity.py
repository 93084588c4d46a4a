"""Familiarity: which samples are rare."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.familiarity.mixture import GMMSettings
from deepview_lab.analysis.familiarity.protocols import FamiliarityDistribution, FamiliarityStrategyType
from deepview_lab.analysis.familiarity.result import FamiliarityResults
from deepview_lab.analysis.familiarity.spec import FamiliaritySpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.base import Batch, PipelineStage, Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewException, DeepViewWarning

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Familiarity"]


@final
@dataclass(frozen=True, kw_only=True)
class GMM(GMMSettings):
    """Mixtures of Gaussians; see :class:`GMMSettings`."""

    def __call__(self, producer: Producer, /, batch_size: int = 1024) -> Mapping[str, FamiliarityDistribution]:
        """Read the whole producer and return a mixture for each field."""
        return Familiarity.introspect(producer, strategy=self, batch_size=batch_size).distributions


class _Strategy:
    """What is fitted; a strategy of your own works too (``FamiliarityStrategyType``)."""

    GMM: ClassVar[TypeAlias] = GMM


@final
@dataclass(frozen=True, eq=False)
class Familiarity(FamiliarityResults, PipelineStage):
    """How familiar samples are: the log density of their responses under mixtures fitted to the responses of all.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run. It is a stage: in a
    pipeline it scores the samples that pass, and leaves their fields alone.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> usual = StubProducer({"dense": np.random.default_rng(0).standard_normal((200, 2))})
    >>> familiarity = Familiarity.introspect(usual, strategy=Familiarity.Strategy.GMM(gaussian_count=1))
    >>> new = pipeline(StubProducer({"dense": np.array([[0.0, 0.0], [9.0, 9.0]])}), familiarity)
    >>> near, far = peek_first_batch(new, 2).metadata[familiarity.meta_key]["dense"]
    >>> near.score > -3, far.score < -50
    (True, True)
    """

    Strategy: ClassVar[TypeAlias] = _Strategy

    @staticmethod
    def spec(
        *,
        strategy: GMMSettings | FamiliarityStrategyType | None = None,
        pool: Pool | str | Enum | None = None,
    ) -> FamiliaritySpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`Familiarity`.

        Its :meth:`findings` list the rarest samples first, its :attr:`scores` have all. See :class:`FamiliaritySpec`.
        """
        return _Spec(GMM() if strategy is None else strategy, pool)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        strategy: GMMSettings | FamiliarityStrategyType | None = None,
        batch_size: int = 1024,
        pool: Pool | str | Enum | None = None,
    ) -> Familiarity:
        """Fit a distribution to each field that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses; every field is fitted. One row per sample [n, units] unless ``pool`` is given.
        strategy : GMM or FamiliarityStrategyType, optional
            What is fitted, :class:`Familiarity.Strategy.GMM` by default. One of your own gets the producer itself.
        batch_size : int
            Samples per batch.
        pool : None, Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.

        Returns
        -------
        Familiarity
            A stage that scores the responses of any producer.

        Warns
        -----
        DeepViewWarning
            for each response that could not be fitted (scoring it raises a KeyError), or not quite as was asked for.

        Raises
        ------
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        TooFewSamplesError
            when there are fewer than two samples to fit.
        MissingExtraError
            without scikit-learn.
        """
        if strategy is not None and not isinstance(strategy, GMMSettings):
            spec = Familiarity.spec(strategy=strategy, pool=pool)  # checks it
            fitted = strategy(producer, batch_size=batch_size)
            return Familiarity(strategy.metadata_key, dict(fitted), pool=spec.rows_wanted.pool)
        result: Familiarity = introspect(
            producer, Familiarity.spec(strategy=strategy, pool=pool), batch_size=batch_size
        )["familiarity"]
        for name, note in result.notes.items():
            warnings.warn(f"Response {name!r}: {note}", DeepViewWarning, stacklevel=2)
        return result

    @staticmethod
    def show(familiarity: Familiarity) -> pd.DataFrame:
        """Return a table of the samples that were fitted, the rarest first.

        Raises
        ------
        DeepViewException
            when ``familiarity`` is no Familiarity.
        """
        if not isinstance(familiarity, Familiarity):
            raise DeepViewException(
                f"Familiarity.show takes what Familiarity.introspect returned, but got a {type(familiarity).__name__}."
            )
        import pandas as pd  # noqa: PLC0415 - heavy

        return pd.DataFrame(dict(familiarity.findings().table))

    def _get_batch_processor(self) -> Callable[[Batch], Batch]:
        return self.scored


class _Spec(FamiliaritySpec):
    """The same settings; the result is the public face."""

    def present(self, found: FamiliarityResults) -> Familiarity:
        """Return the result."""
        return Familiarity(**{name: getattr(found, name) for name in found.__dataclass_fields__})


register_face("familiarity", Familiarity, module="deepview_lab.introspectors")
