"""The live table of inactive unit analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.iua.result import small_note
from deepview_lab.analysis.layer_rows import LayerRows
from deepview_lab.analysis.responses import left_out_note

__all__ = ["DEAD", "STRIP_BINS", "IUASnapshot", "LayerInactivityRow"]

STRIP_BINS = 64
DEAD = 255
_ALMOST_ONE = np.nextafter(1.0, 0.0)


@dataclass(frozen=True, eq=False)
class LayerInactivityRow:
    """One layer so far.

    Attributes
    ----------
    layer : str
        Name of the response.
    samples, nonfinite : int
        Samples counted, and left out.
    values : int
        Values of one sample.
    mean, std : float
        Mean and population standard deviation, over samples, of the number of inactive values; NaN before data.
    unit_totals : numpy.ndarray
        int64 [units]: inactive values of each unit, summed over positions and samples.
    all_below : float or None
        As in the result: set where units are not called dead, since all values are small.
    """

    layer: str
    samples: int
    nonfinite: int
    values: int
    mean: float
    std: float
    unit_totals: NDArray[np.int64]
    all_below: float | None = None

    @classmethod
    def unstarted(cls, layer: str, units: int | None) -> LayerInactivityRow:
        """Return the row of a layer that is known and has no data yet."""
        known = units or 0
        # A view of one zero: a file may tell of any number of units.
        return cls(layer, 0, 0, known, math.nan, math.nan, np.broadcast_to(np.int64(0), known))

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.unit_totals)

    @property
    def note(self) -> str:
        """What there is to say about it, or empty."""
        return " ".join(part for part in (small_note(self.all_below), left_out_note(self.nonfinite)) if part)

    @property
    def most(self) -> int:
        """What the total of a dead unit is."""
        return self.samples * (self.values // max(self.units, 1))

    @property
    def dead(self) -> int | None:
        """Units inactive at every position of every sample; None where all values are small."""
        if self.all_below is not None:
            return None
        return int((self.unit_totals == self.most).sum()) if self.samples else 0

    def shares(self) -> NDArray[np.float64]:
        """Return [units] the inactive share of each unit, 1 only if it is dead. There must be samples."""
        shares = np.asarray(self.unit_totals / self.most, dtype=np.float64)
        return shares if self.all_below is None else np.minimum(shares, _ALMOST_ONE)

    def strip(self) -> NDArray[np.uint8]:
        """Return [64] the units' inactive shares, largest first, binned by maximum: 255 is dead, else 254 share."""
        if self.units == 0 or self.samples == 0:
            return np.zeros(STRIP_BINS, dtype=np.uint8)
        shades = self.unit_totals * (DEAD - 1) // self.most
        if self.all_below is None:
            shades[shades == DEAD - 1] = DEAD
        # Sorted descending, the first unit of a bin is its maximum.
        first = np.arange(STRIP_BINS) * self.units // STRIP_BINS
        return np.sort(shades.astype(np.uint8), kind="stable")[::-1][first]  # of bytes, this is a radix sort


@dataclass(frozen=True, eq=False)
class IUASnapshot(LayerRows[LayerInactivityRow]):
    """The inactivity of all layers so far."""

    def detail(self, layer: str) -> Mapping[str, NDArray[Any]] | None:
        """Return ``share`` float64 [units], the inactive share of each unit, 1 only if dead; None before data."""
        row = self.row(layer)
        return {"share": row.shares()} if row is not None and row.samples else None

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the table by column.

        ``layer`` str; ``samples``, ``nonfinite`` int64; ``units``, ``dead`` int32, the latter -1 where all values are
        small; ``inactive_mean``, ``inactive_std`` float64, as shares of the values (0 to 1), NaN before data;
        ``strip`` uint8 [layers, 64];
        ``stable_since`` int64, -1 unless stable; ``note`` str.
        """
        rows = self.rows
        return {
            **super().columns(),
            "inactive_mean": np.array([row.mean / max(row.values, 1) for row in rows], dtype=np.float64),
            "inactive_std": np.array([row.std / max(row.values, 1) for row in rows], dtype=np.float64),
            "dead": np.array([-1 if row.dead is None else row.dead for row in rows], dtype=np.int32),
            "strip": np.array([row.strip() for row in rows], dtype=np.uint8).reshape(len(rows), STRIP_BINS),
        }
