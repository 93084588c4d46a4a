"""What a run is going to do: which part of a pipeline can work ahead, how much data there is, which layers come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from deepview_lab.base import Batch, Layer, ModelStage, Pipeline, PipelineStage, Producer, ResponseInfo
from deepview_lab.base.producer import batches_of, sample_count

__all__ = ["Plan", "responses_of"]


@dataclass(frozen=True)
class Plan:
    """A producer cut in two, before its first model.

    ``ahead`` (reading and preprocessing) may run early; ``behind`` runs where the results are folded.
    """

    ahead: Producer
    behind: tuple[PipelineStage, ...]
    responses: Mapping[str, ResponseInfo]
    total: int | None

    @property
    def source(self) -> Producer:
        """Where the data comes from: the first link of a pipeline."""
        return self.ahead.source if isinstance(self.ahead, Pipeline) else self.ahead

    @classmethod
    def of(cls, producer: Producer, total: int | None = None) -> Plan:
        """Return the plan for ``producer``; ``total`` samples if it does not say itself."""
        count = sample_count(producer) if total is None else total
        if not isinstance(producer, Pipeline):
            return cls(ahead=producer, behind=(), responses={}, total=count)
        cut = next((i for i, stage in enumerate(producer.stages) if isinstance(stage, ModelStage)), None)
        if cut is None:
            return cls(ahead=producer, behind=(), responses=producer.responses, total=count)
        return cls(
            ahead=Pipeline(producer.source, producer.stages[:cut]),
            behind=producer.stages[cut:],
            responses=producer.responses,
            total=count,
        )

    def batches(self, read: Callable[[Producer, int], Iterable[Batch]], batch_size: int) -> Iterator[Batch]:
        """Yield the batches that come out at the end, where ``read`` says how ``ahead`` is iterated."""

        def reading(size: int) -> Iterable[Batch]:
            return read(self.ahead, size)

        producer: Producer = reading
        for stage in self.behind:
            producer = stage._pipeline(producer)
        return batches_of(producer, batch_size)


def responses_of(batch: Batch) -> dict[str, ResponseInfo]:
    """Return what a first batch tells of its fields, for producers that are no pipeline with a model."""
    return {
        name: ResponseInfo(name=name, dtype=array.dtype, shape=(None, *array.shape[1:]), layer=Layer(name))
        for name, array in batch.fields.items()
    }
