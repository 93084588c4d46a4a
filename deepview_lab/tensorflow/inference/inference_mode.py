"""Run Keras layers in inference mode without leaving a trace in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from deepview_lab.base.networks.naming import Names
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.tensorflow.graph.calls import Call, Found, is_open
from deepview_lab.tensorflow.inference.recording import recorded

__all__ = ["run_calls", "untouched"]


@contextmanager
def untouched() -> Iterator[None]:
    """Let layers be called by this thread without change to them, as parts of a model in inference mode.

    Keras empties ``model.losses`` at the outermost call of a layer and appends to it in the course, and layers may
    count their calls. Here variables can only be read, nothing can be built, and no call is the outermost.
    """
    from keras.src.backend.common import global_state
    from keras.src.layers.layer import CallContext

    context = CallContext(entry_layer=None)
    context.set_value("training", False)  # noqa: FBT003 - Keras' signature
    before = global_state.get_global_attribute("current_call_ctx")
    global_state.set_global_attribute("current_call_ctx", context)
    try:
        with require_keras().StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute("current_call_ctx", before)


def run_calls(calls: Sequence[Call], values: dict[int, Any], found: Callable[[Found], None]) -> None:
    """Run calls of a graph as Keras does, and report what they give.

    Parameters
    ----------
    calls : sequence of Call
        Calls in the order of the network, with all that they depend on.
    values : dict
        The tensors that are there, by the ids of their symbolic counterparts; those of the calls are added.
    found : callable
        Takes what was found, inner layers before their model.
    """
    tree, is_tensor = require_keras().tree, require_keras().ops.is_tensor
    for call in calls:
        args, kwargs = call.node.arguments.fill_in(values)
        outputs = _outputs(call, args, kwargs, found)
        sources = [part for part in tree.flatten((args, kwargs)) if is_tensor(part)]
        for name, symbol, tensor in zip(call.outputs or [""] * len(outputs), call.node.outputs, outputs, strict=True):
            values[id(symbol)] = tensor
            if tensor is not None:
                found(Found(name, call.layer, tensor, sources))


def _outputs(call: Call, args: Any, kwargs: Any, found: Callable[[Found], None]) -> list[Any]:
    from keras.src.models.functional import operation_fn

    if call.inner is not None:
        return _through(call, args, kwargs, found)
    run = operation_fn(call.layer, training=False)
    flatten = require_keras().tree.flatten
    if not is_open(call.layer):
        return list(flatten(run(*args, **kwargs)))
    with recorded(call.layer, f"{call.name}/", Names([call.name, *call.outputs]), found):
        return list(flatten(run(*args, **kwargs)))


def _through(call: Call, args: Any, kwargs: Any, found: Callable[[Found], None]) -> list[Any]:
    """Return the outputs of a model within the model, those left out as None.

    It does what ``Functional.__call__`` does besides its layers: fit the inputs and hand masks on.
    """
    from keras.src.backend import get_keras_mask, set_keras_mask

    tree, model, inner = require_keras().tree, call.layer, call.inner or ()
    given = args[0] if args else kwargs["inputs"]
    masks = [get_keras_mask(tensor) for tensor in tree.flatten(given)]
    if kwargs.get("mask") is not None:
        masks = tree.flatten(kwargs["mask"])
    functional = getattr(model, "_functional", None) or model  # a Sequential keeps its graph in one
    tensors = functional._standardize_inputs(given)
    for tensor, mask in zip(tensors, masks, strict=False):
        if mask is not None:
            set_keras_mask(tensor, mask)
    values = dict(zip(map(id, model.inputs), tensors, strict=True))
    run_calls(inner, values, found)
    outputs = [values.get(id(symbol)) for symbol in model.outputs]
    if model.supports_masking and all(output is not None for output in outputs):
        model._set_mask_metadata(given, outputs, tree.pack_sequence_as(given, masks))
    return outputs
