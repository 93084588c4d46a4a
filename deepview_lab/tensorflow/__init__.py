"""Keras models, and the models and data sets that Keras offers. Importing this package does not import TensorFlow."""

from deepview_lab.tensorflow.examples.applications import TFModelExamples
from deepview_lab.tensorflow.examples.datasets import TFDatasetExamples
from deepview_lab.tensorflow.loading import load_tf_model_from_memory, load_tf_model_from_path
from deepview_lab.tensorflow.model_wrapper import TFModelWrapper

__all__ = [
    "TFDatasetExamples",
    "TFModelExamples",
    "TFModelWrapper",
    "load_tf_model_from_memory",
    "load_tf_model_from_path",
]
