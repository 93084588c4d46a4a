"""TensorFlow and Keras, imported when they are first needed: that takes seconds, and they are an extra."""

from __future__ import annotations

from typing import Any

from deepview_lab.exceptions import DeepViewException, MissingExtraError

__all__ = ["require_keras", "require_tensorflow"]


def require_tensorflow() -> Any:  # Any: TensorFlow has no usable types
    """Return the module ``tensorflow``.

    Raises
    ------
    MissingExtraError
        (an ImportError) when it is not installed.
    """
    try:
        import tensorflow as tf
    except ImportError:
        raise MissingExtraError("Running a Keras model", "TensorFlow", "tensorflow") from None
    return tf


def require_keras() -> Any:  # Any: Keras has no usable types
    """Return the module ``keras``, on the TensorFlow backend.

    Raises
    ------
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.
    DeepViewException
        when Keras runs on another backend.
    """
    require_tensorflow()
    import keras

    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise DeepViewException(
            f"deepview_lab.tensorflow needs Keras on the TensorFlow backend, but it runs on {backend}. Set "
            "KERAS_BACKEND=tensorflow before the kernel starts, or remove it."
        )
    return keras
