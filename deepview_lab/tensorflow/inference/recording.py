"""Watch the layers within a model that has no graph while it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import RLock, get_ident
from typing import Any, Final

from deepview_lab.base.networks.naming import Names, output_names
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.tensorflow.graph.calls import Found, has_graph, is_open, sublayers

__all__ = ["recorded"]

# Models can share layers: while one is watched, no other may be, or the wrong method would be put back.
_WATCHING: Final = RLock()
_ABSENT: Final = object()


@contextmanager
def recorded(layer: Any, prefix: str, names: Names, found: Callable[[Found], None]) -> Iterator[None]:
    """Report what the layers within ``layer`` give, for calls made by this thread.

    Each inner layer gets a method that notes what the true one returns. It is an attribute of the object, not of its
    class, set past Keras' tracking and taken away again when the block ends, also after an error. Other threads that
    call the model meanwhile get the same numbers as ever and are not recorded.

    Parameters
    ----------
    layer : keras.layers.Layer
        A layer without a graph, in the sense of ``is_open``.
    prefix : str
        Path of the layer with a ``/`` at its end, or empty.
    names : Names
        Gives the names, in the order of the calls.
    found : callable
        Takes what was found.
    """
    watch = _Watch(prefix, names, found)
    with _WATCHING:
        changed: list[tuple[dict[str, Any], str, Any]] = []
        try:
            for inner in _layers_to_watch(layer):
                method = "quantized_call" if getattr(inner, "quantization_mode", None) else "call"
                attributes = vars(inner)
                original = getattr(inner, method)
                changed.append((attributes, method, attributes.get(method, _ABSENT)))
                attributes[method] = watch.around(inner, original)
            yield
        finally:
            for attributes, method, before in reversed(changed):
                if before is _ABSENT:
                    attributes.pop(method, None)
                else:
                    attributes[method] = before


class _Watch:
    def __init__(self, prefix: str, names: Names, found: Callable[[Found], None]) -> None:
        self._thread = get_ident()
        self._paths = [prefix]
        self._names = names
        self._found = found

    def around(self, layer: Any, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            if get_ident() != self._thread:
                return original(*args, **kwargs)
            path = self._names.claim(self._paths[-1] + layer.name)
            self._paths.append(f"{path}/")
            try:
                outputs = original(*args, **kwargs)
            finally:
                self._paths.pop()
            self._note(path, layer, outputs, (args, kwargs))
            return outputs

        return call

    def _note(self, path: str, layer: Any, outputs: Any, given: Any) -> None:
        tree, is_tensor = require_keras().tree, require_keras().ops.is_tensor
        sources = [part for part in tree.flatten(given) if is_tensor(part)]
        places = tree.flatten_with_path(outputs)
        for name, (_, tensor) in zip(output_names(path, [place for place, _ in places]), places, strict=True):
            if is_tensor(tensor):
                self._found(Found(name if name == path else self._names.claim(name), layer, tensor, sources))


def _layers_to_watch(layer: Any) -> list[Any]:
    """Return the layers within, but not what is within Keras' own layers: that is their business."""
    seen: dict[int, Any] = {}
    waiting = sublayers(layer)
    while waiting:
        inner = waiting.pop()
        if id(inner) not in seen:
            seen[id(inner)] = inner
            if has_graph(inner) or is_open(inner):
                waiting.extend(sublayers(inner))
    return list(seen.values())
