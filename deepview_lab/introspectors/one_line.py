"""Everything about a model and its data in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch, Model, PipelineStage, Producer, as_model, as_producer, peek_first_batch, pipeline
from deepview_lab.base.data_source import Unreadable
from deepview_lab.base.framework import framework_of, is_readable
from deepview_lab.base.model import Responses
from deepview_lab.data import DataProducer
from deepview_lab.engine import Run
from deepview_lab.engine.start import start_remarked
from deepview_lab.exceptions import DeepViewException, ExampleError
from deepview_lab.introspectors.dataset_report import DatasetReport
from deepview_lab.introspectors.iua import IUA
from deepview_lab.introspectors.pfa import PFA
from deepview_lab.processors import Processor, TokenPooler
from deepview_lab.processors.tokens import Tokens
from deepview_lab.typing import OneManyOrNone, resolve_one_or_many_to_list

__all__ = ["introspect"]

_PICTURES: Final = 4  # dimensions of a batch of pictures
_CHANNELS: Final = (1, 3, 4)
_SEQUENCES: Final = 3
_MASK: Final = "attention_mask"


def introspect(  # noqa: PLR0917 - the order in which one thinks of them
    model: Any,  # Any: a model of a framework that need not be installed
    data: Any,  # Any: whatever the user has
    labels: Any = None,  # Any: as of as_producer
    layers: OneManyOrNone[str] = None,
    batch_size: int = 64,
    name: str | None = None,
    *,
    ids: Any = None,  # Any: as of as_producer
    split: Any = None,
    field: str | None = None,
    image_size: tuple[int, int] | None = None,
    unreadable: Unreadable = "raise",
    preprocessing: Callable[[NDArray[Any]], NDArray[Any]] | None = None,
    tokens: Tokens = "every",
) -> Run:
    """Start a live run of what can be said of a model on data: inactive units, principal filters, and the samples.

    Parameters
    ----------
    model : object
        A Keras or PyTorch model, a DeepView model, or the path of a saved one: see ``deepview_lab.as_model``.
    data : object
        A producer, or what can become one: see ``deepview_lab.as_producer``, which has the keywords ``labels``,
        ``ids``, ``split``, ``field``, ``image_size`` and ``unreadable``, too.
    labels : sequence, array, str, or mapping of these
        One label per sample, where the data does not bring them.
    layers : None, str or collection of str
        Which responses to look at; None for the activations of the network, without its head.
    batch_size : int
        Samples per batch.
    name : str, optional
        Name of the run, for people.
    preprocessing : callable, optional
        What each batch of samples passes first, such as ``keras.applications.mobilenet_v2.preprocess_input``. Nothing
        is scaled unless it says so.
    tokens : 'every', 'mean', 'first' or 'last'
        Of models with an input ``attention_mask``: whether each token counts as a sample, or a vector for each
        sequence; see :class:`deepview_lab.processors.TokenPooler`. Padding counts nowhere.

    Returns
    -------
    Run
        ``run.wait()`` gives the results by name: ``iua``, ``pfa`` (pooled by averages), and ``report`` on the last of
        the layers where the data has labels, identifiers or paths. ``run.note`` says what was guessed.

    Raises
    ------
    DeepViewException
        when the model cannot be read, or the data does not fit it; the message says what to do.

    Examples
    --------
    >>> import keras
    >>> import numpy as np
    >>> net = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu", name="hidden"), keras.layers.Dense(2)])
    >>> results = introspect(net, np.ones((20, 4))).wait()
    >>> list(results), list(results["iua"].results)
    (['iua', 'pfa'], ['hidden'])
    """
    skips = None if unreadable == "raise" else unreadable
    options = {"labels": labels, "ids": ids, "split": split, "field": field, "unreadable": skips}
    options = {key: value for key, value in options.items() if value is not None}
    net = _network(model, data, image_size, options)
    producer, remarks = _sized(data, net.input_layers, image_size, options)
    if preprocessing is not None:
        producer = pipeline(producer, Processor(_on_a_copy(preprocessing)))
    first = peek_first_batch(producer)
    stages, said = _fitting(first, net.input_layers)
    chosen = net.activations().requested if layers is None else tuple(resolve_one_or_many_to_list(layers, str))
    if _MASK in net.input_layers:
        chosen, pooling, remark = _over_tokens(net, chosen, tokens, given=layers is not None)
        inference: list[PipelineStage] = [net([*chosen, _MASK]), pooling]
        said = [*said, remark]
    else:
        read = model(chosen) if is_readable(model) else net(chosen)
        inference = read if isinstance(read, list) else [read]
    specs: list[Any] = [IUA.spec(), PFA.spec(pool="average")]  # Any: specs share no public base
    if _is_described(first, ids) and (_MASK not in net.input_layers or tokens != "every"):
        specs.append(DatasetReport.spec(pool="average", layers=chosen[-1]))
    return start_remarked(
        pipeline(producer, *stages, *inference),
        *specs,
        batch_size=batch_size,
        name=name or net.name,
        remark=" ".join(f"{remark[0].upper()}{remark[1:]}." for remark in [*remarks, *said] if remark),
    )


def _network(
    model: Any,  # Any: a model of a framework that need not be installed
    data: Any,
    image_size: tuple[int, int] | None,
    options: Mapping[str, Any],
) -> Model:
    """Return the model. Where it does not say of what shape its input is, the first sample tells, as it fits."""
    if framework_of(model) is None:
        return as_model(model)
    given = {**options, **({} if image_size is None else {"image_size": image_size})}

    @cache
    def first() -> Mapping[str, NDArray[Any]]:
        producer = as_producer(data, **given)
        if getattr(producer, "resizable", False) and image_size is None:
            wanted = _size_of(as_model(model).input_layers)
            producer = producer if wanted is None else as_producer(data, **options, image_size=wanted)
        return peek_first_batch(producer).fields

    try:
        return as_model(model, example=first)
    except ExampleError:
        for change in _CHANGES.values():
            changed = {name: change(values) for name, values in first().items()}
            if any(changed[name].shape != values.shape for name, values in first().items()):
                with suppress(ExampleError):
                    return as_model(model, example=changed)
        raise


def _over_tokens(
    net: Model, chosen: tuple[str, ...], tokens: Tokens, *, given: bool
) -> tuple[tuple[str, ...], TokenPooler, str]:
    """Return the layers that have tokens, unless the user named them, the stage that pools these, and what to say."""
    kept = tuple(name for name in chosen if given or len(net.response_infos[name].shape) == _SEQUENCES)
    counted = "each token counts as a sample" if tokens == "every" else f"of each sequence counts: {tokens}"
    return kept or chosen, TokenPooler(tokens, mask=_MASK), f"padding is left out, {counted}"


def _sized(
    data: Any, inputs: Responses, image_size: tuple[int, int] | None, options: Mapping[str, Any]
) -> tuple[Producer, list[str]]:
    """Return the data as a producer; pictures in the size that the model needs, where the user named none."""
    given = {**options, **({} if image_size is None else {"image_size": image_size})}
    producer = as_producer(data, **given)
    if not isinstance(producer, DataProducer):
        return producer, list(getattr(producer, "guessed", ()))
    remarks = list(producer.guessed)
    wanted = _size_of(inputs)
    if producer.resizable and image_size is None and wanted is not None:
        producer = as_producer(data, **options, image_size=wanted)
        remarks.append(f"pictures are resized to {wanted[0]} x {wanted[1]} pixels, as the model needs them")
    return producer, remarks


def _size_of(inputs: Responses) -> tuple[int, int] | None:
    """Return the width and height of the pictures that a model takes, where it takes those of one size."""
    shapes = [info.shape for info in inputs.values()]
    if len(shapes) != 1 or len(shapes[0]) != _PICTURES:
        return None
    _, *sizes = shapes[0]
    height, width = sizes[1:] if sizes[0] in _CHANNELS and sizes[2] not in _CHANNELS else sizes[:2]
    return None if height is None or width is None else (width, height)


def _fitting(first: Batch, inputs: Responses) -> tuple[list[PipelineStage], list[str]]:
    """Return the stages that give samples the axes of the model's input, and what to say of the samples.

    Only axes are added or moved: grey pictures get their axis of channels, and channels go where the model has them.
    """
    if len(first.fields) != 1 or len(inputs) != 1:
        return [], []
    [(field, values)], [info] = first.fields.items(), inputs.values()
    shape, wanted = values.shape[1:], info.shape[1:]
    said = []
    if values.dtype == np.uint8 and len(wanted) == _PICTURES - 1:
        said.append("pixels are 0 to 255 as they come; preprocessing=... scales them")
    for text, change in _CHANGES.items():
        if not _fits(shape, wanted) and _fits(change(values).shape[1:], wanted):
            return [Processor(change)], [*said, f"{field!r}: {text}"]
    return [], said


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, s) for s, w in zip(shape, wanted, strict=True))


def _with_channels(values: NDArray[Any]) -> NDArray[Any]:
    return values[..., None] if values.ndim == _PICTURES - 1 else values


def _with_channels_first(values: NDArray[Any]) -> NDArray[Any]:
    return values[:, None] if values.ndim == _PICTURES - 1 else values


def _channels_first(values: NDArray[Any]) -> NDArray[Any]:
    return np.moveaxis(values, -1, 1) if values.ndim == _PICTURES else values


def _channels_last(values: NDArray[Any]) -> NDArray[Any]:
    return np.moveaxis(values, 1, -1) if values.ndim == _PICTURES else values


_CHANGES: Final[Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]]] = {
    "an axis of one channel was added": _with_channels,
    "an axis of one channel was added before the others": _with_channels_first,
    "channels were moved before height and width": _channels_first,
    "channels were moved behind height and width": _channels_last,
}


def _is_described(first: Batch, ids: Any) -> bool:
    """Return whether there is more to say of a sample than its number."""
    known = Batch.StdKeys.LABELS in first.metadata or Batch.StdKeys.PATH in first.metadata
    return known or ids is not None or not isinstance(_first_id(first), int | None)


def _first_id(first: Batch) -> Any:
    return next(iter(first.metadata.get(Batch.StdKeys.IDENTIFIER, ())), None)


def _on_a_copy(function: Callable[[NDArray[Any]], NDArray[Any]]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    if not callable(function):
        raise DeepViewException(f"preprocessing must be a function of an array, but is a {type(function).__name__}.")

    def preprocessing(values: NDArray[Any]) -> NDArray[Any]:
        return function(np.array(values))  # those of Keras write to their argument, and fields are read-only

    return preprocessing
