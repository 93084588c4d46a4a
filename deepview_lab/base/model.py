"""A model whose responses can be read. Framework packages make them; everything else only uses this class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, final

from numpy.typing import NDArray

from deepview_lab.base.activations import activations_of
from deepview_lab.base.batch import Batch
from deepview_lab.base.pipeline import BatchProcessor, PipelineStage
from deepview_lab.base.response import ResponseInfo
from deepview_lab.exceptions import DeepViewException
from deepview_lab.typing import OneManyOrNone, resolve_one_or_many_to_list
from deepview_lab.typing.named import Named
from deepview_lab.visible_text import visible_text

__all__ = ["Model", "ModelDetails", "ModelStage", "Responses"]

# Any: frameworks give floats, ints and bools.
Arrays: TypeAlias = Mapping[str, NDArray[Any]]


class Responses(Named[ResponseInfo]):
    """ResponseInfos by name. Calling it gives itself: DeepView's older pages write ``model.response_infos()``."""

    def __init__(self, infos: Mapping[str, ResponseInfo]) -> None:
        super().__init__("response", infos)

    def __call__(self) -> Responses:
        """Return itself."""
        return self


class ModelDetails(ABC):
    """What a framework package must offer of one model."""

    @property
    @abstractmethod
    def responses(self) -> Mapping[str, ResponseInfo]:
        """Everything that can be requested, in the order of the network."""

    @property
    @abstractmethod
    def inputs(self) -> Mapping[str, ResponseInfo]:
        """The inputs that must be fed."""

    @property
    def parameters(self) -> int | None:
        """Numbers that the model holds, trained or not; None when that is not known."""
        return None

    def weights(self) -> Iterable[NDArray[Any]] | None:
        """Yield the numbers that the model holds, to tell it from others; None when they cannot be had."""
        return None

    @property
    def assumes_shapes(self) -> bool:
        """Whether the shapes of inputs were assumed, so that samples of other shapes may fit too."""
        return False

    @abstractmethod
    def run(self, inputs: Arrays, requested: tuple[str, ...]) -> Arrays:
        """Return the requested responses for one batch of inputs, each with the batch as dimension 0."""


@final
class Model:
    """A model whose intermediate responses can be read.

    Loaders make it (``deepview_lab.tensorflow.load_tf_model_from_memory`` and others). Calling it gives a stage::

        pipeline(images, model(requested_responses=["conv_1", "dense"]))
    """

    def __init__(self, details: ModelDetails, *, name: str = "model") -> None:
        self._details = details
        self.name = name
        self._responses = Responses(details.responses)
        self._inputs = Responses(details.inputs)
        self._parameters = details.parameters

    @property
    def details(self) -> ModelDetails:
        """What the framework's loader knows of the model, and how it runs."""
        return self._details

    @property
    def response_infos(self) -> Responses:
        """All responses by name; a mapping, also callable."""
        return self._responses

    @property
    def parameters(self) -> int | None:
        """Numbers that the model holds, trained or not; None when that is not known."""
        return self._parameters

    @property
    def input_layers(self) -> Responses:
        """The inputs by name; a mapping, also callable."""
        return self._inputs

    def __call__(self, requested_responses: OneManyOrNone[str] = None) -> ModelStage:
        """Return a stage whose output fields are the requested responses.

        Parameters
        ----------
        requested_responses : None, str or collection of str
            Names from :attr:`response_infos`; None asks for every response, which can be slow and large.

        Raises
        ------
        UnknownNameError
            (a KeyError) naming the response that is not there, with near matches.
        TypeError
            when something else than names is given.
        """
        if requested_responses is None:
            names: Sequence[str] = tuple(self._responses)
        elif not isinstance(requested_responses, Iterable):
            raise TypeError(
                "A model takes names of responses, but got an object of type "
                f"{visible_text(type(requested_responses).__name__)}. Write model(requested_responses=['layer']); the "
                "names are in model.response_infos. Data goes first: pipeline(producer, model()).",
            )
        else:
            names = resolve_one_or_many_to_list(requested_responses, str)
        if not names:
            raise DeepViewException("requested_responses is empty: name at least one response, or pass None for all.")
        for name in names:
            self._responses[name]
        return ModelStage(self, tuple(dict.fromkeys(names)))

    def activations(self) -> ModelStage:
        """Return a stage whose output fields are the activations of the network, without its inputs and its head.

        They are those that ``deepview_lab.introspect`` looks at when it is given no layers.
        """
        return self(activations_of(self._responses))

    def __repr__(self) -> str:
        return f"Model({visible_text(str(self.name))}, {len(self._responses)} responses)"


@final
class ModelStage(PipelineStage):
    """Inference as a stage: fields in, requested responses out; metadata and snapshots pass."""

    def __init__(self, model: Model, requested: tuple[str, ...]) -> None:
        self.model = model
        self.requested = requested

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:  # noqa: ARG002
        """Return the infos of the requested responses, in the order of the request."""
        return {name: self.model.response_infos[name] for name in self.requested}

    def _get_batch_processor(self) -> BatchProcessor:
        details, inputs, requested = self.model.details, self.model.input_layers, self.requested

        def infer(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            fields = _matched(batch.fields, inputs, any_shape=details.assumes_shapes)
            builder.fields = dict(details.run(fields, requested))
            return builder.make_batch()

        return infer

    def __repr__(self) -> str:
        return f"{visible_text(str(self.model.name))}({', '.join(map(visible_text, self.requested))})"


def _matched(fields: Arrays, inputs: Responses, *, any_shape: bool) -> Arrays:
    """Return the fields under the names of the model's inputs."""
    if fields.keys() == inputs.keys():
        return fields
    if len(fields) == 1 and len(inputs) == 1:
        (name, array), (wanted, info) = next(iter(fields.items())), next(iter(inputs.items()))
        if any_shape or _fits(array.shape[1:], info.shape[1:]):
            return {wanted: array}
        raise DeepViewException(
            f"Field {name!r} has samples of shape {array.shape[1:]}, but the model's input {wanted!r} needs "
            f"{info.shape[1:]}: {_difference(array.shape[1:], info.shape[1:])}. Resize or reshape the field first, for "
            "example with ImageResizer."
        )
    missing = sorted(inputs.keys() - fields.keys())
    if missing:
        raise DeepViewException(
            f"The model needs the inputs {_listed(inputs)}, but the batch has the fields {_listed(fields)}. Rename "
            f"with FieldRenamer({{'field': {missing[0]!r}}})."
        )
    return {name: fields[name] for name in inputs}


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, s) for s, w in zip(shape, wanted, strict=True))


def _difference(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    """Return in words which axes differ; axis 0 counts the samples."""
    if len(shape) != len(wanted):
        return f"{len(shape)} axes, not {len(wanted)}"
    pairs = enumerate(zip(shape, wanted, strict=True), start=1)
    return ", ".join(f"axis {axis} is {came}, not {need}" for axis, (came, need) in pairs if need not in (None, came))


def _listed(names: Collection[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names))
