"""Short texts that tell values apart, equal in every process. Reads attributes; calls nothing."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from hashlib import blake2b
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.batch import Batch

__all__ = ["Digest", "array_text", "digest"]

# Any: a producer or a stage may hold anything.

_WHOLE_BYTES = 2**20
_BLOCKS = 64
_BLOCK_BYTES = 2**14
_LONGEST = 60
_DEEPEST = 6
_MOST_VALUES = 50_000
_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis))
_DATA = (*_PLAIN, np.ndarray, PurePath, tuple, list, dict)


def digest(texts: Iterable[str]) -> str:
    """Return 16 hexadecimal digits for a sequence of texts."""
    found = blake2b(digest_size=8)
    for text in texts:
        found.update(text.encode(errors="surrogatepass") + b"\0")
    return found.hexdigest()


def array_text(array: NDArray[Any]) -> str:
    """Return dtype, shape and a digest of the values: all of them up to 1 MiB, else 64 blocks."""
    found = blake2b(digest_size=8)
    if array.nbytes <= _WHOLE_BYTES:
        found.update(np.ascontiguousarray(array).tobytes())
    elif array.flags.c_contiguous:
        flat = array.reshape(-1).view(np.uint8)
        for start in np.linspace(0, len(flat) - _BLOCK_BYTES, _BLOCKS, dtype=np.int64):
            found.update(flat[start : start + _BLOCK_BYTES].tobytes())
    else:
        for row in np.linspace(0, len(array) - 1, _BLOCKS, dtype=np.int64):
            found.update(array[row].tobytes())
    return f"{array.dtype}{list(array.shape)} {found.hexdigest()}"


class Digest:
    """Looks into values, up to a depth and a number of values; what lies beyond counts by its class."""

    def __init__(self) -> None:
        self._looked_at = 0
        self._above: list[int] = []

    def name(self, value: Any) -> str:
        """Return what ``value`` is, without its settings: its class, or its name and code if it is a function."""
        if isinstance(value, types.FunctionType):
            return f"function {value.__qualname__} {_code_text(value.__code__)}"
        if isinstance(value, types.MethodType):
            return self.name(value.__func__)
        return f"{type(value).__module__}.{type(value).__qualname__}"

    def attributes(self, value: Any) -> dict[str, str]:
        """Return texts for what ``value`` holds, by name: attributes, or the variables of a function."""
        self._above.append(id(value))
        try:
            return {label.lstrip("_"): self.text(held) for label, held in sorted(_held(value).items())}
        finally:
            self._above.pop()

    def text(self, value: Any) -> str:
        """Return one text for ``value``."""
        self._looked_at += 1
        plain = _plain_text(value)
        if plain is not None:
            return plain
        if id(value) in self._above or len(self._above) >= _DEEPEST or self._looked_at > _MOST_VALUES:
            return self.name(value)
        self._above.append(id(value))
        try:
            return self._composed(value)
        finally:
            self._above.pop()

    def _composed(self, value: Any) -> str:
        if isinstance(value, Batch):
            parts = {**value.fields, **dict(value.metadata.sequences())}
            return self._listed("Batch", [f"{name}: {self.text(part)}" for name, part in parts.items()])
        if isinstance(value, Mapping):
            items = [f"{self.text(key)}: {self.text(held)}" for key, held in value.items()]
            return self._listed(type(value).__name__, items)
        if isinstance(value, set | frozenset):
            return self._listed(type(value).__name__, sorted(self.text(held) for held in value))
        if isinstance(value, list | tuple | range | np.ndarray):
            members = value.ravel().tolist() if isinstance(value, np.ndarray) else value
            return self._listed(type(value).__name__, [self.text(held) for held in members])
        held = [f"{label}={self.text(inner)}" for label, inner in sorted(_held(value).items())]
        return self._listed(self.name(value), held)

    def _listed(self, kind: str, items: list[str]) -> str:
        return _short(f"{kind} of {len(items)}", f"{kind}({', '.join(items)})")


def _plain_text(value: Any) -> str | None:
    """Return the text of a value that holds no others, None if it may hold some."""
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name}"
    if isinstance(value, _PLAIN):
        return _short(type(value).__name__, repr(value))
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return array_text(value)
    if isinstance(value, PurePath | np.generic | np.dtype):
        return _short(type(value).__name__, str(value))
    if isinstance(value, type | types.ModuleType | types.BuiltinFunctionType | np.ufunc):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value.__name__)}"
    return None


def _short(kind: str, text: str) -> str:
    return text if len(text) <= _LONGEST else f"{kind} {digest([text])}"


def _held(value: Any) -> dict[str, Any]:
    """Return what a value is made of: the variables of a function, the parts of a partial, else its attributes."""
    if isinstance(value, types.FunctionType):
        return _variables(value)
    if isinstance(value, types.MethodType):
        function = value.__func__
        return {"self": value.__self__} | (_variables(function) if isinstance(function, types.FunctionType) else {})
    if isinstance(value, partial):
        return {"func": value.func, "args": value.args, "keywords": value.keywords}
    held = getattr(value, "__dict__", None)
    if isinstance(held, dict):
        return {str(name): inner for name, inner in held.items()}
    fields = getattr(value, "__struct_fields__", ())  # of msgspec, which keeps no dictionary
    return {name: getattr(value, name) for name in fields}


def _variables(function: types.FunctionType) -> dict[str, Any]:
    """Return what a function uses from outside: its globals (data and functions beside it), closure, and defaults."""
    code = function.__code__
    found: dict[str, Any] = {}
    for name in code.co_names:
        value = function.__globals__.get(name)
        beside = isinstance(value, types.FunctionType) and value.__globals__ is function.__globals__
        if value is not None and (beside or isinstance(value, _DATA)):
            found[name] = value
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not set yet
            continue
    defaults = {"defaults": function.__defaults__, "keyword defaults": function.__kwdefaults__}
    return found | {name: value for name, value in defaults.items() if value}


def _code_text(code: types.CodeType) -> str:
    constants = [_code_text(item) if isinstance(item, types.CodeType) else repr(item) for item in code.co_consts]
    return digest([code.co_code.hex(), *code.co_names, *code.co_varnames, *constants])
