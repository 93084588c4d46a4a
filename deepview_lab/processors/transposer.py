"""Permute the axes of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ResponseInfo
from deepview_lab.processors.processor import Processor, _StageInputError
from deepview_lab.typing import OneManyOrNone

__all__ = ["Transposer"]


class Transposer(Processor):
    """Permute axes, as ``numpy.transpose`` does.

    Parameters
    ----------
    dim : sequence of int
        The axes in their new order; the first is 0, which counts samples. ``(0, 2, 3, 1)`` puts the channels of
        channels-first images last.
    fields : None, str or collection of str
        The fields to permute; None means all.

    Raises
    ------
    ValueError
        when ``dim`` does not start with 0 or is no permutation, and while batches pass when a field has another number
        of axes.
    """

    def __init__(self, *, dim: Sequence[int], fields: OneManyOrNone[str] = None) -> None:
        self._order = tuple(dim)
        if self._order[:1] != (0,):
            raise ValueError(f"Transposer must leave axis 0, which counts samples, first, but dim is {tuple(dim)}.")
        if sorted(self._order) != list(range(len(self._order))):
            raise ValueError(f"Transposer needs every axis from 0 to {len(self._order) - 1} once, but dim is {dim}.")
        super().__init__(self._transposed, fields=fields)

    def _transposed(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.ndim != len(self._order):
            raise _StageInputError(
                f"has shape {array.shape}, but dim {self._order} permutes {len(self._order)} axes. "
                "Name the fields to permute with fields=[...]."
            )
        return np.transpose(array, self._order)

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        if len(info.shape) != len(self._order):  # the batches will say so, with the field's name
            return info
        shape = tuple(info.shape[axis] for axis in self._order)
        return info.with_shape(shape, self._order.index(info.unit_axis % len(info.shape)))
