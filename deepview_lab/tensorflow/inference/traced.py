"""What all TensorFlow models share: inputs are fitted, and there is one traced function per set of responses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ModelDetails, ResponseInfo
from deepview_lab.base.model import Arrays
from deepview_lab.exceptions import DeepViewException, UnknownNameError

__all__ = ["Function", "TracedDetails"]

# Takes the inputs in order, gives tensors by response name.
Function: TypeAlias = Callable[[list[NDArray[Any]]], Mapping[str, Any]]


class TracedDetails(ModelDetails):
    """A model that TensorFlow runs.

    Parameters
    ----------
    inputs : mapping of str to ResponseInfo
        What must be fed, in the order in which functions take it.
    responses : mapping of str to ResponseInfo
        What can be requested, in the order of the network.

    Notes
    -----
    There is one traced function per set of requested responses, whatever the batch sizes, so a short last batch costs
    nothing extra. Functions are made under a lock and may be called from any thread.
    """

    def __init__(self, inputs: Mapping[str, ResponseInfo], responses: Mapping[str, ResponseInfo]) -> None:
        self._inputs = inputs
        self._responses = responses
        self._functions: dict[frozenset[str], Function] = {}
        self._lock = Lock()

    @abstractmethod
    def _traced(self, names: Sequence[str]) -> Function:
        """Return a function for the responses ``names``."""

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """Inputs and outputs of layers, in the order of the network."""
        return self._responses

    @property
    def inputs(self) -> Mapping[str, ResponseInfo]:
        """The inputs."""
        return self._inputs

    def run(self, inputs: Arrays, requested: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
        """Return the requested responses for one batch, in inference mode.

        Raises
        ------
        UnknownNameError
            (a KeyError) for an input that the model does not have or that is missing.
        DeepViewException
            when an input has another shape than the model needs, or a response does not have one row per sample.
        """
        for name in sorted(inputs.keys() - self._inputs.keys()):
            raise UnknownNameError("input", name, self._inputs)
        fitted = [_fitted(info, inputs) for info in self._inputs.values()]
        samples = len(fitted[0])
        function = self._function(requested)
        if samples:
            outputs = function(fitted)
            return {name: _one_row_per_sample(name, np.asarray(outputs[name]), samples) for name in requested}
        # With oneDNN, TensorFlow's convolutions of no samples have a wrong shape.
        outputs = function([_one_row_like(array) for array in fitted])
        return {name: _one_row_per_sample(name, np.asarray(outputs[name]), 1)[:0] for name in requested}

    def _function(self, requested: tuple[str, ...]) -> Function:
        with self._lock:
            key = frozenset(requested)
            if key not in self._functions:
                self._functions[key] = self._traced([name for name in self._responses if name in key])
            return self._functions[key]


def _fitted(info: ResponseInfo, inputs: Arrays) -> NDArray[Any]:
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


def _one_row_like(array: NDArray[Any]) -> NDArray[Any]:
    blank: Any = "" if array.dtype == np.dtype(object) else 0  # objects are text
    return np.full((1, *array.shape[1:]), blank, array.dtype)


def _one_row_per_sample(name: str, array: NDArray[Any], samples: int) -> NDArray[Any]:
    if array.ndim == 0 or len(array) != samples:
        raise DeepViewException(
            f"Response {name!r} has shape {array.shape} for a batch of {samples} samples: its first dimension does not "
            "count samples, so it cannot be introspected. Request other responses."
        )
    return array
