"""Keras models as networks: what goes in, what can be read, and how to run it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, Final, Protocol

import numpy as np

from deepview_lab.base import Layer, LayerKind, ResponseInfo
from deepview_lab.base.networks.naming import Names, output_names
from deepview_lab.exceptions import DeepViewException
from deepview_lab.tensorflow.frameworks import reason_of, require_keras, require_tensorflow
from deepview_lab.tensorflow.graph.calls import Call, Found, calls_of, found_in, has_graph, inputs_of, is_open, needed
from deepview_lab.tensorflow.graph.channel_groups import with_groups
from deepview_lab.tensorflow.graph.kinds import kind_of_layer
from deepview_lab.tensorflow.graph.unit_axes import UnitAxes
from deepview_lab.tensorflow.inference.inference_mode import run_calls, untouched
from deepview_lab.tensorflow.inference.recording import recorded

__all__ = ["PROBE", "CalledNetwork", "GraphNetwork", "Input", "Network", "dtype_of", "network_of", "responses_of"]

# A batch size by which a tensor's batch dimension is recognised: a prime that is no size of anything else. Nothing is
# computed for it; only shapes are.
PROBE: Final = 1009


@dataclass(frozen=True)
class Input:
    """What the network needs: a name, a shape with None as its first, Keras' name of a dtype, its layer if any."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str
    layer: Any = None  # Keras has no usable types


class Network(Protocol):
    """A Keras model to be run within a trace. It is only read."""

    @property
    def inputs(self) -> Sequence[Input]:
        """The inputs, in the order in which ``run`` takes them."""
        ...

    def known(self) -> Iterable[Found] | None:
        """Return what can be read, or None when only a trace tells."""
        ...

    def run(self, tensors: Sequence[Any], names: Collection[str] | None, found: Callable[[Found], None]) -> None:
        """Run what is needed for ``names`` (None: everything) and report what is found."""
        ...


def network_of(model: Any) -> Network:
    """Return a built Keras model as a network."""
    return GraphNetwork(model) if has_graph(model) else CalledNetwork(model)


class GraphNetwork:
    """A model that Keras runs along a graph, possibly with models in it."""

    def __init__(self, model: Any) -> None:
        self._symbols = inputs_of(model)
        names = Names(self._symbols)
        self._calls = calls_of(model, names)
        self.inputs = [
            Input(name, (None, *symbol.shape[1:]), symbol.dtype, symbol._keras_history.operation)
            for name, symbol in self._symbols.items()
        ]

    def known(self) -> Iterable[Found] | None:
        """Return what the graph tells; None when a layer in it has no graph but layers of its own."""
        if _any_open(self._calls):
            return None
        given = [Found(item.name, item.layer, self._symbols[item.name], ()) for item in self.inputs]
        return [*given, *found_in(self._calls)]

    def run(self, tensors: Sequence[Any], names: Collection[str] | None, found: Callable[[Found], None]) -> None:
        """Run what is needed for ``names``."""
        for item, tensor in zip(self.inputs, tensors, strict=True):
            found(Found(item.name, item.layer, tensor, ()))
        values = {id(symbol): tensor for symbol, tensor in zip(self._symbols.values(), tensors, strict=True)}
        with untouched():
            run_calls(self._calls if names is None else needed(self._calls, names), values, found)


