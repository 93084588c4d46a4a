"""A function of arrays as a stage; the base of the stages that change one field at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch, PipelineStage, ResponseInfo
from deepview_lab.base.pipeline import BatchProcessor
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.typing import OneManyOrNone, resolve_one_many_or_none

__all__ = ["Processor"]

# Any: a field may hold any dtype.
ArrayFunction: TypeAlias = Callable[[NDArray[Any]], NDArray[Any]]


class Processor(PipelineStage):
    """Apply a function to fields.

    Parameters
    ----------
    func : callable
        Takes the array of one field, samples in dimension 0, and returns one with the same number of samples. It must
        not write to its argument, which is read-only.
    fields : None, str or collection of str
        The fields to change; None means all of them. Other fields pass as they are.

    Raises
    ------
    UnknownNameError
        (a KeyError) while batches pass, when one of ``fields`` is not in the batch.
    DeepViewException
        while batches pass, when ``func`` changes the number of samples.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import Batch, peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> halved = pipeline(StubProducer({"x": np.array([2.0, 4.0])}), Processor(lambda x: x / 2, fields="x"))
    >>> peek_first_batch(halved, 2).fields["x"]
    array([1., 2.])
    """

    def __init__(self, func: ArrayFunction, *, fields: OneManyOrNone[str] = None) -> None:
        if not callable(func):
            raise TypeError(f"Processor needs a function of an array, but got a {type(func).__name__}.")
        self._function = func
        self._selected = resolve_one_many_or_none(fields, str)

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the infos as the selected fields leave this stage."""
        selected = self._names(responses)
        return {name: self._described(info) if name in selected else info for name, info in responses.items()}

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        # What an arbitrary function does to a shape cannot be known without data.
        return info

    def _names(self, present: Iterable[str]) -> frozenset[str]:
        return frozenset(present) if self._selected is None else self._selected

    def _get_batch_processor(self) -> BatchProcessor:
        def process(batch: Batch) -> Batch:
            selected = self._names(batch.fields)
            for name in sorted(selected - batch.fields.keys()):
                raise UnknownNameError("field", name, batch.fields)
            builder = Batch.Builder(base=batch)
            for name, array in batch.fields.items():
                if name in selected:
                    builder.fields[name] = self._applied(name, array)
            return builder.make_batch()

        return process

    def _applied(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        try:
            result = np.asarray(self._function(array))
        except _StageInputError as error:
            raise ValueError(f"{type(self).__name__}: field {name!r} {error}") from None
        if result.shape[:1] != array.shape[:1]:
            function = getattr(self._function, "__name__", type(self._function).__name__)
            raise DeepViewException(
                f"{type(self).__name__}: the function {function} made an array of shape {result.shape} of field "
                f"{name!r} of shape {array.shape}, but dimension 0 counts samples and must stay {len(array)}."
            )
        return result


class _StageInputError(ValueError):
    """What is wrong with an array, for the stage to complete with the field's name."""
