"""The live table of principal filter analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.detail import StrategyName
from deepview_lab.analysis.layer_rows import LayerRows
from deepview_lab.analysis.pfa.recommendation import keep_counts
from deepview_lab.analysis.responses import left_out_note
from deepview_lab.numerics import (
    Moments,
    constant_units,
    cumulative_energy,
    eigenvalues,
    kl_count,
    kl_divergence,
    linear_ratio,
)

__all__ = [
    "ENERGY_POINTS",
    "LayerSpectrumRow",
    "LayerState",
    "PFASnapshot",
    "Spectrum",
    "few_note",
    "thin_note",
]

ENERGY_POINTS = 25

LayerState: TypeAlias = Literal["waiting", "few", "thin", "ok", "refused"]


def few_note(samples: int, units: int) -> str:
    """Return why a layer fails."""
    return f"PFA needs at least {units:,} samples for {units:,} units, but there are {samples:,}."


def thin_note(samples: int, units: int) -> str:
    """Return why the numbers of a layer are uncertain."""
    return f"Only {samples:,} samples for {units:,} units: expect other numbers with twice as many samples as units."


@dataclass(frozen=True, eq=False)
class Spectrum:
    """What a table shows of the eigenvalues of one layer.

    Attributes
    ----------
    samples : int
        Samples that it was made of: its age.
    units, constant : int
        Units of the layer, and those of (relatively) no variance.
    keep : int
        Units to keep by the KL divergence.
    kl : float
        Divergence of the spectrum from the flat one, in nats.
    energy : numpy.ndarray
        float32 [25]: share of the energy in the first round(i * units / 24) components, i = 0 to 24.
    eigenvalues : numpy.ndarray
        float64 [units], descending and not negative: what the above is made of.
    seconds : float
        What it cost to compute.
    """

    samples: int
    units: int
    constant: int
    keep: int
    kl: float
    energy: NDArray[np.float32]
    eigenvalues: NDArray[np.float64] = field(repr=False)
    seconds: float = 0.0

    @classmethod
    def of(cls, moments: Moments, epsilon_inactive: float) -> Spectrum:
        """Return the spectrum of the samples so far."""
        covariance = moments.covariance()
        constant = len(constant_units(covariance, epsilon_inactive))
        return cls.known(eigenvalues(covariance), constant, moments.count)

    @classmethod
    def known(cls, values: NDArray[np.float64], constant: int, samples: int) -> Spectrum:
        """Return the spectrum of eigenvalues float64 [units], descending and not negative."""
        units = len(values)
        divergence = kl_divergence(values)
        running = np.concatenate([[0.0], cumulative_energy(values)])
        at = np.round(np.arange(ENERGY_POINTS) * units / (ENERGY_POINTS - 1)).astype(np.intp)
        return cls(
            samples=samples,
            units=units,
            constant=constant,
            keep=kl_count(linear_ratio(divergence, math.log(units)), units),
            kl=divergence,
            energy=running[at].astype(np.float32),
            eigenvalues=values,
        )

    def costing(self, seconds: float) -> Spectrum:
        """Return the same with its cost."""
        return replace(self, seconds=seconds)


@dataclass(frozen=True, eq=False)
class LayerSpectrumRow:
    """One layer so far.

    Attributes
    ----------
    layer : str
        Name of the response.
    samples, nonfinite : int
        Samples counted, and left out.
    units : int
        Units of the layer.
    spectrum : Spectrum or None
        The newest one, which may be older than the samples.
    refusal : str
        Why PFA does not take the layer, or empty.
    """

    layer: str
    samples: int
    nonfinite: int
    units: int
    spectrum: Spectrum | None
    refusal: str

    @property
    def state(self) -> LayerState:
        """How far the layer is."""
        if self.refusal:
            return "refused"
        if self.samples == 0:
            return "waiting"
        if self.samples < self.units:
            return "few"
        if self.spectrum is None:
            return "waiting"
        return "thin" if self.samples < 2 * self.units else "ok"

    @property
    def note(self) -> str:
        """What there is to say about it, or empty."""
        reasons = {
            "refused": self.refusal,
            "few": few_note(self.samples, self.units),
            "thin": thin_note(self.samples, self.units),
        }
        parts = [reasons.get(self.state, ""), left_out_note(self.nonfinite)]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, eq=False)
class PFASnapshot(LayerRows[LayerSpectrumRow]):
    """The spectra of all layers so far."""

    def spectra(self) -> dict[str, Spectrum]:
        """Return the spectra by layer, where there is one."""
        return {row.layer: row.spectrum for row in self.rows if row.spectrum is not None}

    def detail(self, layer: str) -> Mapping[str, NDArray[Any]] | None:
        """Return ``eigenvalue`` and cumulative ``energy`` (0 to 1), float64 [units]; None without a spectrum."""
        row = self.row(layer)
        if row is None or row.spectrum is None:
            return None
        spectrum = row.spectrum
        return {"eigenvalue": spectrum.eigenvalues, "energy": cumulative_energy(spectrum.eigenvalues)}

    def recommendation(self, strategy: StrategyName, value: float) -> Mapping[str, NDArray[Any]]:
        """Return ``layer`` str and the units to ``keep`` int32, of the layers that have a spectrum."""
        counts = keep_counts({layer: known.eigenvalues for layer, known in self.spectra().items()}, strategy, value)
        return {
            "layer": np.array(list(counts), dtype=object),
            "keep": np.array(list(counts.values()), dtype=np.int32),
        }

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the table by column.

        ``layer``, ``state``, ``note`` str; ``samples``, ``nonfinite``, ``needed``, ``age`` int64; ``units``,
        ``constant``, ``keep`` int32, the latter two -1 without a spectrum; ``kl`` float64 and ``energy`` float32
        [layers, 25], NaN without one; ``stable_since`` int64, -1 unless stable.
        """
        rows = self.rows
        spectra = [row.spectrum for row in rows]
        blank = np.full(ENERGY_POINTS, np.nan, dtype=np.float32)
        energy = [spectrum.energy if spectrum else blank for spectrum in spectra]
        return {
            **super().columns(),
            "constant": np.array([s.constant if s else -1 for s in spectra], dtype=np.int32),
            "needed": np.array([row.units for row in rows], dtype=np.int64),
            "state": np.array([row.state for row in rows], dtype=object),
            "keep": np.array([s.keep if s else -1 for s in spectra], dtype=np.int32),
            "kl": np.array([s.kl if s else np.nan for s in spectra], dtype=np.float64),
            "energy": np.array(energy, dtype=np.float32).reshape(len(rows), ENERGY_POINTS),
            "age": np.array([s.samples if s else 0 for s in spectra], dtype=np.int64),
        }
