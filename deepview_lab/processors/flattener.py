"""Make every sample a vector."""

from __future__ import annotations

from math import prod
from typing import Any

from numpy.typing import NDArray

from deepview_lab.base import ResponseInfo
from deepview_lab.processors.processor import Processor
from deepview_lab.typing import OneManyOrNone

__all__ = ["Flattener"]

_ORDERS = ("C", "F", "A", "K")


class Flattener(Processor):
    """Reshape fields to samples x values. Behind it every value counts as a unit of its own.

    Parameters
    ----------
    order : {'C', 'F', 'A', 'K'}
        Order of the values of a sample: 'C' last axis fastest, 'F' first axis fastest, 'A' as 'F' when the array lies
        in memory that way and as 'C' otherwise, 'K' as the values lie in memory.
    fields : None, str or collection of str
        The fields to flatten; None means all.

    Raises
    ------
    ValueError
        when ``order`` is none of these.
    """

    def __init__(self, order: str = "C", fields: OneManyOrNone[str] = None) -> None:
        if order not in _ORDERS:
            raise ValueError(f"Flattener needs an order out of {', '.join(_ORDERS)}, but got {order!r}.")
        self._order = order
        super().__init__(self._flattened, fields=fields)

    def _flattened(self, array: NDArray[Any]) -> NDArray[Any]:
        axes = list(range(1, array.ndim))
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        if self._order == "F" or (self._order == "A" and fortran):
            axes.reverse()
        elif self._order == "K":
            axes.sort(key=lambda axis: -abs(array.strides[axis]))
        # The size is spelled out: -1 is ambiguous for a batch of no samples.
        return array.transpose(0, *axes).reshape(len(array), prod(array.shape[1:]))

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        return info.with_shape((None, info.size), 1)
