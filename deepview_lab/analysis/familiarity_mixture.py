"""Mixtures of Gaussians as the distribution of responses: settings, fit, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.metadata import DictMetaKey
from deepview_lab.exceptions import DeepViewException, MissingExtraError, TooFewSamplesError
from deepview_lab.numerics.gaussian_mixture import GaussianMixture

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


class MixtureScore(NamedTuple):
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
    Rows are centred on their mean and fitted in float64 by scikit-learn. At least 1e-6 is added to each variance, as
    there; more, with a note, where covariances are singular all the same.
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
        cause: Exception | None = None
        for regularization in _regularizations(centred):
            try:
                fitted, iterations, converged = self._estimated(centred, count, regularization, progress)
            except ValueError as error:  # a covariance without a Cholesky factor
                cause = error
                continue
            mixture = GaussianMixture(fitted.weights_, fitted.means_ + centre, fitted.covariances_)
            notes = tuple(self._notes(rows, count, regularization, converged))
            return MixtureDistribution(mixture, len(rows), iterations, converged, notes)
        raise NoMixtureError(field, largest) from cause

    def _estimated(
        self, centred: NDArray[np.float64], count: int, regularization: float, progress: Progress
    ) -> tuple[Any, int, bool]:  # Any: scikit-learn has no types
        """Return the fitted estimator, its iterations, and whether it converged.

        Each iteration is a fit of its own, so that it can be stopped in between; the parameters are, bit by bit, those
        of one long fit. Any change is within the largest tolerance, so that scikit-learn does not warn of each fit that
        it has not converged: that is decided here.
        """
        estimator = _estimator(
            n_components=count,
            covariance_type=self.covariance_type.value,
            tol=np.finfo(np.float64).max,
            reg_covar=regularization,
            init_params="k-means++",
            random_state=self.seed if self._random_state is None else self._random_state,
            warm_start=True,
            max_iter=0,
        )
        with np.errstate(all="ignore"):
            estimator.fit(centred)
            estimator.lower_bound_ = 0.0  # without iterations it is infinite, from which any change is too large
            estimator.set_params(max_iter=1)
            bound, change, done = -np.inf, np.inf, 0
            while done < self.max_iterations and not abs(change) < self.convergence_threshold:
                progress(done / self.max_iterations)
                estimator.fit(centred)
                done += 1
                bound, change = estimator.lower_bound_, estimator.lower_bound_ - bound
        return estimator, done, abs(change) < self.convergence_threshold

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


def _estimator(**settings: Any) -> Any:  # Any: scikit-learn has no types
    try:
        from sklearn.mixture import GaussianMixture as Estimator  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("Familiarity", "scikit-learn", "report") from error
    return Estimator(**settings)
