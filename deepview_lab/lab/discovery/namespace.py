"""What is in the user's namespace: models, producers, runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepview_lab.base import Model, Pipeline, as_model, as_producer, peek_first_batch
from deepview_lab.base.framework import framework_of
from deepview_lab.base.producer import check_producer
from deepview_lab.engine import RunView, runs
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.lab.discovery.recognise import class_name, data_of, model_of, role_of
from deepview_lab.samples import StubProducer

__all__ = ["find_model", "find_producer", "find_run", "layer_names", "models", "producers"]

# Any: a namespace holds anything.
Namespace = Mapping[str, Any]


def models(namespace: Namespace) -> dict[str, Any]:
    """Return the models by variable name, of DeepView, wrapped in a ``TFModelWrapper``, and of frameworks."""
    found = {name: model_of(value) or value for name, value in _visible(namespace)}
    return {name: value for name, value in found.items() if type(value) is Model or framework_of(value) is not None}


def producers(namespace: Namespace) -> dict[str, Any]:
    """Return pipelines, DeepView's own producers and data that can become one, by variable name."""
    return {name: value for name, value in _visible(namespace) if role_of(value) in ("pipeline", "producer", "data")}


def layer_names(value: Any) -> list[str]:
    """Return the responses of a producer that are known before data flows, or held in memory; no data is computed."""
    if type(value) is StubProducer:
        return list(peek_first_batch(value).fields)
    if type(value) is not Pipeline:
        return []
    try:
        return list(value.responses)
    except Exception:  # noqa: BLE001 - a stage of the user's own may raise anything, and the run itself will say it
        return []


def find_producer(namespace: Namespace, name: str) -> Any:
    """Return the producer called ``name``.

    Raises
    ------
    UnknownNameError
        with near matches, when there is no such variable.
    NotAProducerError
        when it is no producer.
    DeepViewException
        when it is a model, which needs data first.
    """
    value = _find(namespace, name, "variable", producers(namespace))
    if model_of(value) is not None:
        raise DeepViewException(
            f"{name} is a model: it needs data. Make a producer of both, pipeline(data, {name}('layer')), and pass it."
        )
    found = framework_of(value)
    if found is not None:
        raise DeepViewException(
            f"{name} is a {found[1]}: it needs data. Make a producer of both, pipeline(data, {name}), and pass it, or "
            f"start everything: deepview_lab.introspect({name}, data)."
        )
    if data_of(value) is not None:
        return as_producer(value)
    check_producer(value, name=name)
    return value


def find_model(namespace: Namespace, name: str) -> Model:
    """Return the model called ``name``.

    Raises
    ------
    UnknownNameError
        with near matches, when there is no such variable.
    DeepViewException
        when it is no model, or one that cannot be read.
    """
    value = _find(namespace, name, "variable", models(namespace))
    model = model_of(value)
    if model is None and framework_of(value) is not None:
        return as_model(value)
    if model is None:
        raise DeepViewException(f"{name} must be a model, of DeepView, Keras or PyTorch, but is a {class_name(value)}.")
    return model


def find_run(namespace: Namespace, name: str) -> RunView:
    """Return the run with this id, of this name, or in the variable of this name.

    Raises
    ------
    UnknownNameError
        with near matches, when there is none.
    """
    held = namespace.get(name)
    if isinstance(held, RunView):
        return held
    known = runs()
    for run in reversed(known):
        if name in (run.id, run.name):
            return run
    raise UnknownNameError("run", name, [label for run in known for label in (run.id, run.name)])


def _find(namespace: Namespace, name: str, what: str, likely: Mapping[str, Any]) -> Any:
    if name not in namespace:
        raise UnknownNameError(what, name, [*likely, *(key for key, _ in _visible(namespace) if key not in likely)])
    return namespace[name]


def _visible(namespace: Namespace) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in list(namespace.items()) if not name.startswith("_")]
