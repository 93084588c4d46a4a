"""The vocabulary: batches, producers, stages, pipelines, models."""

from deepview_lab.base.batch import Batch
from deepview_lab.base.image_format import ImageFormat
from deepview_lab.base.introspector import Introspector
from deepview_lab.base.model import Model, ModelDetails, ModelStage
from deepview_lab.base.pipeline import Pipeline, PipelineStage, pipeline
from deepview_lab.base.producer import Producer, peek_first_batch
from deepview_lab.base.response import Layer, LayerKind, ResponseInfo

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
    "peek_first_batch",
    "pipeline",
]
