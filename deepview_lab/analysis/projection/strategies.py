"""Strategies of dimension reduction: what they share, and the linear ones."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.projection.protocols import Progress, Reducer
from deepview_lab.exceptions import DeepViewException, MissingExtraError, TooFewSamplesError
from deepview_lab.numerics.covariance.moments import Moments
from deepview_lab.numerics.covariance.principal import PrincipalAxes, principal_axes
from deepview_lab.numerics.covariance.sketch import ScatterSketch
from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs

__all__ = ["PCA", "PrincipalReducer", "RowStrategy", "StandardPCA", "Strategy"]

_LEAST_SAMPLES = 2
_BATCH_SIZE = 1024


class Strategy:
    """A way to reduce dimensions.

    Parameters
    ----------
    target_dimensions : int
        Coordinates of a position, at least 1.
    seed : int
        Of whatever is random.
    **settings
        For the library that does the work.
    """

    def __init__(self, target_dimensions: int = 2, *, seed: int = 0, **settings: Any) -> None:
        self.target_dimensions = operator.index(target_dimensions)
        if self.target_dimensions < 1:
            raise ValueError(f"target_dimensions must be at least 1, but is {target_dimensions}.")
        self.seed = seed
        self.settings = settings

    @property
    def name(self) -> str:
        """Name for people."""
        return type(self).__name__

    def default_batch_size(self) -> int:
        """Return the batch size that suits it."""
        return _BATCH_SIZE

    def check_batch_size(self, batch_size: int) -> None:
        """Do nothing: any batch size gives the same result."""

    def check_units(self, field: str, units: int) -> None:
        """Raise a DeepViewException when rows are shorter than what they should be reduced to."""
        if units < self.target_dimensions:
            raise DeepViewException(
                f"Response {field!r} has {units} unit(s), fewer than the {self.target_dimensions} target_dimensions of "
                f"{self.name}. Ask for fewer dimensions, or leave the response out."
            )

    def __repr__(self) -> str:
        settings = "".join(f", {name}={value!r}" for name, value in self.settings.items())
        return f"{self.name}({self.target_dimensions}{settings})"


class RowStrategy(Strategy, ABC):
    """A strategy that needs all rows at once."""

    @property
    def least_samples(self) -> int:
        """Samples without which there is no result."""
        return _LEAST_SAMPLES

    def fit(
        self,
        field: str,
        rows: NDArray[np.float32],
        ids: Sequence[Hashable] | None,
        progress: Progress,
        graphs: NeighbourGraphs,
    ) -> Reducer:
        """Return the projection of ``rows`` [n, units], all finite; ``graphs`` knows their neighbours.

        Raises
        ------
        TooFewSamplesError
            for fewer rows than :attr:`least_samples`.
        MissingExtraError
            when the library is not installed.
        DeepViewException
            when the library refuses the data or the settings.
        """
        if len(rows) < self.least_samples:
            raise TooFewSamplesError(self.name, field, needed=self.least_samples, got=len(rows))
        try:
            return self._fit(rows, ids, progress, graphs)
        except (DeepViewException, MemoryError):
            raise
        except Exception as error:
            raise DeepViewException(
                f"{self!r} cannot project response {field!r} ({len(rows):,} samples of {rows.shape[1]} units): {error}"
            ) from error

    @abstractmethod
    def _fit(
        self, rows: NDArray[np.float32], ids: Sequence[Hashable] | None, progress: Progress, graphs: NeighbourGraphs
    ) -> Reducer: ...


@dataclass(frozen=True, eq=False)
class PrincipalReducer:
    """Coordinates along principal axes.

    Attributes
    ----------
    basis : PrincipalAxes
        The axes.
    share : float
        Which share of the variance they carry; NaN for data without variance.
    shortfall : float
        By how much the variance along any direction may be understated, as a share of all variance: 0 where the axes
        are exact.
    """

    basis: PrincipalAxes
    share: float
    shortfall: float

    @property
    def dimensions(self) -> int:
        """Coordinates of a position."""
        return int(self.basis.axes.shape[1])

    def transform(self, rows: NDArray[Any], ids: Sequence[Hashable] | None) -> NDArray[np.float32]:  # noqa: ARG002
        """Return the coordinates [n, dimensions]; ids do not matter."""
        return self.basis.positions(rows)

    @property
    def note(self) -> str:
        """How good it is, in a sentence."""
        share = f"Its {self.dimensions} axes carry {self.share:.1%} of the variance."
        if not self.shortfall:
            return share
        return f"{share} They are approximate: no variance is understated by more than {self.shortfall:.2%} of all."


class PCA(Strategy):
    """Principal component analysis, as a stream: it keeps no rows, and does not depend on how they were cut.

    Parameters
    ----------
    target_dimensions : int
        Coordinates of a position.
    max_exact_units : int
        Up to so many units the axes are exact, from the scatter matrix (units^2 numbers, 128 MiB for 4,096). Wider
        responses are sketched with Frequent Directions in max(256, 8 target_dimensions) rows; the result says by how
        much the variance of an axis may then be understated.

    Notes
    -----
    The sign of an axis is that which makes its largest coefficient positive.
    """

    def __init__(self, target_dimensions: int = 2, *, max_exact_units: int = 4096) -> None:
        super().__init__(target_dimensions)
        self.max_exact_units = max_exact_units

    def accumulator(self, units: int) -> Moments | ScatterSketch:
        """Return what folds rows of so many units in."""
        if units <= self.max_exact_units:
            return Moments(units)
        return ScatterSketch(units, size=max(256, 8 * self.target_dimensions))

    def fitted(self, field: str, seen: Moments | ScatterSketch) -> PrincipalReducer:
        """Return the axes of what has been folded in.

        Raises
        ------
        TooFewSamplesError
            for fewer than two rows.
        """
        if seen.count < _LEAST_SAMPLES:
            raise TooFewSamplesError(self.name, field, needed=_LEAST_SAMPLES, got=seen.count)
        basis = principal_axes(seen, self.target_dimensions)
        total = basis.total_variance
        shortfall = seen.shortfall / (seen.count - 1) if isinstance(seen, ScatterSketch) else 0.0
        share = float(basis.variances.sum()) / total if total else float("nan")
        return PrincipalReducer(basis, share, shortfall / total if total else 0.0)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A fitted estimator of scikit-learn."""

    estimator: Any  # scikit-learn has no types
    dimensions: int

    def transform(self, rows: NDArray[Any], ids: Sequence[Hashable] | None) -> NDArray[np.float32]:  # noqa: ARG002
        found = np.full((len(rows), self.dimensions), np.nan, dtype=np.float32)
        usable = np.isfinite(rows).all(axis=1)
        if usable.any():
            found[usable] = self.estimator.transform(rows[usable])
        return found


class StandardPCA(RowStrategy):
    """scikit-learn's PCA, with all its settings, on all rows at once; :class:`PCA` gives the same axes as a stream."""

    def _fit(
        self,
        rows: NDArray[np.float32],
        ids: Sequence[Hashable] | None,  # noqa: ARG002
        progress: Progress,
        graphs: NeighbourGraphs,  # noqa: ARG002
    ) -> Reducer:
        try:
            from sklearn.decomposition import PCA as Estimator  # noqa: N811, PLC0415 - an extra
        except ImportError as error:
            raise MissingExtraError("DimensionReduction.Strategy.StandardPCA", "scikit-learn", "report") from error
        progress("Finding principal axes", None)
        settings: dict[str, Any] = {"n_components": self.target_dimensions, "random_state": self.seed} | self.settings
        return _Fitted(Estimator(**settings).fit(rows), self.target_dimensions)
