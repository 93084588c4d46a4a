"""Inference with a Keras model whose inner responses are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ModelDetails, ResponseInfo
from deepview_lab.base.model import Arrays
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.tensorflow.frameworks import require_keras, require_tensorflow
from deepview_lab.tensorflow.graph import input_taps, response_taps

__all__ = ["KerasDetails"]


class KerasDetails(ModelDetails):
    """A Functional or built Sequential Keras model.

    The model is only read: neither its weights nor ``trainable``, its optimizer, its names or its layers are touched.
    Weights that change later show in later responses.

    Parameters
    ----------
    model : keras.Model
        The user's model.

    Notes
    -----
    There is one traced function per set of requested responses, whatever the batch sizes, so a short last batch costs
    nothing extra. Functions are made under a lock and may be called from any thread.
    """

    def __init__(self, model: Any) -> None:  # Any: Keras has no usable types
        self._model = model
        self._inputs = input_taps(model)
        self._taps = response_taps(model)
        self._input_infos = {name: tap.info for name, tap in self._inputs.items()}
        self._response_infos = {name: tap.info for name, tap in self._taps.items()}
        self._functions: dict[frozenset[str], Any] = {}
        self._lock = Lock()

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """Inputs and outputs of layers, in the order of the network."""
        return self._response_infos

    @property
    def inputs(self) -> Mapping[str, ResponseInfo]:
        """The input layers."""
        return self._input_infos

    def run(self, inputs: Arrays, requested: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
        """Return the requested responses for one batch, in inference mode.

        Raises
        ------
        UnknownNameError
            (a KeyError) for an input that the model does not have or that is missing.
        DeepViewException
            when an input has another shape than the model needs.
        """
        for name in sorted(inputs.keys() - self._inputs.keys()):
            raise UnknownNameError("input", name, self._inputs)
        function = self._function(requested)
        outputs = function([self._fitted(info, inputs) for info in self._input_infos.values()])
        return {name: outputs[name].numpy() for name in requested}

    def _fitted(self, info: ResponseInfo, inputs: Arrays) -> NDArray[Any]:
        if info.name not in inputs:
            raise UnknownNameError("field for the input", info.name, inputs)
        array = inputs[info.name]
        shape = array.shape[1:]
        if len(shape) != len(info.shape) - 1 or any(
            wanted not in (None, got) for wanted, got in zip(info.shape[1:], shape, strict=True)
        ):
            raise DeepViewException(
                f"Input {info.name!r} needs samples of shape {info.shape[1:]}, but this batch has {shape}. Resize, "
                "reshape or pad the field first, for example with ImageResizer."
            )
        return array if info.dtype == np.dtype(object) else np.asarray(array, dtype=info.dtype)

    def _function(self, requested: tuple[str, ...]) -> Callable[[list[NDArray[Any]]], Mapping[str, Any]]:
        with self._lock:
            key = frozenset(requested)
            if key not in self._functions:
                self._functions[key] = self._traced([name for name in self._taps if name in key])
            return self._functions[key]  # type: ignore[no-any-return]  # a tf.function

    def _traced(self, names: list[str]) -> Any:
        tf, keras = require_tensorflow(), require_keras()
        tensors = [tap.tensor for tap in self._inputs.values()]
        # A given name: an automatic one would shift the names of models that the user makes later.
        part = keras.Model(tensors, {name: self._taps[name].tensor for name in names}, name="deepview_lab_responses")
        signature = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]

        def respond(arrays: list[Any]) -> dict[str, Any]:
            return {name: _readable(tf, tensor) for name, tensor in part(arrays, training=False).items()}

        function = tf.function(respond, input_signature=[signature], autograph=False)
        function.get_concrete_function()
        return function


def _readable(tf: Any, tensor: Any) -> Any:
    return tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor
