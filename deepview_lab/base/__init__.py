"""The vocabulary: batches, producers, stages, pipelines, models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepview_lab.base.batch import Batch
from deepview_lab.base.image_format import ImageFormat
from deepview_lab.base.introspector import Introspector
from deepview_lab.base.model import Model, ModelDetails, ModelStage
from deepview_lab.base.pipeline import Pipeline, PipelineStage, pipeline
from deepview_lab.base.producer import Producer, peek_first_batch
from deepview_lab.base.response import Layer, LayerKind, ResponseInfo

if TYPE_CHECKING:
    from deepview_lab.engine.multi_introspect import multi_introspect

__all__ = [
    "Batch",
    "ImageFormat",
    "Introspector",
    "Layer",
    "LayerKind",
    "Model",
    "ModelDetails",
    "ModelStage",
    "Pipeline",
    "PipelineStage",
    "Producer",
    "ResponseInfo",
    "multi_introspect",
    "peek_first_batch",
    "pipeline",
]


def __getattr__(name: str) -> Any:  # Any: what a module holds
    if name == "multi_introspect":  # DeepView has it here, but it needs what is above this package
        return import_module("deepview_lab.engine.multi_introspect").multi_introspect
    raise AttributeError(f"module 'deepview_lab.base' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
