"""The result of inactive unit analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import left_out_note
from deepview_lab.exceptions import DeepViewException

__all__ = ["IUAResults", "LayerInactivity", "small_note"]


def small_note(all_below: float | None) -> str:
    """Return a sentence on a layer whose values are all so small, empty for others."""
    if all_below is None:
        return ""
    mantissa, _, exponent = f"{all_below:g}".partition("e")
    limit = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return f"All values are below {limit}: check the scale or `atol`."


@dataclass(frozen=True, eq=False)
class LayerInactivity:
    """Inactivity of one layer. A *value* is one number of a sample; a *unit* is a channel, or a value of a dense layer.

    Attributes
    ----------
    samples : int
        Samples counted.
    nonfinite : int
        Samples left out: NaN, infinite or too large.
    mean_inactive : float
        Mean over samples of the number of inactive values; NaN when no sample was counted.
    std_inactive : float
        Population standard deviation of that number.
    unit_axis : int
        Which axis of a sample counts units.
    counts : numpy.ndarray
        int64, shape of a sample: in how many samples each value was inactive.
    per_sample : numpy.ndarray or None
        int32 [samples + nonfinite]: inactive values of each sample in the order in which they came, -1 for one left
        out. None with ``per_sample=False``.
    all_below : float or None
        100 tolerances, if no magnitude was above and not every value was exactly zero: the scale of such a layer does
        not suit the tolerance, so its inactive units are not called dead. None for other layers.
    """

    samples: int
    nonfinite: int
    mean_inactive: float
    std_inactive: float
    unit_axis: int
    counts: NDArray[np.int64] = field(repr=False)
    per_sample: NDArray[np.int32] | None = field(repr=False)
    all_below: float | None = None

    @property
    def inactive(self) -> list[int]:
        """Number of inactive values of each sample counted, in the order in which they came.

        Raises
        ------
        DeepViewException
            when they were not kept.
        """
        if self.per_sample is None:
            raise DeepViewException(
                "The counts of each sample were not kept. Run the analysis with per_sample=True to have them."
            )
        return [int(count) for count in self.per_sample[self.per_sample >= 0]]

    # Any: as nested as the samples have dimensions.
    @property
    def unit_inactive_count(self) -> Any:
        """The :attr:`counts` as nested lists."""
        return self.counts.tolist()

    @property
    def unit_inactive_proportion(self) -> Any:
        """In which share of the samples each value was inactive (0 to 1), as nested lists; NaN without samples."""
        return (self.counts / (self.samples or np.nan)).tolist()

    @property
    def unit_share(self) -> NDArray[np.float64]:
        """Share (0 to 1) of inactive values of each unit [units]: the mean over its positions and all samples."""
        positions = tuple(axis for axis in range(self.counts.ndim) if axis != self.unit_axis)
        return np.atleast_1d(self.counts.mean(axis=positions) / (self.samples or np.nan))

    @property
    def dead_units(self) -> NDArray[np.intp]:
        """The units that were inactive at every position of every sample, ascending; none with :attr:`all_below`."""
        if self.samples == 0 or self.all_below is not None:
            return np.empty(0, dtype=np.intp)
        always = self.counts == self.samples
        positions = tuple(axis for axis in range(self.counts.ndim) if axis != self.unit_axis)
        return np.flatnonzero(always.all(axis=positions))

    @property
    def note(self) -> str:
        """What there is to say about the layer, or empty."""
        return " ".join(part for part in (small_note(self.all_below), left_out_note(self.nonfinite)) if part)


@dataclass(frozen=True, eq=False)
class IUAResults:
    """Inactivity by layer.

    Attributes
    ----------
    samples : int
        Samples seen.
    results : mapping of str to LayerInactivity
        The layers that had data.
    """

    samples: int
    results: Mapping[str, LayerInactivity]
