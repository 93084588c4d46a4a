"""Mixtures of Gaussians as the distribution of responses: settings, fit, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.metadata import DictMetaKey
from deepview_lab.exceptions import DeepViewException, MissingExtraError, TooFewSamplesError
from deepview_lab.numerics.blas_threads import one_thread_per_product
from deepview_lab.numerics.densities.gaussian_mixture import GaussianMixture

__all__ = ["GMMCovarianceType", "GMMSettings", "MixtureDistribution", "MixtureScore", "NoMixtureError"]

Progress: TypeAlias = Callable[[float], None]

# Below this, scikit-learn's default, a variance cannot fall.
_REGULARIZATION = 1e-6
# What is added instead, relative to the largest variance, where that is too little for a Cholesky factor.
_RELATIVE_REGULARIZATIONS = (1e-10, 1e-8, 1e-6, 1e-4)
_LEAST_SAMPLES = 2
# Sums of squares of larger numbers leave the range of float64.
_LARGEST = 1e140


class NoMixtureError(DeepViewException, ValueError):
    """The values of a response have no covariance that can be inverted, however much is added to it."""

    def __init__(self, field: str, largest: float) -> None:
        super().__init__(
            f"No mixture could be fitted to response {field!r}: its values reach {largest:.3g}, and their covariances "
            "are singular. Scale the response first, for example with a MeanStdNormalizer."
        )


class GMMCovarianceType(Enum):
    """Which covariances the Gaussians may have."""

    DIAG = "diag"
    FULL = "full"


class MixtureScore(msgspec.Struct, frozen=True, gc=False):  # made many thousand times: a tenth of a NamedTuple
    """The natural logarithm of the mixture's density at a sample; higher is more familiar, NaN where it has NaN."""

    score: float


