"""What Familiarity found: a distribution for each response, and the score of each sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.familiarity.mixture import MixtureDistribution
from deepview_lab.analysis.familiarity.protocols import FamiliarityDistribution
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.pooling import Pool, unit_rows
from deepview_lab.analysis.responses import shape_of
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.analysis.samples import Samples
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.base.metadata import DictMetaKey
from deepview_lab.exceptions import DeepViewException

__all__ = ["FamiliarityResults", "NotFittedError", "rarity_of", "scores_of"]


class NotFittedError(DeepViewException, KeyError):
    """A response is to be scored to which no distribution was fitted."""

    def __init__(self, name: str, fitted: Iterable[str], note: str | None) -> None:
        known = ", ".join(repr(other) for other in fitted) or "none"
        super().__init__(
            f"Response {name!r} has no fitted distribution; fitted: {known}. "
            + (note or "Fit Familiarity to this response too, or leave the field out with a FieldRemover.")
        )


@dataclass(frozen=True, eq=False)
class FamiliarityResults:
    """Distributions of responses, and how familiar each sample is.

    Attributes
    ----------
    meta_key : DictMetaKey
        Where the scores of a batch are: ``batch.metadata[meta_key][response]`` has one result with ``.score`` a sample.
    distributions : mapping of str to FamiliarityDistribution
        By response.
    scores : mapping of str to numpy.ndarray
        float64 [samples] by response: the scores of the samples that were fitted; NaN for those left out because of NaN
        or infinity. Natural log densities, for mixtures.
    samples : Samples or None
        Who these samples are; None when a strategy of one's own has read the producer by itself.
    notes : mapping of str to str
        By response, what differs from what was asked for, or why there is no distribution.
    """

    meta_key: DictMetaKey[Any]  # Any: results of the strategy's own type
    distributions: Mapping[str, FamiliarityDistribution]
    scores: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    samples: Samples | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    pool: Pool | None = None
    responses: Mapping[str, ResponseInfo] = field(default_factory=dict)

    def scored(self, batch: Batch) -> Batch:
        """Return ``batch`` with the scores of all its fields under :attr:`meta_key`.

        Raises
        ------
        NotFittedError
            (a KeyError) for a field without a distribution.
        """
        builder = Batch.Builder(base=batch)
        builder.metadata[self.meta_key] = {name: self._results(name, values) for name, values in batch.fields.items()}
        return builder.make_batch()

    def _results(self, name: str, values: NDArray[Any]) -> Any:
        distribution = self.distributions.get(name)
        if distribution is None:
            raise NotFittedError(name, self.distributions, self.notes.get(name))
        shape = shape_of(name, values, self.responses)
        # A distribution of one's own may take feature maps as they are.
        rows = unit_rows(values, shape, self.pool)[0] if self.pool or not shape.positions else values
        try:
            return distribution.compute_familiarity_score(rows)
        except ValueError as error:
            raise DeepViewException(f"Response {name!r} cannot be scored: {error}") from error

    def rarity(self) -> NDArray[np.float64]:
        """Return, for each sample, the smallest share of samples that are at most as familiar, over all responses.

        0 to 1, comparable between responses, which log densities are not; NaN for samples without any score.
        """
        count = len(self.samples.ids) if self.samples else 0
        return rarity_of(list(self.scores.values())) if self.scores else np.full(count, np.nan)

    def findings(self) -> Findings:
        """Return the samples, the rarest first, with their scores, labels and paths."""
        if self.samples is None:
            return Findings(f"{len(self.distributions)} distributions; no scores.", 0, {})
        order = np.argsort(self.rarity(), kind="stable")
        table = self.samples.columns(order, {f"familiarity {name}": values for name, values in self.scores.items()})
        return Findings(self._summary(), len(order), table)

    def sample_table(self) -> SampleTable | None:
        """Return the samples in the order of the producer with their scores; None without samples."""
        if self.samples is None:
            return None
        table = SampleTable.of(self.samples)
        for name, scores in self.scores.items():
            table = table.with_column(f"familiarity {name}", "score", "familiarity", scores, name)
        return table.sorted_by("score")

    def _summary(self) -> str:
        count = 0 if self.samples is None else len(self.samples.ids)
        fitted = ", ".join(self.distributions) or "no response"
        notes = " ".join(f"{name}: {note}" for name, note in self.notes.items())
        return f"Familiarity of {count:,} samples by {fitted}; the rarest come first. {notes}".rstrip()


def scores_of(
    distribution: FamiliarityDistribution, rows: NDArray[Any], usable: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the score [n] of each row, NaN for those that are not usable."""
    found = np.full(len(rows), np.nan)
    chosen = rows if usable.all() else rows[usable]
    if isinstance(distribution, MixtureDistribution):
        found[usable] = distribution.log_density(chosen)
    elif len(chosen):
        found[usable] = [result.score for result in distribution.compute_familiarity_score(chosen)]
    return found


def rarity_of(scores: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return [samples] the smallest share of samples that are at most as familiar, over at least one ``scores``."""
    return np.asarray(np.fmin.reduce([_shares(each) for each in scores]))


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each score as a share; equal scores have equal ranks, NaN has none."""
    shares = np.full(len(scores), np.nan)
    known = ~np.isnan(scores)
    if known.any():
        ordered = np.sort(scores[known])
        shares[known] = np.searchsorted(ordered, scores[known], side="left") / len(ordered)
    return shares
