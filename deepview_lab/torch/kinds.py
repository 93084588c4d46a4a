"""What a module does, and which axis of its output counts units, told from its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from deepview_lab.base import LayerKind
from deepview_lab.base.kinds import mro_of, name_of, package_of

__all__ = ["FUNCTIONS", "kind_of_module", "stated_axis"]

# Any: PyTorch need not be installed where types are checked.

_CHANNELS_FIRST: Final = 1
_CHANNELS_LAST: Final = -1

_ACTIVATIONS: Final = {
    "ReLU": LayerKind.RELU,
    "ReLU6": LayerKind.RELU6,
    "LeakyReLU": LayerKind.LEAKY_RELU,
    "RReLU": LayerKind.LEAKY_RELU,
    "PReLU": LayerKind.PRELU,
    "ELU": LayerKind.ELU,
    "CELU": LayerKind.ELU,
    "SELU": LayerKind.ELU,
    "GELU": LayerKind.GELU,
    "GELUActivation": LayerKind.GELU,
    "NewGELUActivation": LayerKind.GELU,
    "SiLU": LayerKind.SILU,
    "SiLUActivation": LayerKind.SILU,
    "Hardswish": LayerKind.SILU,
    "Sigmoid": LayerKind.SIGMOID,
    "Hardsigmoid": LayerKind.SIGMOID,
    "Tanh": LayerKind.TANH,
    "Hardtanh": LayerKind.TANH,
    "Softmax": LayerKind.SOFTMAX,
    "Softmax2d": LayerKind.SOFTMAX,
    "LogSoftmax": LayerKind.SOFTMAX,
}
_IMAGES: Final = {
    **{f"Conv{n}d": LayerKind[f"CONV_{n}D"] for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": LayerKind[f"CONV_TRANSPOSE_{n}D"] for n in (1, 2, 3)},
    **{f"{adaptive}MaxPool{n}d": LayerKind[f"MAX_POOLING_{n}D"] for n in (1, 2, 3) for adaptive in ("", "Adaptive")},
    **{
        f"{adaptive}AvgPool{n}d": LayerKind[f"AVERAGE_POOLING_{n}D"] for n in (1, 2, 3) for adaptive in ("", "Adaptive")
    },
    "BatchNorm1d": LayerKind.BATCH_NORM,
    "BatchNorm2d": LayerKind.BATCH_NORM_2D,
    "BatchNorm3d": LayerKind.BATCH_NORM_3D,
    **{f"InstanceNorm{n}d": LayerKind.UNKNOWN for n in (1, 2, 3)},
    "GroupNorm": LayerKind.UNKNOWN,
    "Dropout2d": LayerKind.DROPOUT_2D,
    "Dropout3d": LayerKind.DROPOUT_3D,
    "LocalResponseNorm": LayerKind.UNKNOWN,
}
_VECTORS: Final = {
    "Linear": LayerKind.DENSE,
    "Bilinear": LayerKind.DENSE,
    "RNN": LayerKind.RNN,
    "LSTM": LayerKind.LSTM,
    "GRU": LayerKind.GRU,
    "RNNCell": LayerKind.RNN,
    "LSTMCell": LayerKind.LSTM,
    "GRUCell": LayerKind.GRU,
    "LayerNorm": LayerKind.LAYER_NORM,
    "RMSNorm": LayerKind.LAYER_NORM,
    "MultiheadAttention": LayerKind.ATTENTION,
    "Embedding": LayerKind.UNKNOWN,
    "Conv1D": LayerKind.DENSE,  # of transformers: a dense layer
}
_KINDS: Final = {**_ACTIVATIONS, **_IMAGES, **_VECTORS, "Dropout": LayerKind.DROPOUT, "AlphaDropout": LayerKind.DROPOUT}
_PACKAGES: Final = frozenset({"torch", "transformers"})

# Activations that a model calls as functions, by the names of these functions.
FUNCTIONS: Final[Mapping[str, LayerKind]] = {
    "relu": LayerKind.RELU,
    "relu_": LayerKind.RELU,
    "relu6": LayerKind.RELU6,
    "leaky_relu": LayerKind.LEAKY_RELU,
    "leaky_relu_": LayerKind.LEAKY_RELU,
    "prelu": LayerKind.PRELU,
    "elu": LayerKind.ELU,
    "elu_": LayerKind.ELU,
    "selu": LayerKind.ELU,
    "celu": LayerKind.ELU,
    "gelu": LayerKind.GELU,
    "silu": LayerKind.SILU,
    "hardswish": LayerKind.SILU,
    "sigmoid": LayerKind.SIGMOID,
    "sigmoid_": LayerKind.SIGMOID,
    "hardsigmoid": LayerKind.SIGMOID,
    "tanh": LayerKind.TANH,
    "tanh_": LayerKind.TANH,
    "hardtanh": LayerKind.TANH,
}


def kind_of_module(module: Any) -> LayerKind:
    """Return what ``module`` does: that of the nearest class of PyTorch it derives from."""
    name = _known_class(module)
    return LayerKind.UNKNOWN if name is None else _KINDS[name]


def stated_axis(module: Any) -> int | None:
    """Return the axis on which a module puts its units; None of one that leaves them where they are."""
    name = _known_class(module)
    if name in _VECTORS:
        return _CHANNELS_LAST
    return _CHANNELS_FIRST if name in _IMAGES else None


def _known_class(module: Any) -> str | None:
    for kind in mro_of(type(module)):
        name = str(name_of(kind))
        if name in _KINDS and package_of(kind) in _PACKAGES:
            return name
    return None
