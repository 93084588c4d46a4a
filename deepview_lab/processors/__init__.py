"""Stages that change batches on their way: select and rename fields, pool, reshape, normalise, resize images."""

from deepview_lab.processors.fields import FieldRemover, FieldRenamer
from deepview_lab.processors.flattener import Flattener
from deepview_lab.processors.image import ImageResizer
from deepview_lab.processors.normalizer import MeanStdNormalizer
from deepview_lab.processors.pooler import Pooler
from deepview_lab.processors.processor import Processor
from deepview_lab.processors.transposer import Transposer

__all__ = [
    "FieldRemover",
    "FieldRenamer",
    "Flattener",
    "ImageResizer",
    "MeanStdNormalizer",
    "Pooler",
    "Processor",
    "Transposer",
]
