"""Join fields to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from deepview_lab.base import Batch, Layer, PipelineStage, ResponseInfo
from deepview_lab.base.pipeline import BatchProcessor
from deepview_lab.exceptions import UnknownNameError
from deepview_lab.typing import OneOrMany, resolve_one_or_many_to_list

__all__ = ["Concatenator"]


class Concatenator(PipelineStage):
    """Add a field that is others, one behind the other along an axis. The others stay.

    Parameters
    ----------
    dim : int
        The axis. Negative axes count from the end. Axis 0 counts samples and cannot be it.
    output_field : str
        Name of the new field; one of that name is replaced.
    fields : str or sequence of str
        What to join, in this order. Shapes must be equal but for ``dim``.

    Raises
    ------
    ValueError
        when ``dim`` is 0 or ``fields`` is empty, and while batches pass when the shapes do not fit.
    UnknownNameError
        (a KeyError) while batches pass, when one of ``fields`` is not in the batch.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> data = StubProducer({"a": np.zeros((1, 2)), "b": np.ones((1, 1))})
    >>> peek_first_batch(pipeline(data, Concatenator(dim=1, output_field="all", fields=["a", "b"]))).fields["all"]
    array([[0., 0., 1.]])
    """

    def __init__(self, dim: int, output_field: str, fields: OneOrMany[str]) -> None:
        self._dim = dim
        self._output = output_field
        self._fields = resolve_one_or_many_to_list(fields, str)
        if dim == 0:
            raise ValueError("Concatenator cannot join along axis 0, which counts samples: dim must be another.")
        if not self._fields:
            raise ValueError("Concatenator needs at least one field to join, but fields is empty.")

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the infos with that of the joined field. Its units are along the axis of the others', or come last."""
        if not responses.keys() >= set(self._fields):
            return responses
        infos = [responses[name] for name in self._fields]
        axis = self._common_axis([info.shape for info in infos])
        if axis is None:  # the batches will say so
            return responses
        first = infos[0].shape
        lengths = [info.shape[axis] for info in infos]
        along = sum(length for length in lengths if length is not None) if None not in lengths else None
        units = {info.unit_axis % len(first) for info in infos}
        joined = ResponseInfo(
            self._output,
            np.result_type(*(info.dtype for info in infos)),
            (*first[:axis], along, *first[axis + 1 :]),
            Layer(self._output, typename=type(self).__name__),
            units.pop() if len(units) == 1 else -1,
        )
        return {**responses, self._output: joined}

    def _get_batch_processor(self) -> BatchProcessor:
        def concatenate(batch: Batch) -> Batch:
            for name in self._fields:
                if name not in batch.fields:
                    raise UnknownNameError("field", name, batch.fields)
            arrays = [batch.fields[name] for name in self._fields]
            axis = self._common_axis([array.shape for array in arrays])
            if axis is None:
                listed = ", ".join(f"{name} {array.shape}" for name, array in zip(self._fields, arrays, strict=True))
                raise ValueError(
                    f"Concatenator cannot join the fields {listed} along axis {self._dim}: shapes must be equal but "
                    "for that axis, which must not be the first."
                )
            builder = Batch.Builder(base=batch)
            builder.fields[self._output] = np.concatenate(arrays, axis=axis)
            return builder.make_batch()

        return concatenate

    def _common_axis(self, shapes: Sequence[tuple[int | None, ...]]) -> int | None:
        """Return the axis from the front along which arrays of these shapes can be joined, None when they cannot."""
        ndim = len(shapes[0])
        axis = self._dim + ndim if self._dim < 0 else self._dim
        rests = {(len(shape), shape[:axis], shape[axis + 1 :]) for shape in shapes}
        return axis if 0 < axis < ndim and len(rests) == 1 else None
