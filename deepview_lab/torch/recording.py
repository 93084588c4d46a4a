"""Watch what the modules within a module give while it is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, is_dataclass
from threading import get_ident
from typing import Any, Final

from deepview_lab.base import Layer
from deepview_lab.base.networks.naming import Names, output_names
from deepview_lab.torch.kinds import FUNCTIONS, kind_of_module, stated_axis
from deepview_lab.torch.libraries import require_torch

__all__ = ["OUTPUT", "Found", "recorded", "tensors_in"]

# Any: PyTorch need not be installed where types are checked.

OUTPUT: Final = "output"


@dataclass(frozen=True)
class Found:
    """A tensor that a module, or an activation called as a function, has given.

    Attributes
    ----------
    name : str
        The name of the response.
    place : str
        The path of the module, or of the one that called the function; empty for the outermost.
    layer : Layer
        What made it.
    tensor : torch.Tensor
        The tensor itself, not a copy.
    sources : tuple of torch.Tensor
        What went in.
    axis : int, optional
        The axis of units, where the module says it.
    is_function : bool
        Whether it was a function.
    """

    name: str
    place: str
    layer: Layer
    tensor: Any
    sources: tuple[Any, ...]
    axis: int | None = None
    is_function: bool = False


@contextmanager
def recorded(
    module: Any,
    found: Callable[[Found], None],
    *,
    places: Collection[str] | None = None,
    functions: bool = True,
    taken: Collection[str] = (),
) -> Iterator[None]:
    """Report what is given within ``module``, for calls made by this thread; all hooks are removed when the block ends.

    Parameters
    ----------
    module : torch.nn.Module
        The outermost module, which is to be called in the block.
    found : callable
        Takes what was found, inner modules before outer ones.
    places : collection of str, optional
        The paths of the modules to watch; None for all.
    functions : bool
        Whether activations that are called as functions are watched.
    taken : collection of str
        Names that are given already.
    """
    watch = _Watch(found, Names(taken))
    with ExitStack() as stack:
        for path, inner in module.named_modules():
            watched = places is None or path in places
            if functions:
                stack.callback(inner.register_forward_pre_hook(watch.entering(path, inner)).remove)
            if watched:
                handle = inner.register_forward_hook(watch.module(path, inner), with_kwargs=True)
                stack.callback(handle.remove)
            if functions:
                handle = inner.register_forward_hook(watch.leaving, always_call=True)
                stack.callback(handle.remove)
        if functions:
            stack.enter_context(watch.functions())
        yield


class _Watch:
    def __init__(self, found: Callable[[Found], None], names: Names) -> None:
        self._thread = get_ident()
        self._found = found
        self._names = names
        self._within: list[tuple[str, bool]] = []

    def entering(self, path: str, module: Any) -> Callable[..., None]:
        # What PyTorch's own activations and the like call is their output.
        opaque = type(module).__module__.startswith("torch.nn.") and not any(True for _ in module.children())

        def hook(_module: Any, _args: Any) -> None:
            if get_ident() == self._thread:
                self._within.append((path, opaque))

        return hook

    def leaving(self, _module: Any, _args: Any, _output: Any) -> None:
        if get_ident() == self._thread and self._within:
            self._within.pop()

    def module(self, path: str, module: Any) -> Callable[..., None]:
        layer = Layer(path or OUTPUT, kind_of_module(module), type(module).__name__)
        axis = stated_axis(module)

        def hook(_module: Any, args: Any, kwargs: Any, output: Any) -> None:
            if get_ident() == self._thread:
                call = self._names.claim(path or OUTPUT)
                sources = tuple(tensor for _, tensor in tensors_in((args, kwargs)))
                outputs = list(tensors_in(output))
                for name, (_, tensor) in zip(output_names(call, [at for at, _ in outputs]), outputs, strict=True):
                    own = name if name == call else self._names.claim(name)
                    self._found(Found(own, path, layer, tensor, sources, axis=axis))

        return hook

    def functions(self) -> Any:
        """Return a context in which activations that are called as functions are reported."""
        torch = require_torch()
        watch = self

        class Watching(torch.overrides.TorchFunctionMode):  # type: ignore[misc,name-defined]  # no types, no base known
            def __torch_function__(
                self, function: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
            ) -> Any:
                output = function(*args, **(kwargs or {}))
                name = getattr(function, "__name__", "")
                if name in FUNCTIONS and get_ident() == watch._thread:
                    watch._function(name, (args, kwargs), output)
                return output

        return Watching()

    def _function(self, function: str, given: Any, output: Any) -> None:
        path, opaque = self._within[-1] if self._within else ("", True)
        if opaque:
            return
        name = function.rstrip("_")
        layer = Layer(f"{path}.{name}()" if path else f"{name}()", FUNCTIONS[function], name)
        sources = tuple(tensor for _, tensor in tensors_in(given))
        for _, tensor in tensors_in(output):
            claimed = self._names.claim(layer.name)
            self._found(Found(claimed, path, layer, tensor, sources, is_function=True))


def tensors_in(value: Any, at: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Yield the tensors within tuples, lists, mappings and dataclasses, and where each is."""
    torch = require_torch()
    if isinstance(value, torch.Tensor):
        yield at, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from tensors_in(part, (*at, key))
    elif isinstance(value, tuple | list):
        named = getattr(value, "_fields", range(len(value)))
        for key, part in zip(named, value, strict=True):
            yield from tensors_in(part, (*at, key))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from tensors_in(getattr(value, field.name), (*at, field.name))
