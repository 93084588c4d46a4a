"""Apply a function of batches, typically one that leaves samples out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeAlias

from deepview_lab.base import Batch, PipelineStage, Producer
from deepview_lab.base.metadata import DictMetaKey
from deepview_lab.base.producer import batches_of
from deepview_lab.exceptions import DeepViewException

__all__ = ["Composer"]

BatchFilter: TypeAlias = Callable[[Batch], Batch | None]


class Composer(PipelineStage):
    """Replace each batch by what a function makes of it.

    Batches of which no sample is left are not passed on. How many samples come out is not known in advance.

    Parameters
    ----------
    filter : callable
        Takes a batch and returns one, such as ``batch.elements[::2]``, or None when nothing is left.

    Raises
    ------
    TypeError
        when ``filter`` cannot be called.
    DeepViewException
        while batches pass, when it returns something else.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> positive = Composer.from_element_filter(lambda element: element.fields["x"] > 0)
    >>> peek_first_batch(pipeline(StubProducer({"x": [-1, 2, 3]}), positive), 3).fields["x"]
    array([2, 3])
    """

    def __init__(self, filter: BatchFilter) -> None:  # noqa: A002 - DeepView's name
        if not callable(filter):
            raise TypeError(f"Composer needs a function of a batch, but got a {type(filter).__name__}.")
        self._filter = filter

    @classmethod
    def from_element_filter(cls, elem_filter: Callable[[Batch.ElementType], bool]) -> Composer:
        """Return a stage that keeps the samples for which ``elem_filter`` is true."""

        def kept(batch: Batch) -> Batch:
            return batch.elements[[i for i, element in enumerate(batch.elements) if elem_filter(element)]]

        return cls(kept)

    @classmethod
    def from_dict_metadata(
        cls,
        metadata_key: DictMetaKey[Any],  # Any: labels of any type
        label_dimension: Hashable,
        label: Hashable,
    ) -> Composer:
        """Return a stage that keeps the samples with that label; those that do not have the dimension are left out.

        ``Composer.from_dict_metadata(Batch.StdKeys.LABELS, "dataset", "train")`` keeps the training samples.
        """

        def kept(batch: Batch) -> Batch | None:
            labels = batch.metadata.get(metadata_key, {}).get(label_dimension)
            return None if labels is None else batch.elements[[i for i, of in enumerate(labels) if of == label]]

        return cls(kept)

    def count(self, samples: int | None) -> None:
        """Return None: only the data tells how many samples are left."""

    def _pipeline(self, producer: Producer) -> Producer:
        def filtered(batch_size: int) -> Iterator[Batch]:
            for batch in batches_of(producer, batch_size):
                left = self._filter(batch)
                if left is not None and not isinstance(left, Batch):
                    raise DeepViewException(
                        f"The function of Composer must return a Batch or None, but returned a {type(left).__name__}."
                    )
                if left is not None and left.batch_size:
                    yield left

        return filtered
