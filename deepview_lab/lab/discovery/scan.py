"""What in the user's namespace a run may use: the variables for the side panel, and the layers of one of them."""

from __future__ import annotations

import keyword
import unicodedata
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final

import deepview_lab
import deepview_lab.introspectors  # registers their faces
from deepview_lab.analysis.faces import faces
from deepview_lab.base import Model, ModelStage, Pipeline, ResponseInfo, pipeline
from deepview_lab.base.activations import activations_of
from deepview_lab.base.data_source import DataSource
from deepview_lab.base.framework import framework_of
from deepview_lab.base.kinds import mro_of
from deepview_lab.base.producer import sample_count
from deepview_lab.engine import RunView
from deepview_lab.exceptions import DeepViewException
from deepview_lab.lab.discovery.recognise import class_name, data_of, is_own_producer, model_of, role_of
from deepview_lab.processors import FieldRemover
from deepview_lab.report import Report
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.describe import layer_infos

__all__ = ["Scanner"]

# Any: a namespace holds anything. See recognise.py for what is read of it.

# What the panel's code binds besides the faces of analyses, and what these names hold when they are ours.
_BOUND: Final[Mapping[str, Any]] = {
    "deepview_lab": deepview_lab,
    "pipeline": pipeline,
    "FieldRemover": FieldRemover,
}
_REBOUND: Final[Mapping[str, type]] = {"run": RunView, "report": Report}
_ARROW: Final = " › "  # noqa: RUF001 - the design's arrow
_MANY: Final = ("candidate", "data")
_MOST_CANDIDATES: Final = 100
_LONGEST_TYPE: Final = 120
_FRAMEWORKS: Final = {"tensorflow": "Keras", "torch": "PyTorch"}


@dataclass(frozen=True)
class _Known:
    """What was last told of a model of a framework."""

    of: weakref.ref[Any]
    told: messages.SourceLayers


class Scanner:
    """Looks through a namespace; may do so on any thread while cells run.

    Parameters
    ----------
    read : callable
        Returns the namespace.
    hidden : callable
        Returns the variables that the shell itself has put there, by name.
    """

    def __init__(self, read: Callable[[], Mapping[str, Any]], hidden: Callable[[], Mapping[str, Any]] = dict) -> None:
        self._read = read
        self._hidden = hidden
        self._known: dict[str, _Known] = {}

    def scan(self) -> messages.Namespace:
        """Return the variables that a run may use, in the order of their definition.

        Notes
        -----
        Takes about 3 ms for 1,000 names (``benchmarks/scan.py``). Of candidates and of data, the first hundred are
        listed.
        """
        namespace = dict(self._read())  # a copy: a cell may be adding names
        hidden = self._hidden()
        sources = []
        uncertain = Counter[str]()
        for name, value in namespace.items():
            if not _is_usable(name) or (name in hidden and hidden[name] is value):
                continue
            role = role_of(value)
            if role is None:
                continue
            uncertain[role] += 1
            if role not in _MANY or uncertain[role] <= _MOST_CANDIDATES:
                sources.append(_described(name, role, value))
        return messages.Namespace(sources=sources, taken=_taken(namespace))

    def layers(self, source: str, *, fresh: bool) -> messages.SourceLayers:
        """Return the layers of the model or pipeline in a variable; in words why there are none.

        To read a model of the user's own class, its code may be run. That is done when
        somebody chose it or asks again (``fresh``), not after each cell.
        """
        value = self._read().get(source)
        known = self._known.get(source)
        if not fresh and known is not None and known.of() is value and not _is_read_for_free(value, known.told):
            return known.told
        told = _layers(source, value)
        if role_of(value) == "framework_model":
            self._known[source] = _Known(weakref.ref(value), told)
        return told


def _is_read_for_free(value: Any, told: messages.SourceLayers) -> bool:
    """Return whether looking again may help and runs none of the user's code, as for a model that was not built."""
    found = framework_of(value)
    return told.problem is not None and found is not None and found[0].is_own(value)


def _layers(source: str, value: Any) -> messages.SourceLayers:
    try:
        responses = _responses(value)
    except DeepViewException as error:
        return messages.SourceLayers(source=source, layers=[], usual=[], problem=str(error))
    except Exception as error:  # noqa: BLE001 - a model of the user's own may raise anything: show it
        return messages.SourceLayers(source=source, layers=[], usual=[], problem=f"{type(error).__name__}: {error}")
    usual = list(activations_of(responses))
    return messages.SourceLayers(source=source, layers=layer_infos(responses), usual=usual, problem=None)


def _responses(value: Any) -> Mapping[str, ResponseInfo]:
    if (model := model_of(value)) is not None:
        return model.response_infos
    match role_of(value):
        case "pipeline":
            chain: Pipeline = value
            return chain.responses
        case "framework_model" if (found := framework_of(value)) is not None:
            return found[0].layers(value)
        case _:
            return {}


def _described(name: str, role: messages.SourceRole, value: Any) -> messages.Source:
    return messages.Source(
        name=name,
        role=role,
        type=_type_text(role, value)[:_LONGEST_TYPE],
        size=_size(role, value),
        ends_in_model=role == "pipeline" and _model_stage(value) is not None,
    )


def _type_text(role: messages.SourceRole, value: Any) -> str:
    if (model := model_of(value)) is not None:
        return _with_framework(model)
    match role:
        case "framework_model" if (found := framework_of(value)) is not None:
            return f"{class_name(value)} · {found[1].removesuffix(' model')}"
        case "data" if (source := data_of(value)) is not None:
            return source[1]
        case "pipeline":
            return _ARROW.join(_stage_name(stage) for stage in value.stages) or class_name(value.source)
        case "candidate" if type(value) is FunctionType:
            return "function"
        case _:
            return class_name(value)


def _with_framework(model: Model) -> str:
    package = type(model.details).__module__.removeprefix("deepview_lab.").partition(".")[0]
    return f"{model.name} · {_FRAMEWORKS[package]}" if package in _FRAMEWORKS else str(model.name)


def _stage_name(stage: Any) -> str:
    return str(stage.model.name) if type(stage) is ModelStage else class_name(stage)


def _model_stage(chain: Pipeline) -> ModelStage | None:
    return next((stage for stage in chain.stages if type(stage) is ModelStage), None)


def _size(role: messages.SourceRole, value: Any) -> int | None:
    """Return the parameters of a model or the samples of data, where only our own code has to be asked."""
    if (model := model_of(value)) is not None:
        return model.parameters
    if role == "data":
        data = data_of(value)
        return None if data is None else _counted(data[0], value)
    source = value.source if role == "pipeline" else value
    return sample_count(source) if is_own_producer(type(source)) else None


def _counted(source: DataSource, value: Any) -> int | None:
    try:
        return source.size(value)
    except Exception:  # noqa: BLE001 - the libraries of data may raise anything
        return None


def _taken(namespace: Mapping[str, Any]) -> list[str]:
    bound = {**_BOUND, **{face.cls.__name__: face.cls for face in faces().values()}}
    taken = [name for name, ours in bound.items() if name in namespace and namespace[name] is not ours]
    return taken + [name for name, ours in _REBOUND.items() if name in namespace and not _is_a(namespace[name], ours)]


def _is_a(value: Any, ours: type) -> bool:
    """Return whether the user's object is of our class, without asking it or its class."""
    return any(base is ours for base in mro_of(type(value)))


def _is_usable(name: Any) -> bool:
    """Return whether code can name the variable, and its owner did not mark it as private."""
    return (
        type(name) is str
        and not name.startswith("_")
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and unicodedata.is_normalized("NFKC", name)
    )
