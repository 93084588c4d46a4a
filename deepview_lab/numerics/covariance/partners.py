"""The two strongest partners of each unit while units are being removed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Partners", "tolerance"]

_NONE = -np.inf


def tolerance(value: float) -> float:
    """Return how far below ``value`` another value may be to count as equal: that of :func:`numpy.isclose`."""
    return 1e-8 + 1e-5 * abs(value)


class Partners:
    """Strength of the strongest and second strongest tie of each unit with the others that are left.

    Removing a unit can only lower them, so that outdated values stay upper bounds, and a row is searched again only
    when its bound matters.

    Parameters
    ----------
    strength : numpy.ndarray
        float64 [units, units], symmetric, finite; the diagonal does not count. Not changed.

    Attributes
    ----------
    alive : numpy.ndarray
        bool [units]: which units are left.
    first : numpy.ndarray
        float64 [units]: upper bound of the strongest tie of each unit; exact where asked for. -inf when removed.
    """

    def __init__(self, strength: NDArray[np.float64]) -> None:
        self._strength = strength
        units = len(strength)
        self.alive = np.ones(units, dtype=np.bool_)
        self.first = np.full(units, np.inf)
        self._second = np.full(units, np.inf)
        self._first_at = np.zeros(units, dtype=np.intp)
        self._second_at = np.zeros(units, dtype=np.intp)
        self._stale = np.ones(units, dtype=np.bool_)

    def remove(self, unit: int) -> None:
        """Take ``unit`` out."""
        self.alive[unit] = False
        self._stale |= (self._first_at == unit) | (self._second_at == unit)
        self._stale[unit] = False
        self.first[unit] = _NONE
        self._second[unit] = _NONE

    def largest(self, units: NDArray[np.intp] | None = None) -> float:
        """Return the strongest tie of any unit left, or of any of ``units``, with one that is left."""
        first = self.first if units is None else self.first[units]
        while True:
            at = int(first.argmax())
            row = at if units is None else int(units[at])
            if not self._stale[row]:
                return float(first[at])
            self._search(row)
            first[at] = self.first[row]

    def first_close(self, value: float, within: float) -> int:
        """Return the lowest unit whose strongest tie is at least ``value - within``."""
        for row in np.flatnonzero(value - self.first <= within):
            if self._stale[row]:
                self._search(int(row))
            if value - self.first[row] <= within:
                return int(row)
        raise ValueError("No unit has a tie that strong.")

    def close(self, value: float, within: float) -> NDArray[np.intp]:
        """Return all units whose strongest tie is at least ``value - within``, ascending."""
        rows = np.flatnonzero(value - self.first <= within)
        for row in rows[self._stale[rows]]:
            self._search(int(row))
        return rows[value - self.first[rows] <= within]

    def after_first_close(self, unit: int, value: float, within: float) -> float:
        """Return the strongest tie of ``unit`` without its first one that is close to ``value``.

        It is -inf when there is no other. The unit must be one that :meth:`close` or :meth:`first_close` returned.
        """
        if value - self._second[unit] > within:
            return float(self._second[unit])
        row = self._row(unit)
        row[(value - row <= within).argmax()] = _NONE
        return float(row.max())

    def _row(self, unit: int) -> NDArray[np.float64]:
        row = np.where(self.alive, self._strength[unit], _NONE)
        row[unit] = _NONE
        return row

    def _search(self, unit: int) -> None:
        row = self._row(unit)
        self._first_at[unit] = at = int(row.argmax())
        self.first[unit] = row[at]
        row[at] = _NONE
        self._second_at[unit] = at = int(row.argmax())
        self._second[unit] = row[at]
        self._stale[unit] = False
