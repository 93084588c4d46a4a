"""Stages that change batches on their way: fields, metadata, snapshots, pooling, shapes, images."""

from deepview_lab.base.cache import CachedProducer, Cacher
from deepview_lab.processors.composer import Composer
from deepview_lab.processors.concatenator import Concatenator
from deepview_lab.processors.debugger import PipelineDebugger
from deepview_lab.processors.fields import FieldRemover, FieldRenamer
from deepview_lab.processors.flattener import Flattener
from deepview_lab.processors.image import ImageResizer
from deepview_lab.processors.image_filters import (
    ImageGammaContrastProcessor,
    ImageGaussianBlurProcessor,
    ImageRotationProcessor,
)
from deepview_lab.processors.metadata import MetadataRemover, MetadataRenamer
from deepview_lab.processors.normalizer import MeanStdNormalizer
from deepview_lab.processors.pooler import Pooler
from deepview_lab.processors.processor import Processor
from deepview_lab.processors.snapshots import SnapshotRemover, SnapshotSaver
from deepview_lab.processors.tokens import TokenPooler
from deepview_lab.processors.transposer import Transposer

__all__ = [
    "CachedProducer",
    "Cacher",
    "Composer",
    "Concatenator",
    "FieldRemover",
    "FieldRenamer",
    "Flattener",
    "ImageGammaContrastProcessor",
    "ImageGaussianBlurProcessor",
    "ImageResizer",
    "ImageRotationProcessor",
    "MeanStdNormalizer",
    "MetadataRemover",
    "MetadataRenamer",
    "PipelineDebugger",
    "Pooler",
    "Processor",
    "SnapshotRemover",
    "SnapshotSaver",
    "TokenPooler",
    "Transposer",
]
