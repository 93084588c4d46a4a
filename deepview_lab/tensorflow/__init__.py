"""Keras models as DeepView models. Importing this package does not import TensorFlow; its functions do."""

from deepview_lab.tensorflow.loading import load_tf_model_from_memory, load_tf_model_from_path

__all__ = ["load_tf_model_from_memory", "load_tf_model_from_path"]
