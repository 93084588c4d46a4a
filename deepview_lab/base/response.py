"""What is known of a model's responses before any data has passed: name, shape, layer, unit axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import prod
from typing import ClassVar, TypeAlias

import numpy as np

__all__ = ["ChannelGroup", "Layer", "LayerKind", "ResponseInfo", "unit_axis_of"]

DEFAULT_UNIT_AXIS = -1


class LayerKind(Enum):
    """What a layer does. The values are DeepView's; GELU and SILU are new."""

    UNKNOWN = 0
    LINEAR = 1000
    DENSE = 1000  # noqa: PIE796 - an alias, as in DeepView
    PLACEHOLDER = 1001
    CONV_1D = 2000
    CONV_2D = 2001
    CONV_3D = 2002
    CONV_TRANSPOSE_1D = 2003
    CONV_TRANSPOSE_2D = 2004
    CONV_TRANSPOSE_3D = 2005
    MAX_POOLING_1D = 3000
    MAX_POOLING_2D = 3001
    MAX_POOLING_3D = 3003
    AVERAGE_POOLING_1D = 3004
    AVERAGE_POOLING_2D = 3005
    AVERAGE_POOLING_3D = 3006
    RNN = 4000
    LSTM = 4001
    GRU = 4002
    BATCH_NORM = 5000
    BATCH_NORM_2D = 5001
    BATCH_NORM_3D = 5002
    LAYER_NORM = 5003
    DROPOUT = 6000
    DROPOUT_2D = 6001
    DROPOUT_3D = 6002
    SIGMOID = 8000
    TANH = 8001
    RELU = 8002
    LEAKY_RELU = 8003
    PRELU = 8004
    ELU = 8005
    SOFTMAX = 8006
    ATTENTION = 8007
    RELU6 = 8008
    GELU = 8009
    SILU = 8010


@dataclass(frozen=True)
class Layer:
    """The layer that makes a response.

    Attributes
    ----------
    name : str
        Name in the model.
    kind : LayerKind
        What it does.
    typename : str
        Name of its class in the framework.
    """

    name: str
    kind: LayerKind = LayerKind.UNKNOWN
    typename: str = ""


@dataclass(frozen=True)
class ChannelGroup:
    """The channels that some layers share: the layer that makes them and those that only pass them on.

    Attributes
    ----------
    name : str
        Name of the response that makes them.
    parameters : int
        Parameters of which each channel has its own: biases, batch norms, depthwise kernels of all layers of the group.
    links : tuple of (str, int)
        Parameters of kernels that read these channels and make those of another group, or the other way round, by the
        name of that group; ``""`` for channels that are not pruned, such as inputs. Both ends have the same number.
    """

    name: str
    parameters: int = 0
    links: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ResponseInfo:
    """A response that a model can give.

    Attributes
    ----------
    name : str
        Name by which it is requested; the field's name in the batch.
    dtype : numpy.dtype
        Type of its values.
    shape : tuple
        Shape with the batch dimension first; None where a dimension is not known in advance.
    layer : Layer
        The layer that makes it.
    unit_axis : int
        The axis that counts units: channels of a convolution, -1 where channels come last, 1 where they come first.
    group : ChannelGroup, optional
        Whose channels these are; None of inputs, and where the framework does not tell.
    """

    name: str
    dtype: np.dtype[np.generic]
    shape: tuple[int | None, ...]
    layer: Layer
    unit_axis: int = DEFAULT_UNIT_AXIS
    group: ChannelGroup | None = None

    Layer: ClassVar[TypeAlias] = Layer
    LayerKind: ClassVar[TypeAlias] = LayerKind

    @property
    def units(self) -> int | None:
        """Number of units, None when the shape does not tell."""
        return self.shape[self.unit_axis] if len(self.shape) > 1 else 1

    def with_shape(self, shape: tuple[int | None, ...], unit_axis: int) -> ResponseInfo:
        """Return the same response as a later stage leaves it; of another number of units the group is not known."""
        changed = replace(self, shape=shape, unit_axis=unit_axis)
        return changed if changed.units == self.units else replace(changed, group=None)

    @property
    def size(self) -> int | None:
        """Values per sample, None when a dimension is unknown."""
        known = [dim for dim in self.shape[1:] if dim is not None]
        return prod(known) if len(known) == len(self.shape) - 1 else None


def unit_axis_of(ndim: int, info: ResponseInfo | None) -> int:
    """Return the axis (1 to ndim-1) of an array that counts units.

    The info decides while it describes arrays of that many dimensions; otherwise units come last.
    """
    axis = info.unit_axis if info is not None and len(info.shape) == ndim else DEFAULT_UNIT_AXIS
    return axis % ndim
