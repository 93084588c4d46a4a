"""Which responses of a model are looked at when nobody chose some."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from deepview_lab.base.response import LayerKind, ResponseInfo

__all__ = ["activations_of"]

_ACTIVATIONS: Final = frozenset(
    {
        LayerKind.ATTENTION,
        LayerKind.ELU,
        LayerKind.GELU,
        LayerKind.LEAKY_RELU,
        LayerKind.PRELU,
        LayerKind.RELU,
        LayerKind.RELU6,
        LayerKind.SIGMOID,
        LayerKind.SILU,
        LayerKind.TANH,
    }
)
# Layers that often have an activation of their own. Where one of its own kind follows, that is the one to look at.
_MAY_HAVE_ONE: Final = frozenset(
    {
        LayerKind.CONV_1D,
        LayerKind.CONV_2D,
        LayerKind.CONV_3D,
        LayerKind.CONV_TRANSPOSE_1D,
        LayerKind.CONV_TRANSPOSE_2D,
        LayerKind.CONV_TRANSPOSE_3D,
        LayerKind.DENSE,
        LayerKind.GRU,
        LayerKind.LSTM,
        LayerKind.RNN,
    }
)
_FLOATS: Final = "f"


def activations_of(responses: Mapping[str, ResponseInfo]) -> tuple[str, ...]:
    """Return the names of the activations of a network, in its order; all of its numbers where there are none.

    These are activation layers, and convolutions, dense and recurrent layers that no activation layer follows. The
    head, a dense layer or softmax at the end, is left out: its numbers are answers.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base.response import Layer
    >>> kinds = {"conv": "CONV_2D", "bn": "BATCH_NORM", "relu": "RELU", "hidden": "DENSE", "head": "DENSE"}
    >>> layers = {name: Layer(name, LayerKind[kind]) for name, kind in kinds.items()}
    >>> activations_of({name: ResponseInfo(name, np.dtype("f4"), (None, 4), layers[name]) for name in layers})
    ('relu', 'hidden')
    """
    numbers = [info for info in responses.values() if info.dtype.kind in _FLOATS and len(info.shape) > 1]
    numbers = [info for info in numbers if info.layer.kind is not LayerKind.PLACEHOLDER]
    candidates = [info for info in numbers if info.layer.kind in _ACTIVATIONS | _MAY_HAVE_ONE]
    chosen = [
        info.name
        for info, after in zip_longest(candidates, candidates[1:])
        if info.layer.kind in _ACTIVATIONS or after is None or after.layer.kind not in _ACTIVATIONS
    ]
    head = _head(numbers)
    return tuple([name for name in chosen if name != head] or chosen or [info.name for info in numbers])


def _head(numbers: list[ResponseInfo]) -> str | None:
    """Return the last dense layer, where nothing but a softmax or the like follows it."""
    for info in reversed(numbers):
        if info.layer.kind is LayerKind.DENSE:
            return info.name
        if info.layer.kind not in (LayerKind.SOFTMAX, LayerKind.UNKNOWN):
            return None
    return None
