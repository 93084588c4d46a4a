"""Inference with a PyTorch module whose inner responses are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from deepview_lab.base import ModelDetails, ResponseInfo
from deepview_lab.base.model import Arrays
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.torch.calling import call, evaluating
from deepview_lab.torch.examples import as_tensor
from deepview_lab.torch.libraries import require_torch
from deepview_lab.torch.recording import Found, recorded
from deepview_lab.torch.responses import Probe

__all__ = ["TorchDetails"]

# Any: PyTorch need not be installed where types are checked.


class TorchDetails(ModelDetails):
    """A module, called batch by batch with hooks on what is requested.

    While a batch is computed, the module is in inference mode; then each of its modules gets its own mode back, and no
    hook stays, whatever happens. Gradients, weights and the device stay as they are. Other threads can call the module
    meanwhile, but should not train it.

    Parameters
    ----------
    module : torch.nn.Module
        The user's module.
    probe : Probe
        What can be read of it.
    assumed : bool
        Whether the shape of its input was assumed.
    """

    def __init__(self, module: Any, probe: Probe, *, assumed: bool) -> None:
        self._module = module
        self._probe = probe
        self._assumed = assumed
        self._overwritten = set(probe.overwritten)

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """Inputs, outputs of modules and of activation functions, in the order in which they are computed."""
        return self._probe.responses

    @property
    def inputs(self) -> Mapping[str, ResponseInfo]:
        """The inputs."""
        return self._probe.inputs

    @property
    def assumes_shapes(self) -> bool:
        """Whether the shapes of inputs were assumed, so that samples of other shapes may fit."""
        return self._assumed

    @property
    def parameters(self) -> int:
        """Numbers that the parameters and buffers hold."""
        return sum(int(tensor.numel()) for tensor in self._tensors())

    def weights(self) -> Iterator[NDArray[Any]]:
        """Yield parameters and buffers, as they are now."""
        return (_array(tensor) for tensor in self._tensors())

    def _tensors(self) -> list[Any]:
        return [*self._module.parameters(), *self._module.buffers()]

    def run(self, inputs: Arrays, requested: tuple[str, ...]) -> Arrays:
        """Return the requested responses for one batch, in inference mode.

        Raises
        ------
        UnknownNameError
            (a KeyError) for an input that is missing.
        DeepViewException
            when a response does not have one row per sample, or was not computed this time.
        """
        for name in self.inputs:
            if name not in inputs:
                raise UnknownNameError("field for the input", name, inputs)
        tensors = {name: self._fitted(name, inputs[name]) for name in self.inputs}
        samples = len(next(iter(tensors.values())))
        if not samples:
            blank = {name: values.new_zeros((1, *values.shape[1:])) for name, values in tensors.items()}
            return {name: array[:0] for name, array in self._run(blank, requested, 1).items()}
        return self._run(tensors, requested, samples)

    def _fitted(self, name: str, values: NDArray[Any]) -> Any:
        tensor = as_tensor(self._module, values)
        wanted = self.inputs[name].dtype.kind
        if wanted == "f" and not tensor.is_floating_point():
            return as_tensor(self._module, tensor.to(require_torch().float32))
        return tensor

    def _run(self, tensors: Mapping[str, Any], requested: tuple[str, ...], samples: int) -> Arrays:
        kept = self._watched(tensors, requested)
        missing = [name for name in requested if name not in kept]
        if missing:
            raise DeepViewException(
                f"Response {missing[0]!r} was not computed for this batch: the model took another way than when it was "
                "loaded. Request other responses, or load it with samples that take this way: as_model(model, "
                "example=...)."
            )
        return {name: _one_row_per_sample(name, _array(kept[name]), samples) for name in requested}

    def _watched(self, tensors: Mapping[str, Any], requested: tuple[str, ...]) -> dict[str, Any]:
        wanted = set(requested) - tensors.keys()
        kept = {name: tensors[name].clone() for name in requested if name in tensors}
        versions: dict[str, int] = {}

        def found(item: Found) -> None:
            if item.name not in wanted:
                return
            tensor = item.tensor
            if item.name in self._overwritten:
                tensor = tensor.clone()
            elif not tensor.is_inference():
                versions[item.name] = tensor._version
            kept[item.name] = tensor

        places = [self._probe.places[name] for name in wanted]
        with (
            evaluating(self._module),
            recorded(
                self._module,
                found,
                places={place for place, is_function in places if not is_function},
                functions=any(is_function for _, is_function in places),
                taken=self.inputs,
            ),
        ):
            call(self._module, tensors)
        late = {name for name, version in versions.items() if kept[name]._version != version}
        if not late:
            return kept
        # A module has written over these, as none did when the model was loaded: from now on they are copied in time.
        self._overwritten |= late
        return self._watched(tensors, requested)


def _array(tensor: Any) -> NDArray[Any]:
    torch = require_torch()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.dtype not in (torch.float16, torch.float32, torch.float64) and tensor.is_floating_point():
        tensor = tensor.float()
    array: NDArray[Any] = tensor.numpy(force=True)
    return array


def _one_row_per_sample(name: str, array: NDArray[Any], samples: int) -> NDArray[Any]:
    if array.ndim == 0 or len(array) != samples:
        raise DeepViewException(
            f"Response {name!r} has shape {array.shape} for a batch of {samples} samples: its first dimension does not "
            "count samples, so it cannot be introspected. Request other responses."
        )
    return array
