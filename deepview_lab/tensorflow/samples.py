"""A small network to try things with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from deepview_lab.exceptions import UnknownNameError
from deepview_lab.tensorflow.frameworks import require_keras

__all__ = ["get_simple_cnn_model"]

_DEFAULTS: Final[Mapping[str, Any]] = {  # Any: each setting is of another type
    "network_input": (32, 32, 3),
    "num_classes": 10,
    "drop_out": 0.5,
    "batch_norm": {"momentum": 0.99, "epsilon": 0.001},
}
# Channels, kernel size, stride and padding of each convolution; a dropout stands before the fourth and the seventh.
_LAYERS: Final = (
    (96, 3, 1, "same"),
    (96, 3, 1, "same"),
    (96, 3, 2, "same"),
    (192, 3, 1, "same"),
    (192, 3, 1, "same"),
    (192, 3, 2, "same"),
    (192, 3, 1, "valid"),
    (192, 1, 1, "same"),
)
_BEHIND_DROPOUT: Final = (3, 6)


def get_simple_cnn_model(config: Mapping[str, Any] | None = None) -> Any:  # Any: Keras has no usable types
    """Return an untrained network of convolutions only, for small colour images.

    Layers are named ``conv0`` to ``conv8`` with the endings ``_conv``, ``_bn`` and ``_relu``.

    Parameters
    ----------
    config : mapping, optional
        ``network_input`` (height, width, channels; 32 x 32 x 3), ``num_classes`` (10), ``drop_out`` (0.5), and
        ``batch_norm``, the options of ``keras.layers.BatchNormalization``, or None for none.

    Raises
    ------
    UnknownNameError
        (a KeyError) for another setting.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.

    References
    ----------
    J. Springenberg et al., "Striving for simplicity: the all convolutional net", ICLR workshop 2015 (All-CNN-C).
    """
    for name in config or {}:
        if name not in _DEFAULTS:
            raise UnknownNameError("setting", name, _DEFAULTS)
    settings = {**_DEFAULTS, **(config or {})}
    keras = require_keras()
    layers = keras.layers
    images = keras.Input(tuple(settings["network_input"]), name="images")
    x = images
    for number, (channels, size, stride, padding) in enumerate(_LAYERS):
        if number in _BEHIND_DROPOUT:
            x = layers.Dropout(settings["drop_out"])(x)
        x = layers.Conv2D(channels, size, strides=stride, padding=padding, name=f"conv{number}_conv")(x)
        if settings["batch_norm"] is not None:
            x = layers.BatchNormalization(name=f"conv{number}_bn", **settings["batch_norm"])(x)
        x = layers.ReLU(name=f"conv{number}_relu")(x)
    last = f"conv{len(_LAYERS)}_conv"
    x = layers.Conv2D(settings["num_classes"], 1, name=last)(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return keras.Model(images, layers.Softmax(name="classes")(x), name="simple_cnn")
