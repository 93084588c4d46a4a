"""Call a module in inference mode without leaving a trace in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from inspect import Parameter, signature
from threading import RLock
from typing import Any, Final

from deepview_lab.torch.libraries import require_torch

__all__ = ["call", "evaluating", "first_argument", "place_of", "takes", "unchanged"]

# Any: PyTorch need not be installed where types are checked.

# Models can share modules: while one is in inference mode, no other thread may put modules back.
_CALLING: Final = RLock()
_ANY_NAME: Final = "input"
_POSITIONAL: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@contextmanager
def evaluating(module: Any) -> Iterator[None]:
    """Put all modules into inference mode and compute no gradients; each gets its own mode back, whatever happens.

    Only the flag ``training`` of each module is set: ``eval()`` may be overridden and do more.
    """
    with _CALLING:
        before = [(inner, inner.training) for inner in module.modules()]
        try:
            for inner, training in before:
                if training:
                    inner.training = False
            with require_torch().no_grad():
                yield
        finally:
            for inner, training in before:
                if training:
                    inner.training = True


@contextmanager
def unchanged(module: Any) -> Iterator[None]:
    """Put back what a call that computes nothing has set on the modules, such as a cache of tensors without numbers."""
    kept = [
        (held, dict(held))
        for inner in module.modules()
        for held in (vars(inner), inner._buffers, inner._parameters, inner._modules)
    ]
    try:
        yield
    finally:
        for held, before in kept:
            held.clear()
            held.update(before)


def call(module: Any, inputs: Mapping[str, Any]) -> Any:
    """Return what ``module`` gives for inputs by the names of its arguments, otherwise in their order."""
    if list(inputs) != [first_argument(module)] and takes(module, inputs):
        return module(**inputs)
    return module(*inputs.values())


def takes(module: Any, names: Mapping[str, Any]) -> bool:
    """Return whether the arguments of a module have all these names."""
    parameters = signature(module.forward).parameters.values()
    known = set(_arguments(module))
    return any(item.kind is Parameter.VAR_KEYWORD for item in parameters) or names.keys() <= known


def first_argument(module: Any) -> str:
    """Return the name of the first argument of a module's call."""
    return next(iter(_arguments(module)), _ANY_NAME)


def _arguments(module: Any) -> list[str]:
    parameters = signature(module.forward).parameters.values()
    return [item.name for item in parameters if item.kind in (*_POSITIONAL, Parameter.KEYWORD_ONLY)]


def place_of(module: Any) -> tuple[Any, Any]:
    """Return the device of a module's parameters, and the type of its floating-point ones."""
    torch = require_torch()
    tensors = [*module.parameters(), *module.buffers()]
    floats = [tensor for tensor in tensors if tensor.is_floating_point()]
    device = tensors[0].device if tensors else torch.device("cpu")
    return device, floats[0].dtype if floats else torch.get_default_dtype()
