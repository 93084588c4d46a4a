"""What a Keras layer does, told from its class."""

from __future__ import annotations

from typing import Any, Final

from deepview_lab.base import LayerKind

__all__ = ["kind_of_class", "kind_of_layer"]

_RELU6_CEILING: Final = 6.0

_KINDS: Final = {
    "InputLayer": LayerKind.PLACEHOLDER,
    "Dense": LayerKind.DENSE,
    "EinsumDense": LayerKind.DENSE,
    "Conv1D": LayerKind.CONV_1D,
    "DepthwiseConv1D": LayerKind.CONV_1D,
    "SeparableConv1D": LayerKind.CONV_1D,
    "Conv2D": LayerKind.CONV_2D,
    "DepthwiseConv2D": LayerKind.CONV_2D,
    "SeparableConv2D": LayerKind.CONV_2D,
    "Conv3D": LayerKind.CONV_3D,
    "Conv1DTranspose": LayerKind.CONV_TRANSPOSE_1D,
    "Conv2DTranspose": LayerKind.CONV_TRANSPOSE_2D,
    "Conv3DTranspose": LayerKind.CONV_TRANSPOSE_3D,
    "MaxPooling1D": LayerKind.MAX_POOLING_1D,
    "MaxPooling2D": LayerKind.MAX_POOLING_2D,
    "MaxPooling3D": LayerKind.MAX_POOLING_3D,
    "GlobalMaxPooling1D": LayerKind.MAX_POOLING_1D,
    "GlobalMaxPooling2D": LayerKind.MAX_POOLING_2D,
    "GlobalMaxPooling3D": LayerKind.MAX_POOLING_3D,
    "AveragePooling1D": LayerKind.AVERAGE_POOLING_1D,
    "AveragePooling2D": LayerKind.AVERAGE_POOLING_2D,
    "AveragePooling3D": LayerKind.AVERAGE_POOLING_3D,
    "GlobalAveragePooling1D": LayerKind.AVERAGE_POOLING_1D,
    "GlobalAveragePooling2D": LayerKind.AVERAGE_POOLING_2D,
    "GlobalAveragePooling3D": LayerKind.AVERAGE_POOLING_3D,
    "RNN": LayerKind.RNN,
    "SimpleRNN": LayerKind.RNN,
    "Bidirectional": LayerKind.RNN,
    "LSTM": LayerKind.LSTM,
    "GRU": LayerKind.GRU,
    "BatchNormalization": LayerKind.BATCH_NORM,
    "LayerNormalization": LayerKind.LAYER_NORM,
    "Dropout": LayerKind.DROPOUT,
    "AlphaDropout": LayerKind.DROPOUT,
    "GaussianDropout": LayerKind.DROPOUT,
    "SpatialDropout1D": LayerKind.DROPOUT,
    "SpatialDropout2D": LayerKind.DROPOUT_2D,
    "SpatialDropout3D": LayerKind.DROPOUT_3D,
    "ReLU": LayerKind.RELU,
    "LeakyReLU": LayerKind.LEAKY_RELU,
    "PReLU": LayerKind.PRELU,
    "ELU": LayerKind.ELU,
    "Softmax": LayerKind.SOFTMAX,
    "Attention": LayerKind.ATTENTION,
    "AdditiveAttention": LayerKind.ATTENTION,
    "MultiHeadAttention": LayerKind.ATTENTION,
    "GroupedQueryAttention": LayerKind.ATTENTION,
}

_ACTIVATIONS: Final = {
    "sigmoid": LayerKind.SIGMOID,
    "tanh": LayerKind.TANH,
    "relu": LayerKind.RELU,
    "relu6": LayerKind.RELU6,
    "leaky_relu": LayerKind.LEAKY_RELU,
    "elu": LayerKind.ELU,
    "gelu": LayerKind.GELU,
    "silu": LayerKind.SILU,
    "softmax": LayerKind.SOFTMAX,
}


def kind_of_class(layer_class: type) -> LayerKind:
    """Return what layers of a class do: that of the nearest Keras class it derives from."""
    for ancestor in layer_class.__mro__:
        if ancestor.__module__.partition(".")[0] == "keras" and ancestor.__name__ in _KINDS:
            return _KINDS[ancestor.__name__]
    return LayerKind.UNKNOWN


def kind_of_layer(layer: Any) -> LayerKind:  # Any: Keras has no usable types
    """Return what ``layer`` does.

    An ``Activation`` does what its function does; a wrapper such as ``TimeDistributed`` what the wrapped layer does. A
    ``Dense`` or ``Conv2D`` with an activation of its own stays what it is.
    """
    typename = type(layer).__name__
    if typename == "Activation":
        return _ACTIVATIONS.get(getattr(layer.activation, "__name__", ""), LayerKind.UNKNOWN)
    kind = kind_of_class(type(layer))
    if kind is LayerKind.RELU and layer.max_value == _RELU6_CEILING:
        return LayerKind.RELU6
    wrapped = getattr(layer, "layer", None)
    return kind_of_layer(wrapped) if kind is LayerKind.UNKNOWN and wrapped is not None else kind
