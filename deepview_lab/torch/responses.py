"""What can be read of a module, found by calling it once on a few samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from deepview_lab.base import Layer, LayerKind, ResponseInfo
from deepview_lab.exceptions import ExampleError
from deepview_lab.torch.calling import call, evaluating, place_of, unchanged
from deepview_lab.torch.examples import assumed_inputs, inputs_of
from deepview_lab.torch.libraries import reason_of, require_torch
from deepview_lab.torch.recording import OUTPUT, Found, recorded
from deepview_lab.torch.unit_axes import UnitAxes

__all__ = ["Probe", "assumed", "numpy_dtype", "probed"]

# Any: PyTorch need not be installed where types are checked.

_MOST_TRIED: Final = 2  # sizes that fit, to see which dimensions depend on them


@dataclass(frozen=True)
class Probe:
    """What a call has shown.

    Attributes
    ----------
    inputs, responses : mapping of str to ResponseInfo
        What is fed, and what can be read, in the order in which it is computed.
    places : mapping of str to (str, bool)
        For each response the path of its module, and whether it is a function's.
    overwritten : frozenset of str
        Responses that a later module writes over, such as those before a ReLU in place.
    """

    inputs: Mapping[str, ResponseInfo]
    responses: Mapping[str, ResponseInfo]
    places: Mapping[str, tuple[str, bool]]
    overwritten: frozenset[str]


def probed(module: Any, example: Any) -> Probe:
    """Return what a module gives for samples of the user's.

    Raises
    ------
    ExampleError
        (a ValueError) when it cannot be called with them.
    """
    inputs = inputs_of(module, example)
    tried = [inputs, *_as_floats(module, inputs)]
    for position, given in enumerate(tried, start=1):
        try:
            return _probe(module, given)
        except Exception as error:
            if position == len(tried):
                shapes = ", ".join(f"{name} of shape {tuple(values.shape)}" for name, values in given.items())
                raise ExampleError(
                    f"The PyTorch model {type(module).__name__} cannot be called with {shapes} "
                    f"({type(error).__name__}: {reason_of(error)}) Its layers are found by such a call. Reshape or "
                    "scale the data as the model needs it, or pass a dict of arrays by the names of its arguments."
                ) from error
    raise AssertionError


def assumed(module: Any) -> Probe | None:
    """Return what a module gives for zeros of a shape that its first layer needs; None where no such shape fits.

    Dimensions that differ between two shapes that both fit are not known in advance.
    """
    found: list[Probe] = []
    for inputs in assumed_inputs(module):
        try:
            found.append(_probe(module, inputs))
        except Exception:  # noqa: BLE001, S112 - the model's code says in its own way that a shape does not fit
            continue
        if len(found) == _MOST_TRIED:
            break
    if not found:
        return None
    first = found[0]
    if len(found) == 1:
        return first
    return replace(
        first, inputs=_merged(first.inputs, found[1].inputs), responses=_merged(first.responses, found[1].responses)
    )


def _merged(ones: Mapping[str, ResponseInfo], others: Mapping[str, ResponseInfo]) -> dict[str, ResponseInfo]:
    merged = {}
    for name, info in ones.items():
        other = others.get(name)
        if other is None or len(other.shape) != len(info.shape):
            merged[name] = info
            continue
        shape = tuple(one if one == two else None for one, two in zip(info.shape, other.shape, strict=True))
        merged[name] = info.with_shape(shape, info.unit_axis)
    return merged


def _as_floats(module: Any, inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the same inputs with integers as floats, where there are integers: pictures come as bytes."""
    if all(values.is_floating_point() for values in inputs.values()):
        return []
    return [{name: values.to(place_of(module)[1]) for name, values in inputs.items()}]


def _probe(module: Any, inputs: Mapping[str, Any]) -> Probe:
    rows = len(next(iter(inputs.values())))
    axes = UnitAxes()
    infos: dict[str, ResponseInfo] = {}
    for name, tensor in inputs.items():
        axis = axes.follow(tensor, (), None)
        infos[name] = _info(name, tensor, Layer(name, LayerKind.PLACEHOLDER, "Input"), axis)
    given = dict(infos)
    places: dict[str, tuple[str, bool]] = dict.fromkeys(inputs, ("", True))
    seen: dict[str, tuple[Any, int]] = {}

    def found(item: Found) -> None:
        tensor = item.tensor
        if tensor.layout != require_torch().strided or not tensor.ndim:
            return
        axis = axes.follow(tensor, item.sources, item.axis)
        ends = item.place == "" and item.name == OUTPUT
        if tensor.shape[0] != rows or (ends and any(tensor is known for known, _ in seen.values())):
            return
        infos[item.name] = _info(item.name, tensor, item.layer, axis)
        places[item.name] = (item.place, item.is_function)
        seen[item.name] = (tensor, _version(tensor))

    with unchanged(module), evaluating(module), recorded(module, found, taken=inputs):
        call(module, inputs)
    overwritten = frozenset(name for name, (tensor, version) in seen.items() if _version(tensor) != version)
    return Probe(given, infos, places, overwritten)


def _version(tensor: Any) -> int:
    return 0 if tensor.is_inference() else int(tensor._version)


def _info(name: str, tensor: Any, layer: Layer, axis: int) -> ResponseInfo:
    return ResponseInfo(name, numpy_dtype(tensor), (None, *tensor.shape[1:]), layer, axis)


def numpy_dtype(tensor: Any) -> np.dtype[Any]:
    """Return the type in which a tensor is handed out: NumPy has no bfloat16, and quantized numbers are floats."""
    names = str(tensor.dtype).removeprefix("torch.")
    try:
        return np.dtype(names)
    except TypeError:
        return np.dtype(np.float32)
