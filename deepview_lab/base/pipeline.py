"""Stages that transform batches, and pipelines: a producer followed by stages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Protocol, TypeAlias, runtime_checkable

from deepview_lab.base.batch import Batch
from deepview_lab.base.conversion import as_producer
from deepview_lab.base.framework import as_model, framework_of
from deepview_lab.base.producer import Producer, batches_of, known_responses, peek_first_batch, sample_count
from deepview_lab.base.remedies import instead_of_stage
from deepview_lab.base.response import ResponseInfo
from deepview_lab.exceptions import NotAProducerError, NotAStageError

__all__ = ["Pipeline", "PipelineStage", "pipeline"]

BatchProcessor: TypeAlias = Callable[[Batch], Batch]
Reader: TypeAlias = Callable[[Producer, int], Iterable[Batch]]


@runtime_checkable
class MakesStage(Protocol):
    """A model: it makes the stage that reads its activations."""

    def activations(self) -> PipelineStage:
        """Return the stage."""
        ...


class PipelineStage:
    """A step of a pipeline. Subclasses say how one batch becomes another, in one of two ways.

    Override :meth:`_get_batch_processor` (the common case: a function of one batch, without state, that does not change
    its input), or :meth:`_pipeline` when the stage needs to see the whole stream. It gets the :class:`Pipeline` of all
    that comes before it.
    """

    @property
    def logger(self) -> logging.Logger:
        """A logger named by the class."""
        return logging.getLogger(f"{type(self).__module__}.{type(self).__qualname__}")

    def _get_batch_processor(self) -> BatchProcessor:
        raise NotImplementedError(f"{type(self).__name__} must override _get_batch_processor or _pipeline.")

    def _pipeline(self, producer: Producer) -> Producer:
        source = producer._producer if isinstance(producer, Pipeline) else producer
        return _Mapped(source, self._get_batch_processor())

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return what is known of the responses behind this stage, given what is known before it.

        The default is to know the same. A stage that renames, drops or reshapes fields overrides this, so that layers,
        units and kinds can be shown before data flows.
        """
        return responses

    def count(self, samples: int | None) -> int | None:
        """Return how many samples leave this stage, given how many come; None when that is not known."""
        return samples


class _Mapped:
    def __init__(self, producer: Producer, process: BatchProcessor) -> None:
        self._producer = producer
        self._process = process

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        return map(self._process, batches_of(self._producer, batch_size))


class Pipeline:
    """A producer made of a ``source`` and the ``stages`` that its batches pass.

    Make one with :func:`pipeline`. Its stages can be read; a pipeline given as source is unfolded.
    """

    def __init__(self, source: Producer, stages: Sequence[PipelineStage]) -> None:
        inner = source if isinstance(source, Pipeline) else None
        self.source: Producer = inner.source if inner else source
        self.stages: tuple[PipelineStage, ...] = inner.stages if inner else ()
        self._producer: Producer = inner._producer if inner else source
        self._ahead: tuple[Pipeline, Reader] | None = inner._ahead if inner else None
        for stage in stages:
            before = copy(self)
            self._producer = stage._pipeline(before)
            self.stages = (*self.stages, stage)

    def __call__(self, batch_size: int) -> Iterable[Batch]:
        """Yield batches that have passed every stage."""
        return self._producer(batch_size)

    def read_by(self, read: Reader) -> Pipeline:
        """Return a pipeline of the same source and stages, whose batches come from ``read(self, batch_size)``."""
        taken = copy(self)
        taken._producer = lambda batch_size: read(self, batch_size)
        taken._ahead = (self, read)
        return taken

    def tapped(self, tap: Callable[[Producer], Producer]) -> Pipeline:
        """Return a pipeline of the same stages, with ``tap`` where each further stage only sees one batch at a time.

        Samples that the tap leaves out do not reach those stages, and all others leave them as if it had not.
        """
        whole = [i for i, stage in enumerate(self.stages, start=1) if type(stage)._pipeline != PipelineStage._pipeline]
        return self._tapped(whole[-1] if whole else 0, tap)

    def _tapped(self, position: int, tap: Callable[[Producer], Producer]) -> Pipeline:
        source: Producer = self.source
        if self._ahead is not None:
            ahead, read = self._ahead
            cut = len(ahead.stages)
            if position <= cut:
                return Pipeline(ahead._tapped(position, tap).read_by(read), self.stages[cut:])
            source = Pipeline(ahead.read_by(read), self.stages[cut:position])
        elif position:
            source = Pipeline(source, self.stages[:position])
        return Pipeline(tap(source), self.stages[position:])

    def __len__(self) -> int:
        count = sample_count(self.source)
        for stage in self.stages:
            count = stage.count(count)
        if count is None:
            raise TypeError(f"The source {type(self.source).__name__} does not say how many samples it has.")
        return count

    def __bool__(self) -> bool:
        return True

    def __copy__(self) -> Pipeline:
        same = object.__new__(Pipeline)
        vars(same).update(vars(self))
        return same

    def __reduce__(self) -> tuple[object, ...]:
        # How its stages are chained cannot be pickled, and is made anew.
        return Pipeline, (self.source, self.stages)

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the fields that come out before any data flows: empty unless a model made them."""
        known = known_responses(self.source)
        for stage in self.stages:
            known = stage.describe(known)
        return known

    def __repr__(self) -> str:
        names = [getattr(part, "__name__", type(part).__name__) for part in (self.source, *self.stages)]
        return f"pipeline({' -> '.join(names)})"


def pipeline(producer: Producer, *stages: PipelineStage | Iterable[PipelineStage]) -> Pipeline:
    """Chain ``stages`` behind ``producer``.

    Parameters
    ----------
    producer : Producer
        Where the batches come from; a pipeline is a producer too. Data becomes one (``deepview_lab.as_producer``).
    *stages : PipelineStage or iterable of PipelineStage
        In the order in which batches pass them. A list of stages counts as its members. Of a model, also a
        Keras model, the activations are read; ``as_model(model)(["layer"])`` chooses others.

    Raises
    ------
    NotAStageError
        (a TypeError) naming the position and type of what is no stage.
    NotAProducerError
        (a TypeError) when the first argument is no producer and cannot become one.
    """
    if isinstance(producer, PipelineStage):
        raise NotAProducerError(producer, "it is a stage; the first argument is where the data comes from")
    producer = as_producer(producer)
    flat: list[object] = []
    for stage in stages:
        flat.extend(stage if isinstance(stage, list | tuple) else [stage])
    checked: list[PipelineStage] = []
    for position, given in enumerate(flat, start=1):
        checked.append(_checked(position, given, producer, tuple(checked)))
    return Pipeline(producer, checked)


def _checked(position: int, stage: object, producer: Producer, before: Sequence[PipelineStage]) -> PipelineStage:
    if isinstance(stage, PipelineStage):
        return stage
    model = stage
    if framework_of(stage) is not None:
        model = as_model(stage, example=lambda: peek_first_batch(Pipeline(producer, before)).fields)
    if isinstance(model, MakesStage):
        return model.activations()
    raise NotAStageError(position, stage, known=instead_of_stage(stage))
