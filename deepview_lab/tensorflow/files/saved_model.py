"""SavedModels as DeepView models: final outputs, and what else their graphs let one read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Layer, LayerKind, ResponseInfo
from deepview_lab.base.networks.naming import Names
from deepview_lab.exceptions import DeepViewWarning
from deepview_lab.tensorflow.frameworks import reason_of, require_tensorflow
from deepview_lab.tensorflow.graph.unit_axes import UnitAxes
from deepview_lab.tensorflow.inference.networks import PROBE, dtype_of
from deepview_lab.tensorflow.inference.traced import Function, TracedDetails

__all__ = ["SavedModelDetails"]

_KINDS: Final = {
    "Placeholder": LayerKind.PLACEHOLDER,
    "MatMul": LayerKind.DENSE,
    "Conv2D": LayerKind.CONV_2D,
    "DepthwiseConv2dNative": LayerKind.CONV_2D,
    "Conv3D": LayerKind.CONV_3D,
    "Conv2DBackpropInput": LayerKind.CONV_TRANSPOSE_2D,
    "Conv3DBackpropInputV2": LayerKind.CONV_TRANSPOSE_3D,
    "MaxPool": LayerKind.MAX_POOLING_2D,
    "MaxPool3D": LayerKind.MAX_POOLING_3D,
    "AvgPool": LayerKind.AVERAGE_POOLING_2D,
    "AvgPool3D": LayerKind.AVERAGE_POOLING_3D,
    "FusedBatchNormV3": LayerKind.BATCH_NORM,
    "Sigmoid": LayerKind.SIGMOID,
    "Tanh": LayerKind.TANH,
    "Relu": LayerKind.RELU,
    "Relu6": LayerKind.RELU6,
    "LeakyRelu": LayerKind.LEAKY_RELU,
    "Elu": LayerKind.ELU,
    "Softmax": LayerKind.SOFTMAX,
}
# They compute nothing new of the tensor that comes first.
_MOVING: Final = frozenset(
    {
        "Identity",
        "IdentityN",
        "Snapshot",
        "StopGradient",
        "ExpandDims",
        "Squeeze",
        "Transpose",
        "Pad",
        "PadV2",
        "MirrorPad",
        "Slice",
        "StridedSlice",
        "Reshape",
        "Cast",
        "Tile",
        "BroadcastTo",
        "Reverse",
        "ReverseV2",
    }
)
_FILLING: Final = frozenset({"Placeholder", "PlaceholderWithDefault", "Fill", "ZerosLike", "OnesLike"})
_INLINED: Final = re.compile(r"^((Stateful)?PartitionedCall(_\d+)?/)+")
_MOST_OUTER_PARTS: Final = 3


class SavedModelDetails(TracedDetails):
    """The signature of a SavedModel.

    Its responses are the inputs, the results of the operations inside, and the final outputs. An operation is named as
    the file names it, without what all names begin with (``conv2d_1/BiasAdd``). Those that only move, cut, cast or fill
    values are left out (not what they take from a loop: that is a recurrent layer's output), as is what lies in loops
    and branches, what is no floating-point number, and what does not have rows of units, one per sample. When the graph
    cannot be taken apart (a warning says why), or is for one batch size only, just inputs and final outputs are there.

    Parameters
    ----------
    loaded : Any
        What ``tf.saved_model.load`` gives; it owns the variables.
    signature : Any
        One of its signatures.
    """

    def __init__(self, loaded: Any, signature: Any) -> None:  # Any: TensorFlow has no usable types
        self._loaded = loaded
        self._signature = signature
        self._specs: dict[str, Any] = dict(sorted(signature.structured_input_signature[1].items()))
        self._batch_sizes = {spec.shape[0] for spec in self._specs.values()} - {None}
        self._tensors: dict[str, Any] = {}
        self._frozen: Any = None if self._batch_sizes else _frozen(signature)
        inputs = {name: _info(name, spec, "Placeholder") for name, spec in self._specs.items()}
        names = Names(inputs)
        inner = self._inner(names) if self._frozen is not None else {}
        self._outputs = {names.claim(key): key for key in sorted(signature.structured_outputs)}
        outputs = {name: _info(name, signature.structured_outputs[key]) for name, key in self._outputs.items()}
        super().__init__(inputs, {**inputs, **inner, **outputs})

    def weights(self) -> Iterator[NDArray[Any]]:
        """Yield the variables, or where there are none the constants of the graph."""
        variables = self._signature.variables
        if variables:
            return (np.asarray(variable.numpy()) for variable in variables)
        return _constants(self._signature.graph.as_graph_def())

    def _inner(self, names: Names) -> dict[str, ResponseInfo]:
        infos = {}
        for short, operation, shape, axis in _readable_operations(self._frozen.graph, self._feeds()):
            name = names.claim(short)
            self._tensors[name] = operation.outputs[0]
            layer = Layer(short.rpartition("/")[0] or short, _kind(operation), operation.type)
            infos[name] = ResponseInfo(name, dtype_of(operation.outputs[0].dtype.name), (None, *shape[1:]), layer, axis)
        return infos

    def _feeds(self) -> list[Any]:
        by_name = {tensor.op.name: tensor for tensor in self._frozen.inputs}
        return [by_name[spec.name] for spec in self._specs.values()]

    def _traced(self, names: Sequence[str]) -> Function:
        inner = [name for name in names if name in self._tensors]
        inside = self._frozen.prune(self._feeds(), [self._tensors[name] for name in inner]) if inner else None
        final = {name: self._outputs[name] for name in names if name in self._outputs}
        specs, signature, constant = self._specs, self._signature, require_tensorflow().constant

        def respond(arrays: list[NDArray[Any]]) -> dict[str, Any]:
            fed = dict(zip(specs, arrays, strict=True))
            tensors = {name: constant(array, specs[name].dtype) for name, array in fed.items()}
            outputs = signature(**tensors) if final else {}
            got = inside(*tensors.values()) if inside is not None else []
            found = {**fed, **dict(zip(inner, got, strict=True)), **{name: outputs[key] for name, key in final.items()}}
            return {name: np.asarray(found[name]) for name in names}

        return _in_slices(respond, min(self._batch_sizes)) if self._batch_sizes else respond


def _constants(graph: Any) -> Iterator[NDArray[Any]]:
    make_array = require_tensorflow().make_ndarray
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    values = (np.asarray(make_array(node.attr["value"].tensor)) for node in nodes if node.op == "Const")
    return (value for value in values if not value.dtype.hasobject)  # no text


def _frozen(signature: Any) -> Any:
    """Return the function with its variables as constants and the functions that it calls put in their places.

    None when TensorFlow cannot make it, which a warning says.
    """
    try:
        from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

        return convert_variables_to_constants_v2(signature, lower_control_flow=False)
    except Exception as error:  # noqa: BLE001 - whatever TensorFlow's own optimizer finds
        message = f"Only the inputs and final outputs of the SavedModel can be read: {reason_of(error)}"
        warn(DeepViewWarning(message), stacklevel=4)
        return None


def _readable_operations(graph: Any, feeds: Sequence[Any]) -> list[tuple[str, Any, tuple[int | None, ...], int]]:
    """Return short name, operation, shape and unit axis of what can be read, in the order of the graph."""
    shapes, axes, found = _shapes_for_probe(graph, feeds), UnitAxes(), []
    shown: set[str] = set()
    for operation in graph.get_operations():  # TensorFlow has each behind what it depends on
        if not operation.outputs or operation.outputs[0].shape.rank is None:
            continue
        tensor = operation.outputs[0]
        sources = [source for source in operation.inputs if source.shape.rank is not None]
        axis = axes.follow(tensor, sources, _channels_first(operation))
        shape = shapes[operation.name]
        repeats = operation.type in _FILLING or (operation.type in _MOVING and operation.inputs[0].op.name in shown)
        per_sample = len(shape) > 1 and shape[0] in (None, PROBE)
        if per_sample and not repeats and tensor.dtype.is_floating:
            found.append((operation, shape, axis))
        if per_sample or repeats:
            shown.add(operation.name)
    names = _short([operation.name for operation, _, _ in found])
    return [(name, *item) for name, item in zip(names, found, strict=True)]


def _shapes_for_probe(graph: Any, feeds: Sequence[Any]) -> dict[str, tuple[int | None, ...]]:
    """Return the shape of each operation's first output when the batch has ``PROBE`` samples, () when unknown."""
    tf = require_tensorflow()
    with tf.Graph().as_default() as probed:
        fed = {
            tensor.name: tf.compat.v1.placeholder(tensor.dtype, (tensor.shape[0] or PROBE, *tensor.shape[1:]))
            for tensor in feeds
        }
        tf.graph_util.import_graph_def(graph.as_graph_def(), input_map=fed, name="")
    return {
        operation.name: tuple(operation.outputs[0].shape) if operation.outputs[0].shape.rank else ()
        for operation in probed.get_operations()
        if operation.outputs
    }


def _short(names: list[str]) -> list[str]:
    inner = [_INLINED.sub("", name) for name in names]
    outer = {name.partition("/")[0] for name in inner}
    if len(outer) == 1 and all(name.count("/") + 1 >= _MOST_OUTER_PARTS for name in inner):
        return [name.partition("/")[2] for name in inner]
    return inner


def _channels_first(operation: Any) -> bool | None:
    formats = operation.node_def.attr.get("data_format") if operation.type in _KINDS else None
    return formats.s.startswith(b"NC") if formats is not None else None


def _kind(operation: Any) -> LayerKind:
    return _KINDS.get(operation.type, LayerKind.UNKNOWN)


def _info(name: str, spec: Any, typename: str = "Output") -> ResponseInfo:
    shape: tuple[int | None, ...] = (None, *spec.shape[1:]) if spec.shape.rank else (None,)
    return ResponseInfo(
        name, dtype_of(spec.dtype.name), shape, Layer(name, _KINDS.get(typename, LayerKind.UNKNOWN), typename)
    )


def _in_slices(function: Function, size: int) -> Function:
    """Return a function of any number of samples, of one for ``size`` samples only."""

    def respond(arrays: list[NDArray[Any]]) -> Mapping[str, Any]:
        samples = len(arrays[0])
        parts = []
        for start in range(0, max(samples, 1), size):
            rows = np.minimum(np.arange(start, start + size), samples - 1)  # the last slice is filled up
            parts.append(function([array[rows] for array in arrays]))
        return {name: np.concatenate([part[name] for part in parts])[:samples] for name in parts[0]}

    return respond
