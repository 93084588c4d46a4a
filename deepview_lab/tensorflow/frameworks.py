"""TensorFlow and Keras, imported when they are first needed: that takes seconds, and they are an extra."""

from __future__ import annotations

import re
from typing import Any, Final

from deepview_lab.exceptions import DeepViewException, MissingExtraError

__all__ = ["reason_of", "require_keras", "require_tensorflow"]

# Keras writes what went wrong below this line, in bold.
_OPENING: Final = "Exception encountered when calling"
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")


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


def reason_of(error: Exception) -> str:
    """Return the line of an error's message that says what went wrong, with a full stop."""
    lines = [line.strip() for line in _ESCAPE.sub("", str(error)).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith(_OPENING):
        lines = lines[1:]
    text = lines[0] if lines else type(error).__name__
    return text if text.endswith(".") else f"{text}."
