"""Whether more samples would still change the numbers of a layer: looked at when their count has doubled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch

__all__ = ["Stability", "cut_at_marks"]

_FIRST = 64
# A figure is a share (0 to 1): it is quiet when it moves by less than one point.
_POINT = 0.01

Figures = Mapping[str, NDArray[np.float64]]


def cut_at_marks(batch: Batch, before: int) -> Iterator[Batch]:
    """Yield ``batch``, cut where the samples, of which ``before`` came before it, are 64, 128, 256, ... of number."""
    start, size = 0, batch.batch_size
    mark = _FIRST
    while mark < before + size:
        if mark > before:
            yield batch.elements[start : mark - before]
            start = mark - before
        mark *= 2
    yield batch.elements[start:] if start else batch


class Stability:
    """Watches the key figures of one introspector's layers.

    At 64, 128, 256, ... samples, each figure is compared with what it was at half as many. A layer is stable from the
    first of these marks on at which none of its figures moved by a point (0.01), up to one at which one does.

    Notes
    -----
    Why half as many: for a mean of independent samples, the difference between n and n / 2 samples has the variance
    of the mean of n itself, s^2 / n; and of a bias that falls as 1 / n the difference is just what is left. So what
    is seen to move is of the size of the error that is still in the number. Data that is sorted deceives this.

    This is kept by the engine and not by the accumulators: it depends on the order of the samples, which merging does
    not know, and an accumulator that knew it would not obey the laws.
    """

    def __init__(self) -> None:
        self.since: dict[str, int] = {}
        self.quiet_marks = 0
        self._figures: dict[str, NDArray[np.float64]] = {}

    @staticmethod
    def is_mark(samples: int) -> bool:
        """Return whether it is time to look."""
        return samples >= _FIRST and (samples // _FIRST).bit_count() == 1 and samples % _FIRST == 0

    def look(self, samples: int, figures: Figures) -> None:
        """Compare ``figures``, of ``samples`` samples, with those at the mark before."""
        for layer, now in figures.items():
            if not _is_quiet(self._figures.get(layer), now):
                self.since.pop(layer, None)
            else:
                self.since.setdefault(layer, samples)
        self.quiet_marks = self.quiet_marks + 1 if figures and figures.keys() <= self.since.keys() else 0
        self._figures = {layer: np.array(now) for layer, now in figures.items()}

    def state(self) -> dict[str, Any]:
        """Return what was seen as JSON values."""
        figures = {layer: seen.tolist() for layer, seen in self._figures.items()}
        return {"since": self.since, "quiet_marks": self.quiet_marks, "figures": figures}

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> Stability:
        """Return what had this state.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is no such state.
        """
        stability = cls()
        stability.since = {str(layer): int(samples) for layer, samples in state["since"].items()}
        stability.quiet_marks = int(state["quiet_marks"])
        stability._figures = {str(layer): np.array(seen, np.float64) for layer, seen in state["figures"].items()}
        return stability


def _is_quiet(before: NDArray[np.float64] | None, now: NDArray[np.float64]) -> bool:
    if before is None or before.shape != now.shape:
        return False
    return bool((np.abs(now - before) < _POINT).all())  # False for NaN
