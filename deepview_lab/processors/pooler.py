"""Reduce axes of fields to their maximum, sum or average."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ResponseInfo
from deepview_lab.processors.processor import Processor, _StageInputError
from deepview_lab.typing import OneManyOrNone, OneOrMany, resolve_one_or_many

__all__ = ["Pooler"]


class Pooler(Processor):
    """Reduce axes of fields, typically the positions of feature maps.

    Parameters
    ----------
    dim : int or collection of int
        The axes that go away: ``(1, 2)`` for images with channels last, ``(2, 3)`` with channels first. Negative axes
        count from the end. Axis 0 counts samples and stays.
    method : Pooler.Method
        MAX, SUM or AVERAGE. Sums of floats are kept in float64 and returned in the dtype of the field.
    fields : None, str or collection of str
        The fields to pool; None means all.

    Raises
    ------
    ValueError
        when ``dim`` is empty or holds 0, when ``method`` is none of the three, and while batches pass when a field does
        not have the axes.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> maps = StubProducer({"conv": np.arange(8.0).reshape(1, 2, 2, 2)})
    >>> pooled = pipeline(maps, Pooler(dim=(1, 2), method=Pooler.Method.MAX))
    >>> peek_first_batch(pooled).fields["conv"]
    array([[6., 7.]])
    """

    class Method(Enum):
        """How values along the axes become one."""

        MAX = 1
        SUM = 2
        AVERAGE = 3

    def __init__(self, *, dim: OneOrMany[int], method: Pooler.Method, fields: OneManyOrNone[str] = None) -> None:
        self._dims = resolve_one_or_many(dim, int)
        if not self._dims or 0 in self._dims:
            raise ValueError(
                f"Pooler needs at least one axis and cannot pool axis 0, which counts samples, but dim is {dim}. "
                "For feature maps with channels last write dim=(1, 2)."
            )
        if not isinstance(method, Pooler.Method):
            raise ValueError(f"Pooler needs a method such as Pooler.Method.MAX, but got {method!r}.")
        self._method = method
        super().__init__(self._pooled, fields=fields)

    def _pooled(self, array: NDArray[Any]) -> NDArray[Any]:
        axes = self._axes(array.shape)
        if self._method is Pooler.Method.MAX:
            return np.asarray(np.max(array, axis=axes))
        reduce = np.sum if self._method is Pooler.Method.SUM else np.mean
        if not np.issubdtype(array.dtype, np.floating):
            return np.asarray(reduce(array, axis=axes))
        return np.asarray(reduce(array, axis=axes, dtype=np.float64)).astype(array.dtype)

    def _axes(self, shape: Collection[int | None]) -> tuple[int, ...]:
        ndim = len(shape)
        axes = {dim + ndim if dim < 0 else dim for dim in self._dims}
        if not all(0 < axis < ndim for axis in axes):
            raise _StageInputError(
                f"has shape {tuple(shape)}, so axes {tuple(sorted(self._dims))} cannot be pooled: they must be between "
                f"1 and {ndim - 1}. Name the fields to pool with fields=[...]."
            )
        return tuple(sorted(axes))

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        try:
            dropped = self._axes(info.shape)
        except _StageInputError:  # the batches will say so, with the field's name
            return info
        kept = [axis for axis in range(len(info.shape)) if axis not in dropped]
        unit_axis = info.unit_axis % len(info.shape)
        return replace(
            info.with_shape(
                tuple(info.shape[axis] for axis in kept), kept.index(unit_axis) if unit_axis in kept else -1
            ),
            dtype=self._pooled(np.zeros((1,) * len(info.shape), info.dtype)).dtype,
        )
