"""The covariance of one layer's units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deepview_lab.exceptions import DeepViewException
from deepview_lab.numerics import UnitRemoval, eigensystem, eigenvalues
from deepview_lab.numerics.blas_threads import SharedMap, processors, shared_among_threads

__all__ = ["PFACovariancesResult", "PFASpectrumResult", "compute_spectra", "spectra_of"]

# From so many units on, threads that share the work of one matrix are as fast as those with one each.
_WIDE = 1500
# Matrices for each thread before somebody may stop the work.
_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class PFACovariancesResult:
    """Covariance of the units of one layer. Eigenvalues and eigenvectors are computed when first asked for.

    Attributes
    ----------
    covariances : numpy.ndarray
        float64 [units, units], unbiased.
    inactive_units : numpy.ndarray
        Units of (relatively) no variance, ascending. They are constant, which need not be zero.
    samples, nonfinite : int
        Samples counted, and left out: NaN, infinite or too large.
    """

    covariances: NDArray[np.float64] = field(repr=False)
    inactive_units: NDArray[np.intp] = field(repr=False)
    samples: int
    nonfinite: int

    @property
    def original_output_count(self) -> int:
        """Number of units."""
        return len(self.covariances)

    @property
    def nbytes(self) -> int:
        """Bytes of the matrix."""
        return self.covariances.nbytes

    @cached_property
    def eigenvalues(self) -> NDArray[np.float64]:
        """float64 [units], not negative, descending."""
        return self.compute_eigenvalues()

    @cached_property
    def eigenvectors(self) -> NDArray[np.float64]:
        """float64 [units, units]: column i belongs to eigenvalue i."""
        return eigensystem(self.covariances)[1]

    def known_removal(self, strategy: str) -> UnitRemoval | None:  # noqa: ARG002 - for who knows some
        """Return the order in which a unit strategy (by its class name) removes units, if it is known already."""
        return None

    def compute_eigenvalues(self) -> NDArray[np.float64]:
        """Compute the eigenvalues anew; ``eigenvalues`` keeps them."""
        return eigenvalues(self.covariances)


@dataclass(frozen=True, eq=False)
class PFASpectrumResult(PFACovariancesResult):
    """What is kept of a layer in a file: everything that recipes need, without the matrix, which is all NaN.

    Attributes
    ----------
    spectrum : numpy.ndarray
        float64 [units], the eigenvalues.
    removals : mapping of str to UnitRemoval
        Orders of removal by the class name of the unit strategy.
    """

    spectrum: NDArray[np.float64] = field(repr=False)
    removals: Mapping[str, UnitRemoval] = field(repr=False)

    @classmethod
    def of(
        cls, spectrum: NDArray[np.float64], removals: Mapping[str, UnitRemoval], *, samples: int, nonfinite: int
    ) -> PFASpectrumResult:
        """Return the layer of a spectrum and at least one order of removal."""
        units = len(spectrum)
        unknown = np.broadcast_to(np.float64(np.nan), (units, units))
        order = next(iter(removals.values()))
        constant = np.sort(order.order[: order.constant]).astype(np.intp)
        return cls(unknown, constant, samples, nonfinite, spectrum, removals)

    @property
    def nbytes(self) -> int:
        """Bytes of the eigenvalues: the matrix takes none."""
        return self.spectrum.nbytes

    @cached_property
    def eigenvectors(self) -> NDArray[np.float64]:
        """Not kept.

        Raises
        ------
        DeepViewException
            always.
        """
        raise DeepViewException(
            "Report files keep eigenvalues and removal orders, not covariance matrices and eigenvectors. Take them "
            "from the run itself, run.wait()['pfa'], before its kernel ends."
        )

    def known_removal(self, strategy: str) -> UnitRemoval | None:
        """Return the order in which a unit strategy removes units.

        Raises
        ------
        DeepViewException
            when the file does not have that of this strategy.
        """
        if strategy not in self.removals:
            raise DeepViewException(
                f"The file has the removal orders of {', '.join(self.removals)}, but not of {strategy}, which needs "
                "the covariance matrix. Apply it to the run itself, run.wait()['pfa']."
            )
        return self.removals[strategy]

    def compute_eigenvalues(self) -> NDArray[np.float64]:
        """Return the eigenvalues of the file."""
        return self.spectrum


def compute_spectra(layers: Iterable[PFACovariancesResult]) -> Iterator[int]:
    """Compute the eigenvalues that nobody asked for yet, of several layers at once.

    Yields
    ------
    int
        How many of them are done, before each next step.
    """
    waiting = [layer for layer in layers if "eigenvalues" not in vars(layer)]
    narrow = [layer for layer in waiting if layer.original_output_count < _WIDE]
    step = _AT_ONCE * processors()
    for done in range(0, len(narrow), step):
        yield done
        # Not around the loop: who is between two steps may rest, and others want all threads for their products.
        with shared_among_threads() as each:
            _compute(narrow[done : done + step], each)
    wide = [layer for layer in waiting if layer.original_output_count >= _WIDE]
    for done, layer in enumerate(wide, start=len(narrow)):
        yield done
        _compute([layer], map)


def spectra_of(layers: Mapping[str, PFACovariancesResult]) -> dict[str, NDArray[np.float64]]:
    """Return the eigenvalues of each layer; those that nobody asked for yet are computed several at a time."""
    for _ in compute_spectra(layers.values()):
        pass
    return {name: layer.eigenvalues for name, layer in layers.items()}


def _compute(layers: list[PFACovariancesResult], each: SharedMap) -> None:
    for layer, values in zip(layers, each(lambda layer: layer.compute_eigenvalues(), layers), strict=True):
        # Where a cached_property puts it. Up to Python 3.11 that lets only one thread compute at a time.
        vars(layer)["eigenvalues"] = values
