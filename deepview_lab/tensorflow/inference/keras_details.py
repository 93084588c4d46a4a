"""Inference with a Keras model whose inner responses are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.tensorflow.frameworks import require_tensorflow
from deepview_lab.tensorflow.graph.calls import Found
from deepview_lab.tensorflow.inference.networks import network_of, responses_of
from deepview_lab.tensorflow.inference.traced import Function, TracedDetails

__all__ = ["KerasDetails"]


class KerasDetails(TracedDetails):
    """A built Keras model.

    The model is only read: neither its weights nor ``trainable``, its optimizer, its losses, its names or its layers
    are touched. Weights that change later show in later responses. (While a model without a graph is traced, its layers
    are watched; see ``recording``.)

    Parameters
    ----------
    model : keras.Model
        The user's model.
    """

    def __init__(self, model: Any) -> None:  # Any: Keras has no usable types
        self._model = model
        self._network = network_of(model)
        self._parameters = int(model.count_params())
        responses = responses_of(self._network)
        super().__init__({item.name: responses[item.name] for item in self._network.inputs}, responses)

    @property
    def parameters(self) -> int:
        """Numbers that the weights of all layers held when the model was loaded."""
        return self._parameters

    def weights(self) -> Iterator[NDArray[Any]]:
        """Yield the weights of all layers, as they are now."""
        return (np.asarray(weight.numpy()) for weight in self._model.weights)

    def _traced(self, names: Sequence[str]) -> Function:
        tf = require_tensorflow()
        inputs = self._network.inputs
        signature = [tf.TensorSpec(item.shape, item.dtype) for item in inputs]

        def respond(tensors: list[Any]) -> dict[str, Any]:
            responses: dict[str, Any] = {}

            def keep(item: Found) -> None:
                if item.name in names:
                    responses.setdefault(item.name, item.tensor)

            self._network.run(tensors, names, keep)
            return {name: _readable(tf, responses[name]) for name in names}

        function = tf.function(respond, input_signature=[signature], autograph=False)
        function.get_concrete_function()
        return function  # type: ignore[no-any-return]  # a tf.function


def _readable(tf: Any, tensor: Any) -> Any:
    return tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor
