"""What an object of the user's namespace can be in a run, told from its type alone.

Whatever is here belongs to somebody else: reading an attribute may run a property, download a file or start a job. So
only types are looked at, and these through ``type`` itself, since a class may have a metaclass with ideas of its own.
"""

from __future__ import annotations

import inspect
import sys
from types import FunctionType
from typing import Any, Final

from deepview_lab.base import Model, Pipeline
from deepview_lab.base.data_source import DataSource, source_of
from deepview_lab.base.framework import framework_of
from deepview_lab.base.kinds import mro_of, name_of, package_of, top_package
from deepview_lab.tensorflow import TFModelWrapper
from deepview_lab.transport.wire.messages import SourceRole

__all__ = ["class_name", "data_of", "is_of_package", "is_own_producer", "model_of", "role_of"]

# Any: a namespace holds anything.

_dict_of: Final = type.__dict__["__dict__"].__get__
_module_of: Final = type.__dict__["__module__"].__get__

_OURS: Final = "deepview_lab"
_PRODUCERS: Final = ("base", "processors", "samples", "demo", "data", "tensorflow")
_NO_PRODUCERS: Final = frozenset({"Model", "Responses", "TFModelWrapper"})
# Types of most variables, none of which is data; texts may be paths, and asking the disk about each is not for a scan.
# By identity, since a metaclass may define what equal means.
_NO_DATA: Final = frozenset(map(id, (str, bytes, int, float, bool, complex, type(None), type(sys))))
_ASYNCHRONOUS: Final = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def role_of(value: Any) -> SourceRole | None:
    """Return what ``value`` can be in a run, None for most things. Reads no attribute of a stranger and calls none."""
    kind = type(value)
    if kind is FunctionType:
        return "candidate" if _takes_a_batch_size(value, 0) and top_package(value.__module__) != _OURS else None
    if model_of(value) is not None:
        return "model"
    if kind is Pipeline:
        return "pipeline"
    role = _role_of_class(kind)
    if role == "producer" or package_of(kind) == _OURS:
        return role
    if framework_of(value) is not None:
        return "framework_model"
    return "data" if data_of(value) is not None else role


def data_of(value: Any) -> tuple[DataSource, str] | None:
    """Return the source that makes a producer of ``value``, and what it is in words; None of what may be no data."""
    if id(type(value)) in _NO_DATA:
        return None
    found = source_of(value)
    return found if found is not None and found[0].offers(value) else None


def model_of(value: Any) -> Model | None:
    """Return the DeepView model that ``value`` is, or that it wraps together with its stages; None of anything else."""
    kind = type(value)
    if kind is TFModelWrapper:
        value = value.model  # of our own class, whose attributes are plain; what is in it need not be ours
    return value if type(value) is Model else None


def _role_of_class(kind: type) -> SourceRole | None:
    mro = mro_of(kind)
    if any(ancestor is type for ancestor in mro):  # not `in`: a metaclass may define what equal means
        return None
    if package_of(kind) == _OURS:
        return "producer" if is_own_producer(kind) else None
    return "candidate" if _callable_with_a_batch_size(mro) else None


def is_own_producer(kind: type) -> bool:
    """Return whether a class is one of our producers, and not one that only says so."""
    module, name = _module_of(kind), name_of(kind)
    if type(module) is not str or name in _NO_PRODUCERS:
        return False
    package, _, rest = module.partition(".")
    known = package == _OURS and rest.partition(".")[0] in _PRODUCERS and module in sys.modules
    return known and vars(sys.modules[module]).get(name) is kind and _callable_with_a_batch_size(mro_of(kind))


def is_of_package(kind: type, package: str) -> bool:
    """Return whether a class is defined in a package, rather than derived from one of its classes."""
    return package_of(kind) == package


def class_name(value: Any) -> str:
    """Return the name of an object's class."""
    return str(name_of(type(value)))


def _callable_with_a_batch_size(mro: tuple[type, ...]) -> bool:
    for ancestor in mro:
        if "__call__" in _dict_of(ancestor):
            method = _dict_of(ancestor)["__call__"]
            return type(method) is FunctionType and _takes_a_batch_size(method, 1)
    return False


def _takes_a_batch_size(function: FunctionType, bound: int) -> bool:
    """Return whether a function needs exactly one positional argument besides those that are ``bound``."""
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ()) - bound
    keywords = code.co_kwonlyargcount - len(function.__kwdefaults__ or {})
    return required == 1 and keywords <= 0 and not code.co_flags & _ASYNCHRONOUS
