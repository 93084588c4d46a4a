"""The graph of a Keras model: which tensors can be read, in the order of the network.

Keras offers ``layer.output`` for this, but that is a layer's first call anywhere, perhaps in another model. Which calls
belong to this model only the history of its tensors tells. All use of Keras' private names is in this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepview_lab.base import Layer, ResponseInfo
from deepview_lab.tensorflow.kinds import kind_of_layer

__all__ = ["Tap", "has_graph", "input_taps", "response_taps"]

_CHANNELS_FIRST = 1
_CHANNELS_LAST = -1
_VECTOR_NDIM = 2


@dataclass(frozen=True)
class Tap:
    """A symbolic tensor of the graph, and what is known of it."""

    tensor: Any  # a KerasTensor; Keras has no usable types
    info: ResponseInfo


def has_graph(model: Any) -> bool:
    """Return whether a built model has one: Functional and Sequential models do, subclassed ones do not."""
    tensors = [*(getattr(model, "inputs", None) or ()), *(getattr(model, "outputs", None) or ())]
    return bool(tensors) and all(hasattr(tensor, "_keras_history") for tensor in tensors)


def input_taps(model: Any) -> dict[str, Tap]:
    """Return the inputs of a Functional or built Sequential model by the names of their layers."""
    return {tap.info.name: tap for tap in (_tap(*_origin(tensor), tensor, _CHANNELS_LAST) for tensor in model.inputs)}


def response_taps(model: Any) -> dict[str, Tap]:
    """Return everything that can be read, in the order of the network.

    A layer with one output is named as the layer is; outputs of a layer with several are ``name/0``, ``name/1`` and so
    on. A layer that is called several times shows its first call within this model.
    """
    taps = input_taps(model)
    nodes = _nodes(model.outputs)
    axes = _unit_axes(nodes)
    first: dict[int, Any] = {}
    for node in nodes:
        first.setdefault(id(node.operation), node)
    for layer in model.layers:
        node = first.get(id(layer))
        if node is None or layer.name in taps:
            continue
        outputs = node.output_tensors
        for index, tensor in enumerate(outputs):
            name = layer.name if len(outputs) == 1 else f"{layer.name}/{index}"
            taps[name] = _tap(layer, name, tensor, axes[id(tensor)])
    return taps


def _tap(layer: Any, name: str, tensor: Any, unit_axis: int) -> Tap:
    info = ResponseInfo(
        name=name,
        dtype=_dtype(tensor.dtype),
        shape=(None, *tensor.shape[1:]),
        layer=Layer(layer.name, kind_of_layer(layer), type(layer).__name__),
        unit_axis=unit_axis,
    )
    return Tap(tensor, info)


def _dtype(name: str) -> np.dtype[Any]:
    if name == "string":
        return np.dtype(object)
    # NumPy has no bfloat16 of its own: such responses are handed out as float32.
    return np.dtype(np.float32 if name == "bfloat16" else name)


def _origin(tensor: Any) -> tuple[Any, str]:
    layer = tensor._keras_history.operation
    return layer, layer.name


def _node_of(tensor: Any) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _nodes(outputs: Iterable[Any]) -> list[Any]:
    """Return the calls that lead to ``outputs``, each behind those it depends on, calls of one layer in their order."""
    done: dict[int, Any] = {}
    waiting = [(_node_of(tensor), False) for tensor in outputs]
    while waiting:
        node, ready = waiting.pop()
        if id(node) in done:
            continue
        if ready:
            done[id(node)] = node
            continue
        waiting.append((node, True))
        waiting.extend((_node_of(tensor), False) for tensor in reversed(node.input_tensors))
    return list(done.values())


def _unit_axes(nodes: Iterable[Any]) -> Mapping[int, int]:
    """Return the unit axis by the id of each tensor.

    Layers that know their data format tell it; others, such as activations, keep that of their input as long as the
    number of axes is the same.
    """
    axes: dict[int, int] = {}
    for node in nodes:
        stated = getattr(node.operation, "data_format", None)
        for tensor in node.output_tensors:
            if len(tensor.shape) <= _VECTOR_NDIM:
                axes[id(tensor)] = _CHANNELS_LAST
            elif stated is not None:
                axes[id(tensor)] = _CHANNELS_FIRST if stated == "channels_first" else _CHANNELS_LAST
            else:
                axes[id(tensor)] = _inherited_axis(node, len(tensor.shape), axes)
    return axes


def _inherited_axis(node: Any, ndim: int, axes: Mapping[int, int]) -> int:
    for tensor in node.input_tensors:
        if len(tensor.shape) == ndim and id(tensor) in axes:
            return axes[id(tensor)]
    return _CHANNELS_LAST
