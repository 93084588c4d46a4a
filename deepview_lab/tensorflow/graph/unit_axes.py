"""Which axis of a tensor counts units, followed through a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["CHANNELS_FIRST", "CHANNELS_LAST", "UnitAxes"]

CHANNELS_FIRST = 1
CHANNELS_LAST = -1
_VECTOR_NDIM = 2


class UnitAxes:
    """The unit axes of tensors, asked for in the order of the network.

    What knows its data format tells it; the rest, such as activations, keeps that of its input as long as the number of
    axes is the same. Where neither is known, channels come last.
    """

    def __init__(self) -> None:
        self._axes: dict[int, int] = {}
        self._kept: list[Any] = []  # an id is only that tensor's while the tensor lives

    def follow(self, tensor: Any, sources: Iterable[Any], channels_first: bool | None) -> int:  # noqa: FBT001
        """Return the unit axis of a tensor.

        Parameters
        ----------
        tensor : KerasTensor or tf.Tensor
            What comes out.
        sources : iterable of the same
            What went in.
        channels_first : bool or None
            What the operation says of its data format, None when it says nothing.
        """
        ndim = len(tensor.shape)
        if ndim <= _VECTOR_NDIM:
            axis = CHANNELS_LAST
        elif channels_first is not None:
            axis = CHANNELS_FIRST if channels_first else CHANNELS_LAST
        else:
            known = (self._axes.get(id(source)) for source in (tensor, *sources) if len(source.shape) == ndim)
            axis = next((axis for axis in known if axis is not None), CHANNELS_LAST)
        self._axes[id(tensor)] = axis
        self._kept.append(tensor)
        return axis
