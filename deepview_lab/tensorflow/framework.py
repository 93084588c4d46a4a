"""Keras as a framework whose models can be read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from deepview_lab.base import Model, ResponseInfo
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.exceptions import DeepViewException
from deepview_lab.tensorflow.loading import load_tf_model_from_memory

__all__ = ["KerasFramework"]


class KerasFramework:
    """Models of Keras 3 on TensorFlow."""

    def recognises(self, value: Any) -> str | None:
        """Return "Keras model"."""
        return "Keras model" if derives_from(value, "keras", "Model") else None

    def is_own(self, value: Any) -> bool:
        """Return whether Keras defines its class, so that reading it runs no code of the user's."""
        return is_exactly(value, "keras")

    def layers(self, value: Any) -> Mapping[str, ResponseInfo]:
        """Return the responses of a model, see :meth:`load`. Of a class of the user's own, its ``call`` is traced."""
        return self.load(value).response_infos

    def load(self, value: Any, example: Callable[[], Any] | None = None) -> Model:  # noqa: ARG002 - it knows its inputs
        """Return the model; see :func:`deepview_lab.tensorflow.load_tf_model_from_memory`."""
        if "tensorflow" not in sys.modules:
            raise DeepViewException("This model does not run on TensorFlow. Set KERAS_BACKEND=tensorflow.")
        return load_tf_model_from_memory(model=value)
