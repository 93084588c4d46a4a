"""The graph of a Keras model: which layers it calls, in the order of the network.

Keras offers ``layer.output`` for this, but that is a layer's first call anywhere, perhaps in another model. Which calls
belong to this model only the history of its tensors tells. Reading it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deepview_lab.base.networks.naming import Names, output_names
from deepview_lab.tensorflow.frameworks import require_keras

__all__ = ["Call", "Found", "calls_of", "found_in", "has_graph", "inputs_of", "is_open", "needed", "sublayers"]


@dataclass(frozen=True)
class Found:
    """A tensor of the network that may become a response.

    Attributes
    ----------
    name : str
        Its name; empty for what is only passed through (an operation that is no layer).
    layer : Any
        The layer that makes it.
    tensor : KerasTensor or tf.Tensor
        What came out.
    sources : sequence of the same
        What went in.
    """

    name: str
    layer: Any  # Keras has no usable types
    tensor: Any
    sources: Sequence[Any]


@dataclass(frozen=True)
class Call:
    """One call of a layer within a graph; a shared layer has several.

    Attributes
    ----------
    node : Any
        Keras' record of the call.
    name : str
        Path of the call, empty for an operation that is no layer.
    outputs : tuple of str
        Names of its outputs.
    inner : tuple of Call or None
        The calls within a model that has a graph itself.
    """

    node: Any
    name: str
    outputs: tuple[str, ...]
    inner: tuple[Call, ...] | None

    @property
    def layer(self) -> Any:
        """The layer or operation."""
        return self.node.operation

    def is_asked(self, names: Collection[str]) -> bool:
        """Return whether one of ``names`` is this call's or lies within it."""
        return bool(self.name) and any(name == self.name or name.startswith(f"{self.name}/") for name in names)


def has_graph(model: Any) -> bool:
    """Return whether a layer is a model that Keras runs along a graph: Functional ones and most Sequential ones."""
    if not isinstance(model, require_keras().Model) or not _is_keras(type(model).call):
        return False
    # An unbuilt Sequential raises AttributeError for both.
    tensors = [*(getattr(model, "inputs", None) or ()), *(getattr(model, "outputs", None) or ())]
    return bool(tensors) and all(hasattr(tensor, "_keras_history") for tensor in tensors)


def sublayers(layer: Any) -> list[Any]:
    """Return the layers that a layer holds directly."""
    return list(layer._flatten_layers(include_self=False, recursive=False))


def is_open(layer: Any) -> bool:
    """Return whether a layer without a graph has inner layers to show: a user's model or layer, none of Keras' own."""
    keras = require_keras()
    own = isinstance(layer, keras.layers.Layer) and (isinstance(layer, keras.Model) or not _is_keras(type(layer)))
    return own and not has_graph(layer) and bool(sublayers(layer))


def inputs_of(model: Any) -> dict[str, Any]:
    """Return the symbolic inputs of a model with a graph, by the names of its input layers."""
    return {tensor._keras_history.operation.name: tensor for tensor in model.inputs}


def calls_of(model: Any, names: Names, prefix: str = "") -> tuple[Call, ...]:
    """Return the calls of a model with a graph, in the order of the network.

    Parameters
    ----------
    model : keras.Model
        A model for which :func:`has_graph` holds.
    names : Names
        Gives the names.
    prefix : str
        Path of the model with a ``/`` at its end; empty for the outermost.
    """
    ends = {id(tensor) for tensor in model.outputs} if not prefix else set()
    return tuple(_call(node, names, prefix, ends) for node in _nodes(model))


def _call(node: Any, names: Names, prefix: str, ends: Collection[int]) -> Call:
    keras, layer = require_keras(), node.operation
    # Operations such as ``x + y`` are passed through, but what the model returns can always be read.
    shown = isinstance(layer, keras.layers.Layer) or any(id(tensor) in ends for tensor in node.outputs)
    if not shown:
        return Call(node, "", (), None)
    name = names.claim(prefix + layer.name)
    graph = has_graph(layer)
    returned = layer.output if graph else node.outputs
    paths = [path for path, _ in keras.tree.flatten_with_path(returned)]
    outputs = tuple(name if own == name else names.claim(own) for own in output_names(name, paths))
    return Call(node, name, outputs, calls_of(layer, names, f"{name}/") if graph else None)


def found_in(calls: Sequence[Call], outer: Mapping[int, Any] | None = None) -> Iterator[Found]:
    """Yield what the calls give, read from the graph without running anything; inner layers before their model.

    Parameters
    ----------
    calls : sequence of Call
        The calls of a model.
    outer : mapping of int to KerasTensor, optional
        The tensors outside that are fed to the model's inputs, by the ids of those inputs.
    """
    fed = outer or {}
    for call in calls:
        sources = [fed.get(id(tensor), tensor) for tensor in call.node.input_tensors]
        if call.inner is None:
            own: list[Sequence[Any]] = [sources] * len(call.node.outputs)
        else:
            inputs = dict(zip(map(id, call.layer.inputs), sources, strict=False))
            yield from found_in(call.inner, inputs)
            own = [[tensor] for tensor in call.layer.outputs]
        for name, tensor, came in zip(call.outputs or [""] * len(own), call.node.outputs, own, strict=True):
            yield Found(name, call.layer, tensor, came)


def needed(calls: Sequence[Call], names: Collection[str], ends: Collection[int] = ()) -> tuple[Call, ...]:
    """Return those calls without which ``names`` or the tensors with the ids ``ends`` cannot be computed."""
    kept: list[Call] = []
    tensors = set(ends)
    for call in reversed(calls):
        used = any(id(tensor) in tensors for tensor in call.node.outputs)
        if not used and not call.is_asked(names):
            continue
        if call.inner is not None:
            whole = used or any(name in call.outputs for name in names)
            inner_ends = [id(tensor) for tensor in call.layer.outputs] if whole else []
            call = replace(call, inner=needed(call.inner, names, inner_ends))  # noqa: PLW2901
        kept.append(call)
        tensors.update(id(tensor) for tensor in call.node.input_tensors)
    return tuple(reversed(kept))


def _is_keras(part: Any) -> bool:
    return str(part.__module__).partition(".")[0] == "keras"


def _node_of(tensor: Any) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _nodes(model: Any) -> list[Any]:
    """Return the calls that lead from the inputs of a model to its outputs, farthest from the outputs first."""
    given = {id(tensor) for tensor in model.inputs}
    done: dict[int, Any] = {}
    waiting = [(_node_of(tensor), False) for tensor in reversed(model.outputs) if id(tensor) not in given]
    while waiting:
        node, ready = waiting.pop()
        if id(node) in done:
            continue
        if ready:
            done[id(node)] = node
            continue
        waiting.append((node, True))
        waiting.extend((_node_of(tensor), False) for tensor in reversed(node.input_tensors) if id(tensor) not in given)
    return _by_depth([*done.values()], given)


def _by_depth(nodes: list[Any], given: Collection[int]) -> list[Any]:
    """Return nodes in the order of ``model.layers``: by the longest way to an output, as Keras sorts them."""
    depths: dict[int, int] = {}
    for node in reversed(nodes):
        depth = depths.setdefault(id(node), 0)
        for tensor in node.input_tensors:
            if id(tensor) not in given:
                source = id(_node_of(tensor))
                depths[source] = max(depths.get(source, 0), depth + 1)
    return sorted(nodes, key=lambda node: -depths[id(node)])
