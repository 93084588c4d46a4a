"""Samples to try a module with: of the user's data, or as its first layers need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from deepview_lab.exceptions import DeepViewException
from deepview_lab.torch.calling import first_argument, place_of, takes
from deepview_lab.torch.libraries import require_torch

__all__ = ["ROWS", "as_tensor", "assumed_inputs", "inputs_of"]

# Any: PyTorch need not be installed where types are checked.

ROWS: Final = 3
_MASK: Final = "attention_mask"
_TOKENS: Final = (8, 12)
_STEPS: Final = (64, 96)
# Pictures that have become usual, then others; a dense layer behind the convolutions allows one size only.
_SIZES: Final = (32, 48, 28, 64, 224, 8, 16, 20, 24, 40, 56, 84, 96, 100, 112, 128, 150, 160, 180, 192, 227, 256, 299)
_VOLUMES: Final = (16, 24, 32)


def inputs_of(module: Any, example: Any) -> dict[str, Any]:
    """Return a few samples of the user's as tensors, by the names of the arguments or fields.

    Parameters
    ----------
    module : torch.nn.Module
        The model.
    example : mapping of str to array or tensor, or one of these, or a sequence of them
        Samples in dimension 0; the first three are used.

    Raises
    ------
    DeepViewException
        when it holds no sample.
    """
    first = first_argument(module)
    if isinstance(example, Mapping):
        given = dict(example)
        if len(given) == 1 and not takes(module, given):
            given = {first: next(iter(given.values()))}
        elif first == "input_ids" and first in given:
            given = {name: values for name, values in given.items() if takes(module, {name: values})}
    elif isinstance(example, tuple | list) and all(hasattr(part, "shape") for part in example):
        given = {first if not at else f"input_{at}": part for at, part in enumerate(example)}
    else:
        given = {first: example}
    tensors = {name: as_tensor(module, _rows(values)) for name, values in given.items()}
    if not tensors or any(tensor.ndim == 0 or not len(tensor) for tensor in tensors.values()):
        raise DeepViewException("example must hold some samples, such as x_train[:3], but has none.")
    return tensors


def _rows(values: Any) -> Any:
    return values[:ROWS] if hasattr(values, "shape") else np.asarray(values)[:ROWS]


def as_tensor(module: Any, values: Any) -> Any:
    """Return a copy of an array as a tensor where the module computes; floats of the type of its parameters."""
    torch = require_torch()
    device, floats = place_of(module)
    if isinstance(values, torch.Tensor):
        tensor = values.detach().clone()
    else:
        array = np.asarray(values)
        tensor = torch.tensor(array if array.flags.c_contiguous else np.ascontiguousarray(array))
    return tensor.to(device, floats if tensor.is_floating_point() else None)


def assumed_inputs(module: Any) -> Iterator[dict[str, Any]]:
    """Yield inputs of zeros that may fit, as what a module says of itself or its first layer needs; none otherwise.

    What the module says are ``example_input_array`` of Lightning and ``dummy_inputs`` of transformers.
    """
    for name in ("example_input_array", "dummy_inputs"):
        said = getattr(module, name, None)
        if said is not None:
            yield inputs_of(module, said)
    first = first_argument(module)
    if first == "inputs_embeds":
        return
    for shape, kind in _shapes(module):
        tensor = require_torch().zeros((ROWS, *shape), dtype=kind or place_of(module)[1], device=place_of(module)[0])
        given = {first: tensor}
        if takes(module, {_MASK: None}) and first == "input_ids":
            given[_MASK] = tensor + 1
        yield given


def _shapes(module: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield shapes of one sample, and the type where it is not that of the parameters."""
    torch = require_torch()
    nn = torch.nn
    layer = next(
        (inner for inner in module.modules() if not any(True for _ in inner.children()) and _says(inner)), None
    )
    if layer is None:
        return
    if isinstance(layer, nn.Embedding):
        yield from (((tokens,), torch.int64) for tokens in _TOKENS)
        return
    vector = _vector(nn, layer)
    if vector is not None:
        if not isinstance(layer, nn.RNNBase):
            yield vector, None
        if not isinstance(layer, nn.BatchNorm1d):
            yield from (((tokens, *vector), None) for tokens in _TOKENS)
        return
    channels = getattr(layer, "in_channels", getattr(layer, "num_features", None))
    if isinstance(channels, int):
        yield from (((channels, *sizes), None) for sizes in _extents(nn, layer))


def _vector(nn: Any, layer: Any) -> tuple[int, ...] | None:
    """Return the shape of the features that a layer takes."""
    if isinstance(layer, nn.LayerNorm):
        return tuple(layer.normalized_shape)
    for kind, size in ((nn.Linear, "in_features"), (nn.RNNBase, "input_size"), (nn.BatchNorm1d, "num_features")):
        if isinstance(layer, kind):
            return (int(getattr(layer, size)),)
    return None


def _extents(nn: Any, layer: Any) -> Iterator[tuple[int, ...]]:
    """Yield sizes of what a convolution or the like takes, without its channels."""
    if isinstance(layer, nn.Conv1d | nn.ConvTranspose1d):
        yield from ((steps,) for steps in _STEPS)
    elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
        yield from ((size, size) for size in _SIZES)
    elif isinstance(layer, nn.Conv3d | nn.ConvTranspose3d):
        yield from ((size, size, size) for size in _VOLUMES)


def _says(layer: Any) -> bool:
    """Return whether a layer holds parameters, and so says what it takes."""
    return any(True for _ in layer.parameters(recurse=False))
