"""A model together with the stages that belong before and behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Model, PipelineStage
from deepview_lab.base.model import Responses
from deepview_lab.processors import Processor
from deepview_lab.tensorflow.loading import load_tf_model_from_memory
from deepview_lab.typing import OneManyOrNone, resolve_one_or_many_to_list

__all__ = ["TFModelWrapper"]


@dataclass
class TFModelWrapper:
    """A model together with the stages that belong before and behind it. Calling it gives them for a pipeline.

    Attributes
    ----------
    model : Model
        The model.
    preprocessing, postprocessing : None, a stage or collection of stages
        What batches pass before the model, and behind it. They can be replaced.

    Examples
    --------
    >>> import keras
    >>> layers = [keras.Input((4,)), keras.layers.Dense(2, name="dense")]
    >>> small = TFModelWrapper.from_keras(keras.Sequential(layers, name="small"), lambda x: x / 255)
    >>> small.response_infos["dense"].shape
    (None, 2)
    >>> from deepview_lab.base import pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> pipeline(StubProducer({"x": np.zeros((3, 4))}), small(requested_responses="dense"))
    pipeline(StubProducer -> Processor -> ModelStage)
    """

    model: Model
    preprocessing: OneManyOrNone[PipelineStage] = None
    postprocessing: OneManyOrNone[PipelineStage] = None

    @classmethod
    def from_keras(
        cls,
        model: Any,  # Any: Keras has no usable types
        preprocessing: Callable[[NDArray[Any]], NDArray[Any]] | None = None,
    ) -> TFModelWrapper:
        """Return a wrapper of a Keras model.

        Parameters
        ----------
        model : keras.Model
            A model that is built. It is only read.
        preprocessing : callable, optional
            Turns a batch of samples into what the model takes, such as
            ``keras.applications.mobilenet.preprocess_input``. It gets a copy, to which it may write.

        Raises
        ------
        DeepViewException
            when the model cannot be read, see :func:`deepview_lab.tensorflow.load_tf_model_from_memory`.
        """
        stage = None if preprocessing is None else Processor(_on_a_copy(preprocessing))
        return cls(cls.load_keras_model(model), stage)

    @staticmethod
    def load_keras_model(model: Any) -> Model:
        """Return a Keras model as one whose responses can be read."""
        return load_tf_model_from_memory(model=model)

    @property
    def response_infos(self) -> Responses:
        """All responses of the model by name."""
        return self.model.response_infos

    def __call__(self, requested_responses: OneManyOrNone[str] = None) -> list[PipelineStage]:
        """Return the stages: preprocessing, inference, postprocessing.

        Parameters
        ----------
        requested_responses : None, str or collection of str
            Names from :attr:`response_infos`; None asks for every response, which can be slow and large.

        Raises
        ------
        UnknownNameError
            (a KeyError) naming the response that is not there, with near matches.
        """
        inference = self.model(requested_responses=requested_responses)
        return [*_stages(self.preprocessing), inference, *_stages(self.postprocessing)]


def _stages(stages: OneManyOrNone[PipelineStage]) -> list[PipelineStage]:
    return [] if stages is None else resolve_one_or_many_to_list(stages, PipelineStage)


def _on_a_copy(function: Callable[[NDArray[Any]], NDArray[Any]]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    if not callable(function):
        raise TypeError(f"preprocessing must be a function of an array, but is a {type(function).__name__}.")

    def preprocessing(array: NDArray[Any]) -> NDArray[Any]:
        return function(np.array(array))  # those of Keras write to their argument, and fields are read-only

    return preprocessing
