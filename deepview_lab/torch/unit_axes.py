"""Which axis of a tensor counts units, followed through a module while it is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

__all__ = ["UnitAxes"]

_CHANNELS_FIRST: Final = 1
_CHANNELS_LAST: Final = -1
_VECTORS: Final = 2
_IMAGES: Final = 4


class UnitAxes:
    """The unit axes of tensors, asked for in the order in which they are computed.

    Convolutions, dense layers and the like say where their units are. What keeps the number of axes of its input keeps
    the axis of units too. Behind a function that was not watched, the last tensor with as many axes and as many units
    counts; where there is none, pictures have their channels first and sequences their features last.
    """

    def __init__(self) -> None:
        self._axes: dict[int, int] = {}
        self._last: dict[tuple[int, int], int] = {}
        self._kept: list[Any] = []  # an id is only that tensor's while the tensor lives

    def follow(self, tensor: Any, sources: Iterable[Any], stated: int | None) -> int:  # Any: torch.Tensor
        """Return the unit axis of a tensor.

        Parameters
        ----------
        tensor : torch.Tensor
            What comes out.
        sources : iterable of torch.Tensor
            What went in.
        stated : int or None
            What the module says.
        """
        axis = self._axis(tensor, sources, stated)
        self._axes[id(tensor)] = axis
        self._last[tensor.ndim, tensor.shape[axis]] = axis
        self._kept.append(tensor)
        return axis

    def _axis(self, tensor: Any, sources: Iterable[Any], stated: int | None) -> int:
        ndim = tensor.ndim
        if ndim <= _VECTORS:
            return _CHANNELS_LAST
        if stated is not None:
            return stated
        for source in (tensor, *sources):
            if source.ndim == ndim and id(source) in self._axes:
                return self._axes[id(source)]
        default = _CHANNELS_FIRST if ndim >= _IMAGES else _CHANNELS_LAST
        others = (default, _CHANNELS_LAST if default == _CHANNELS_FIRST else _CHANNELS_FIRST)
        known = (self._last.get((ndim, tensor.shape[axis])) for axis in others)
        return next((axis for axis in known if axis is not None), default)
