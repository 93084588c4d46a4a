"""How familiar each sample is among those of its own label and of every other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.familiarity.mixture import GMMSettings
from deepview_lab.analysis.familiarity.result import rarity_of
from deepview_lab.analysis.projection.strategies import PCA
from deepview_lab.numerics.blocks import blocks
from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture
from deepview_lab.numerics.densities.label_odds import calibrated, label_folds, shrunk

__all__ = ["LEAST_SAMPLES", "LabelFamiliarity", "label_familiarity"]

LEAST_SAMPLES = 5
FOLDS = 5
# Chosen on planted errors, docs/label_problems.md; the results hardly change between half and twice as much.
STRENGTH = 100.0
FLOOR = 0.1
# A mixture is fitted to at most so many samples; more would hardly change it.
_MOST_FITTED = 20_000
_MOST_UNITS = 64


@dataclass(frozen=True, eq=False)
class LabelFamiliarity:
    """What the densities of labels say of the label of each row.

    Attributes
    ----------
    best_other : numpy.ndarray
        int64 [rows]: the label in which a row is the likeliest besides the given one; -1 for rows without evidence.
    evidence : numpy.ndarray
        float64 [rows]: the log odds of that label against the given one; NaN without evidence.
    density : numpy.ndarray
        float64 [rows]: the natural log density among the other samples of the same label; NaN for rows whose label is
        missing or too rare.
    rarity : numpy.ndarray
        float64 [rows]: share (0..1) of the samples with the same label that are less familiar in it.
    """

    best_other: NDArray[np.int64]
    evidence: NDArray[np.float64]
    density: NDArray[np.float64]
    rarity: NDArray[np.float64]


def label_familiarity(
    points: NDArray[np.float32],
    labels: NDArray[np.integer],
    settings: GMMSettings,
    step: Callable[[float], None],
) -> LabelFamiliarity:
    """Return how familiar each row is in its own label and in the likeliest other.

    Parameters
    ----------
    points : numpy.ndarray
        float32 [rows, units], all finite.
    labels : numpy.ndarray
        int [rows]: 0 or more, -1 for a row without a label. Labels of fewer than five rows take no part.
    settings : GMMSettings
        How a mixture is fitted to the rows of a label.
    step : callable
        Called with the share done, between labels and within fits; what it raises ends the work.

    Notes
    -----
    The densities of a row are those of mixtures that were fitted without it: five folds, even in each label, equal
    rows mostly together. Rows of more than 64 units are taken along their first 64 principal axes. The covariances of a
    label are drawn towards those within all labels (:func:`shrunk`), so that labels of few samples can be compared with
    labels of many. A density counts with the share of its label, and the differences are made log odds
    (:func:`calibrated`).

    Takes O(rows units^2 labels) time for one full Gaussian a label; what it keeps is O(rows + labels units^2).
    """
    return _Contest(_Scale.of(points), labels, settings, step).result()


@dataclass(frozen=True, eq=False)
class _Scale:
    """Rows in the unit of their mean variance, so that what is added to variances means the same in all data."""

    rows: NDArray[np.float32]
    mean: NDArray[np.float64]
    unit: float

    @classmethod
    def of(cls, points: NDArray[np.float32]) -> _Scale:
        width = points.shape[1]
        if len(points) < LEAST_SAMPLES or not width:
            return cls(points, np.zeros(width), 1.0)
        pca = PCA(min(_MOST_UNITS, width))
        seen = pca.accumulator(width)
        for part in blocks(len(points)):
            seen.add(points[part])
        reducer = pca.fitted("", seen)
        if width > _MOST_UNITS:
            rows, mean = reducer.transform(points, None), np.zeros(_MOST_UNITS)
            total = float(reducer.basis.variances.sum())
        else:
            rows, mean, total = points, reducer.basis.mean, reducer.basis.total_variance
        return cls(rows, mean, float(np.sqrt(total / rows.shape[1])) or 1.0)

    def scaled(self, chosen: NDArray[np.integer]) -> NDArray[np.float64]:
        return np.asarray((self.rows[chosen] - self.mean) / self.unit)


class _Contest:
    """The best label of each row so far, besides its own."""

    def __init__(
        self, scale: _Scale, labels: NDArray[np.integer], settings: GMMSettings, step: Callable[[float], None]
    ) -> None:
        self._scale, self._labels, self._settings, self._step = scale, labels, settings, step
        counts = np.bincount(labels[labels >= 0])
        self._rivals = np.flatnonzero(counts >= LEAST_SAMPLES)
        self._shares = np.log(counts[self._rivals] / max(int(counts[self._rivals].sum()), 1))
        self._own, self._other = np.full(len(labels), np.nan), np.full(len(labels), -np.inf)
        self._best_other = np.full(len(labels), -1, dtype=np.int64)

    def result(self) -> LabelFamiliarity:
        fold, order = label_folds(self._scale.rows, self._labels, FOLDS)
        for number in range(FOLDS if len(self._rivals) else 0):
            mixtures = self._fitted(order[fold[order] != number], number)
            self._judge(np.flatnonzero(fold == number), mixtures, number)
        with np.errstate(invalid="ignore"):
            differences = self._other - self._own
        differences[~np.isfinite(differences)] = np.nan
        self._best_other[np.isnan(differences)] = -1
        density, rarity = np.full(len(fold), np.nan), np.full(len(fold), np.nan)
        unit = self._scale.rows.shape[1] * np.log(self._scale.unit)
        for share, start, end in zip(self._shares, *self._spans(order), strict=True):
            mine = order[start:end]
            rarity[mine] = rarity_of([self._own[mine]])
            density[mine] = self._own[mine] - share - unit
        return LabelFamiliarity(self._best_other, calibrated(differences), density, rarity)

    def _spans(self, order: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where the rows of each rival start and end in ``order``, which is sorted by label."""
        labels = self._labels[order]
        return np.searchsorted(labels, self._rivals), np.searchsorted(labels, self._rivals, side="right")

    def _fitted(self, trained: NDArray[np.int64], fold: int) -> list[GaussianMixture]:
        """Return a mixture for each rival, from the rows ``trained``, which are sorted by label."""
        units = self._scale.rows.shape[1]
        fitted: list[tuple[GaussianMixture, int]] = []
        within, seen = np.zeros((units, units)), 0
        for place, (start, end) in enumerate(zip(*self._spans(trained), strict=True)):
            rows = self._scale.scaled(trained[start : min(end, start + _MOST_FITTED)])

            def progress(done: float, place: int = place) -> None:
                self._step((fold + (place + done) / len(self._rivals) / 2) / FOLDS)

            fitted.append((self._settings.fit("", rows, progress).mixture, len(rows)))
            centred = rows - rows.mean(axis=0)
            within += centred.T @ centred
            seen += len(rows)
        return [shrunk(mixture, count, within / seen, STRENGTH, FLOOR) for mixture, count in fitted]

    def _judge(self, tested: NDArray[np.intp], mixtures: Sequence[GaussianMixture], fold: int) -> None:
        """Let all rivals compete for the rows ``tested``."""
        parts = list(blocks(len(tested)))
        for block, part in enumerate(parts):
            chosen = tested[part]
            rows, given = self._scale.scaled(chosen), self._labels[chosen]
            for place, (label, share) in enumerate(zip(self._rivals, self._shares, strict=True)):
                self._step((fold + 0.5 + (block + place / len(mixtures)) / len(parts) / 2) / FOLDS)
                score = mixtures[place].log_density(rows) + share
                mine = given == label
                self._own[chosen[mine]] = score[mine]
                better = ~mine & (score > self._other[chosen])
                self._other[chosen[better]] = score[better]
                self._best_other[chosen[better]] = label