@dataclass(frozen=True, eq=False)
class MixtureDistribution:
    """A mixture that was fitted to the responses of a field.

    Attributes
    ----------
    mixture : GaussianMixture
        Weights, means and covariances.
    samples : int
        Samples it was fitted to.
    iterations : int
        Iterations of expectation maximization.
    converged : bool
        Whether the last iteration raised the mean log density by less than the threshold.
    notes : tuple of str
        What differs from what was asked for, in sentences.
    """

    mixture: GaussianMixture
    samples: int
    iterations: int
    converged: bool
    notes: tuple[str, ...] = ()

    def log_density(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return the natural logarithm of the density [n] at ``rows`` [n, units]; NaN for rows with NaN.

        Raises
        ------
        ValueError
            when the rows have another number of units than those of the fit.
        """
        if rows.ndim != 2 or rows.shape[1] != self.mixture.units:  # noqa: PLR2004 - a matrix
            raise ValueError(
                f"The mixture was fitted to rows of {self.mixture.units} units and cannot score an array of shape "
                f"{rows.shape}. Score responses of the same layer, pooled in the same way."
            )
        return self.mixture.log_density(rows)

    def compute_familiarity_score(self, x: NDArray[Any], /) -> list[MixtureScore]:
        """Return one :class:`MixtureScore` per row of ``x`` [n, units]."""
        return list(map(MixtureScore, self.log_density(x).tolist()))


@dataclass(frozen=True, kw_only=True)
class GMMSettings:
    """How mixtures are fitted: expectation maximization from means chosen by k-means++.

    Attributes
    ----------
    gaussian_count : int
        Gaussians of a mixture; fewer, with a note, where there are fewer samples.
    convergence_threshold : float
        The fit ends when an iteration raises the mean log density by less than this.
    max_iterations : int
        The fit ends after so many iterations.
    covariance_type : GMMCovarianceType
        DIAG for units that vary independently within a Gaussian, FULL for any covariance.
    seed : int
        Of the choice of the first means.

    Notes
    -----
    Rows are centred on their mean and fitted in float64; means, covariances and log densities equal those of
    scikit-learn's ``GaussianMixture(init_params="k-means++")`` up to rounding. At least 1e-6 is added to each variance,
    as there; more, with a note, where covariances are singular all the same.
    """

    gaussian_count: int = 5
    convergence_threshold: float = 1e-3
    max_iterations: int = 200
    covariance_type: GMMCovarianceType = GMMCovarianceType.DIAG
    seed: int = 0
    _random_state: int | None = None  # DeepView's name for the seed

    def __post_init__(self) -> None:
        for name in ("gaussian_count", "max_iterations"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, but is {getattr(self, name)}.")
        if not self.convergence_threshold >= 0:
            raise ValueError(f"convergence_threshold must be at least 0, but is {self.convergence_threshold}.")
        if not isinstance(self.covariance_type, GMMCovarianceType):
            raise ValueError(
                f"covariance_type must be GMMCovarianceType.DIAG or .FULL, but is {self.covariance_type!r}."
            )

    @property
    def metadata_key(self) -> DictMetaKey[MixtureScore]:
        """The key of the scores in a batch's metadata."""
        return DictMetaKey("GMM")

    def fit(self, field: str, rows: NDArray[Any], progress: Progress) -> MixtureDistribution:
        """Return a mixture fitted to ``rows`` [n, units], all finite.

        Parameters
        ----------
        field : str
            For messages.
        rows : numpy.ndarray
            The responses.
        progress : callable
            Called with the share of the iterations done, often; what it raises ends the fit.

        Raises
        ------
        TooFewSamplesError
            for fewer than two rows.
        NoMixtureError
            when the values are too large for any covariance.
        MissingExtraError
            without scikit-learn.
        """
        if len(rows) < _LEAST_SAMPLES:
            raise TooFewSamplesError("Familiarity", field, needed=_LEAST_SAMPLES, got=len(rows))
        centre = rows.mean(axis=0, dtype=np.float64)
        centred = rows - centre
        largest = float(np.abs(rows).max())
        if not largest <= _LARGEST:
            raise NoMixtureError(field, largest)
        count = min(self.gaussian_count, len(rows))
        first = centred[self._chosen(centred, count)]
        cause: Exception | None = None
        for regularization in _regularizations(centred):
            try:
                fitted, iterations, converged = self._estimated(centred, first, regularization, progress)
            except np.linalg.LinAlgError as error:
                cause = error
                continue
            mixture = GaussianMixture(fitted.weights, fitted.means + centre, fitted.covariances)
            notes = tuple(self._notes(rows, count, regularization, converged))
            return MixtureDistribution(mixture, len(rows), iterations, converged, notes)
        raise NoMixtureError(field, largest) from cause

    def _chosen(self, centred: NDArray[np.float64], count: int) -> NDArray[np.intp]:
        """Return which rows are the first means."""
        try:
            from sklearn.cluster import kmeans_plusplus  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtraError("Familiarity", "scikit-learn", "report") from error
        seed = self.seed if self._random_state is None else self._random_state
        with one_thread_per_product(), np.errstate(all="ignore"):
            return np.asarray(kmeans_plusplus(centred, count, random_state=seed)[1])

    def _estimated(
        self, centred: NDArray[np.float64], first: NDArray[np.float64], regularization: float, progress: Progress
    ) -> tuple[GaussianMixture, int, bool]:
        """Return the fitted mixture, its iterations, and whether it converged."""
        full = self.covariance_type is GMMCovarianceType.FULL
        with np.errstate(all="ignore"):
            mixture = GaussianMixture.around(first, full=full, added=regularization)
            bound, change, done = -np.inf, np.inf, 0
            while done < self.max_iterations and not abs(change) < self.convergence_threshold:
                progress(done / self.max_iterations)
                mixture, reached = mixture.improved(centred, added=regularization)
                done += 1
                bound, change = reached, reached - bound
        return mixture, done, abs(change) < self.convergence_threshold

    def _notes(self, rows: NDArray[Any], count: int, regularization: float, converged: bool) -> Iterator[str]:  # noqa: FBT001
        if count < self.gaussian_count:
            yield f"Only {count} Gaussians, one per sample, instead of {self.gaussian_count}: more samples are needed."
        elif self.covariance_type is GMMCovarianceType.FULL and len(rows) <= count * rows.shape[1]:
            yield (
                f"{len(rows):,} samples are few for {count} full covariances of {rows.shape[1]} units: scores follow "
                "the regularization. More samples, fewer Gaussians or DIAG would help."
            )
        if regularization > _REGULARIZATION:
            yield f"The covariances are singular: {regularization:.1e} was added to each variance."
        if not converged:
            yield f"The fit did not converge in {self.max_iterations} iterations."


def _regularizations(centred: NDArray[np.float64]) -> Iterator[float]:
    yield _REGULARIZATION
    largest = float(np.einsum("ij,ij->j", centred, centred).max()) / len(centred)
    for relative in _RELATIVE_REGULARIZATIONS:
        if relative * largest > _REGULARIZATION:
            yield relative * largest