class CalledNetwork:
    """A model without a graph: it is called, and its layers are watched."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._structure = _input_structure(model)
        argument = next(iter(signature(model.call).parameters), "inputs")
        self.inputs = [
            Input(_place(argument, path), (None, *symbol.shape[1:]), symbol.dtype)
            for path, symbol in require_keras().tree.flatten_with_path(self._structure)
        ]

    def known(self) -> Iterable[Found] | None:
        """Return None: which layers are called only a call tells."""
        return None

    def run(self, tensors: Sequence[Any], names: Collection[str] | None, found: Callable[[Found], None]) -> None:  # noqa: ARG002 - what it needs is its own affair
        """Call the model."""
        for item, tensor in zip(self.inputs, tensors, strict=True):
            found(Found(item.name, None, tensor, ()))
        tree, own = require_keras().tree, Names(item.name for item in self.inputs)
        with untouched(), recorded(self._model, "", own, found):
            outputs = self._model(tree.pack_sequence_as(self._structure, list(tensors)), training=False)
        name = own.claim(self._model.name)
        places = tree.flatten_with_path(outputs)
        for place, (_, tensor) in zip(output_names(name, [path for path, _ in places]), places, strict=True):
            found(Found(place if place == name else own.claim(place), self._model, tensor, tensors))


def responses_of(network: Network) -> dict[str, ResponseInfo]:
    """Return everything that can be read, in the order of the network.

    Raises
    ------
    DeepViewException
        when the model must be called to tell, and that fails without data.
    """
    known = network.known()
    axes = UnitAxes()
    infos: dict[str, ResponseInfo] = {}
    if known is not None:
        found = list(known)
        for item in found:
            _add(infos, axes, item)
        return with_groups(found, infos)
    tf = require_tensorflow()

    def trace(*tensors: Any) -> None:
        outermost = tf.compat.v1.get_default_graph()

        def found(item: Found) -> None:
            # What is within a loop or a branch belongs to another graph and cannot be handed out.
            inside = getattr(item.tensor, "graph", None) is outermost
            shape = item.tensor.shape if inside else None
            if shape is not None and shape.rank and shape[0] in (None, PROBE):
                _add(infos, axes, item)

        network.run(tensors, None, found)

    specs = [tf.TensorSpec((PROBE, *item.shape[1:]), item.dtype) for item in network.inputs]
    try:
        tf.function(trace, autograph=False).get_concrete_function(*specs)
    except Exception as error:
        raise DeepViewException(
            f"The model could not be called on the shapes alone ({type(error).__name__}: {reason_of(error)}) Its "
            "layers are found by such a call, so neither what it computes nor which layers it calls may depend on "
            "values in Python. When it needs other inputs than it was built with, such as integers or several tensors, "
            "wrap it: inputs = keras.Input(shape, dtype=...); keras.Model(inputs, model(inputs))."
        ) from error
    return infos


def _add(infos: dict[str, ResponseInfo], axes: UnitAxes, item: Found) -> None:
    stated = getattr(item.layer, "data_format", None)
    axis = axes.follow(item.tensor, item.sources, None if stated is None else stated == "channels_first")
    if not item.name or item.name in infos:
        return
    layer = Layer(item.name, LayerKind.PLACEHOLDER, "Input") if item.layer is None else _layer(item)
    dtype = dtype_of(getattr(item.tensor.dtype, "name", item.tensor.dtype))
    infos[item.name] = ResponseInfo(item.name, dtype, (None, *item.tensor.shape[1:]), layer, axis)


def _layer(item: Found) -> Layer:
    return Layer(item.layer.name, kind_of_layer(item.layer), type(item.layer).__name__)


def dtype_of(name: str) -> np.dtype[Any]:
    """Return NumPy's dtype for Keras' or TensorFlow's name of one."""
    if name == "string":
        return np.dtype(object)
    # NumPy has no bfloat16 of its own: such responses are handed out as float32.
    return np.dtype(np.float32 if name == "bfloat16" else name)


def _place(argument: str, path: tuple[object, ...]) -> str:
    """Return the name of an input by its place in the argument; keys need nothing before them."""
    return "/".join(map(str, path if path and isinstance(path[0], str) else (argument, *path)))


def _any_open(calls: Sequence[Call]) -> bool:
    return any(_any_open(call.inner) if call.inner is not None else is_open(call.layer) for call in calls)


def _input_structure(model: Any) -> Any:
    """Return the inputs of a model without a graph as KerasTensors in the structure that it was called with."""
    keras = require_keras()
    if getattr(model, "inputs", None) and hasattr(model, "_inputs_struct"):
        return model._inputs_struct
    shapes = getattr(model, "_build_shapes_dict", None)
    if not model.built or not shapes:
        raise DeepViewException(
            f"The model {model.name!r} ({type(model).__name__}) is made by subclassing keras.Model and has not been "
            "built, so its inputs are not known. Call it once on a batch."
        )
    dtype = model.input_dtype
    return keras.tree.map_shape_structure(
        lambda shape: keras.KerasTensor((None, *shape[1:]), dtype), next(iter(shapes.values()))
    )
