"""The vocabulary: batches, producers, stages, pipelines, models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepview_lab.base.batch import Batch
from deepview_lab.base.conversion import as_producer
from deepview_lab.base.framework import as_model
from deepview_lab.base.images.axes import ImageFormat
from deepview_lab.base.images.pixel_format import PixelFormat
from deepview_lab.base.images.producer import ImageProducer
from deepview_lab.base.introspector import Introspector
from deepview_lab.base.model import Model, ModelDetails, ModelStage
from deepview_lab.base.pipeline import Pipeline, PipelineStage, pipeline
from deepview_lab.base.producer import Producer, peek_first_batch
from deepview_lab.base.response import Layer, LayerKind, ResponseInfo
from deepview_lab.base.train_test_split import TrainTestSplitProducer

if TYPE_CHECKING:
    from deepview_lab.base.cache import CachedProducer
    from deepview_lab.base.multi.multi_introspect import multi_introspect

__all__ = [
    "Batch",
    "CachedProducer",
    "ImageFormat",
    "ImageProducer",
    "Introspector",
    "Layer",
    "LayerKind",
    "Model",
    "ModelDetails",
    "ModelStage",
    "Pipeline",
    "PipelineStage",
    "PixelFormat",
    "Producer",
    "ResponseInfo",
    "TrainTestSplitProducer",
    "as_model",
    "as_producer",
    "multi_introspect",
    "peek_first_batch",
    "pipeline",
]


# They need most of this package, which is loaded first.
_LAZY = {
    "CachedProducer": "deepview_lab.base.cache",
    "multi_introspect": "deepview_lab.base.multi.multi_introspect",
}


def __getattr__(name: str) -> Any:  # Any: what a module holds
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'deepview_lab.base' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
