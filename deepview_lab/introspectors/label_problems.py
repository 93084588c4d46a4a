"""LabelProblems: which labels look wrong."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.familiarity.mixture import GMMSettings
from deepview_lab.analysis.label_problems.result import Evidence, LabelProblem, LabelProblemsResults, SuspectLabels
from deepview_lab.analysis.label_problems.spec import ONE_GAUSSIAN, LabelProblemsSpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.space import SpaceKind
from deepview_lab.base import Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewException, DeepViewWarning
from deepview_lab.figures.findings import findings_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LabelProblems"]


@final
@dataclass(frozen=True, eq=False)
class LabelProblems(LabelProblemsResults):
    """Samples whose neighbours or familiarity disagree with their label, the most suspect first, with the evidence.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run. How many planted
    errors it finds is in ``docs/label_problems.md``.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import Batch
    >>> from deepview_lab.samples import StubProducer
    >>> rng = np.random.default_rng(0)
    >>> cats, dogs = rng.standard_normal((50, 4)), rng.standard_normal((50, 4)) + 10
    >>> labels = ["cat"] * 50 + ["dog"] * 50
    >>> labels[7] = "dog"
    >>> producer = StubProducer({"dense": np.vstack([cats, dogs])}, {Batch.StdKeys.LABELS: {"animal": labels}})
    >>> found = LabelProblems.introspect(producer)
    >>> [problem] = found.results["dense"]["animal"].problems
    >>> problem.index, problem.given, problem.suggested, problem.disagreeing
    (7, 'dog', 'cat', 1.0)
    >>> LabelProblems.show(found)[["id", "label", "suggested"]]
       id label suggested
    0   7   dog       cat
    """

    Problem: ClassVar[TypeAlias] = LabelProblem
    Suspects: ClassVar[TypeAlias] = SuspectLabels
    Space: ClassVar[TypeAlias] = SpaceKind
    Evidence: ClassVar[TypeAlias] = Evidence

    @staticmethod
    def spec(
        *,
        dimensions: Sequence[Hashable] | None = None,
        neighbours: int = 10,
        least_ratio: float = 7.0,
        space: SpaceKind | str = SpaceKind.VALUES,
        exact: bool | None = None,
        split: Hashable = "dataset",
        pool: Pool | str | Enum | None = None,
        evidence: Evidence | str = Evidence.BOTH,
        mixture: GMMSettings = ONE_GAUSSIAN,
    ) -> LabelProblemsSpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`LabelProblems`.

        See :class:`LabelProblemsSpec`.
        """
        return _Spec(dimensions, neighbours, least_ratio, space, exact, split, pool, evidence, mixture)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        batch_size: int = 32,
        dimensions: Sequence[Hashable] | None = None,
        neighbours: int = 10,
        least_ratio: float = 7.0,
        space: SpaceKind | str = SpaceKind.VALUES,
        exact: bool | None = None,
        split: Hashable = "dataset",
        pool: Pool | str | Enum | None = None,
        evidence: Evidence | str = Evidence.BOTH,
        mixture: GMMSettings = ONE_GAUSSIAN,
    ) -> LabelProblems:
        """Find the samples whose neighbours or familiarity disagree with their label, in all fields of ``producer``.

        Parameters
        ----------
        producer : Producer
            Yields responses with labels (``Batch.StdKeys.LABELS``).
        batch_size : int
            Samples per batch.
        dimensions : sequence of hashable, optional
            Which label dimensions; all but ``split`` by default.
        neighbours : int
            How many neighbours of each sample have a vote.
        least_ratio : float
            A label is suspect when another one is so many times likelier, above 1. Lower it to find more errors among
            more false alarms.
        space : LabelProblems.Space, 'values', 'directions' or 'columns'
            How responses are scaled before distances are taken: not at all, to unit length, or each unit by its norm.
        exact : bool, optional
            Compare all samples with all; by default where it is a matter of seconds.
        split : hashable
            The label dimension that tells training from test data.
        pool : None, Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.
        evidence : LabelProblems.Evidence, 'neighbours', 'familiarity' or 'both'
            What speaks for and against labels: the labels of the nearest samples, how likely a sample is among those of
            each label, or both with equal weight.
        mixture : Familiarity.Strategy.GMM
            What is fitted to the samples of each label; one Gaussian with a full covariance by default, which found
            most planted errors. Covariances of labels with few samples are drawn towards those of all.

        Returns
        -------
        LabelProblems
            See :attr:`results`.

        Warns
        -----
        DeepViewWarning
            for each label dimension that was not looked at, and for labels with too few samples for a mixture.

        Raises
        ------
        DeepViewException
            when no sample has a label.
        UnknownNameError
            (a KeyError) for a label dimension that is not there.
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        MissingExtraError
            without scikit-learn, unless ``evidence`` is ``'neighbours'``.
        """
        spec = _Spec(dimensions, neighbours, least_ratio, space, exact, split, pool, evidence, mixture)
        result: LabelProblems = introspect(producer, spec, batch_size=batch_size)["labels"]
        for dimension, note in result.notes.items():
            warnings.warn(f"Label dimension {dimension!r}: {note}", DeepViewWarning, stacklevel=2)
        return result

    @staticmethod
    def show(problems: LabelProblems) -> pd.DataFrame:
        """Return a table of the suspect labels, the most suspect first, with the evidence.

        Raises
        ------
        DeepViewException
            when ``problems`` is no LabelProblems.
        """
        if not isinstance(problems, LabelProblems):
            raise DeepViewException(
                f"LabelProblems.show takes what LabelProblems.introspect returned, but got a {type(problems).__name__}."
            )
        return findings_frame(problems.findings())


class _Spec(LabelProblemsSpec):
    """The same settings; the result is the public face."""

    def present(self, found: LabelProblemsResults) -> LabelProblems:
        """Return the result."""
        return LabelProblems(found.count, found.results, found.samples, found.notes, found.evidence)


register_face("labels", LabelProblems, module="deepview_lab.introspectors")
