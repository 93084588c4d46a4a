"""What a run is going to do: which part of a pipeline can work ahead, how much data there is, which layers come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from deepview_lab.base import Batch, Layer, ModelStage, Pipeline, PipelineStage, Producer, ResponseInfo
from deepview_lab.base.fingerprint import fingerprint
from deepview_lab.base.producer import batches_of, known_responses, sample_count
from deepview_lab.exceptions import DeepViewException

__all__ = ["RunPlan", "responses_of"]


@dataclass(frozen=True)
class RunPlan:
    """A producer cut in two, before its first model.

    ``ahead`` (reading and preprocessing) may run early; ``behind`` runs where the results are folded.
    """

    ahead: Producer
    behind: tuple[PipelineStage, ...]
    responses: Mapping[str, ResponseInfo]
    total: int | None

    @property
    def made_of(self) -> Mapping[str, str]:
        """Fingerprint of the data, the stages and the model."""
        return fingerprint(Pipeline(self.ahead, self.behind))

    @property
    def source(self) -> Producer:
        """Where the data comes from: the first link of a pipeline."""
        return self.ahead.source if isinstance(self.ahead, Pipeline) else self.ahead

    @classmethod
    def of(cls, producer: Producer, total: int | None = None) -> RunPlan:
        """Return the plan for ``producer``; ``total`` samples if it does not say itself."""
        count = sample_count(producer) if total is None else total
        if not isinstance(producer, Pipeline):
            return cls(ahead=producer, behind=(), responses=known_responses(producer), total=count)
        cut = next((i for i, stage in enumerate(producer.stages) if isinstance(stage, ModelStage)), None)
        if cut is None:
            return cls(ahead=producer, behind=(), responses=producer.responses, total=count)
        return cls(
            ahead=Pipeline(producer.source, producer.stages[:cut]),
            behind=producer.stages[cut:],
            responses=producer.responses,
            total=count,
        )

    def batches(
        self, read: Callable[[Producer, int], Iterable[Batch]], batch_size: int, skip: int = 0
    ) -> Iterator[Batch]:
        """Yield the batches that come out at the end, where ``read`` says how ``ahead`` is iterated.

        The first ``skip`` of them are left out as early as the stages allow: before the model, unless a stage behind it
        needs to see the whole stream.
        """
        if isinstance(self.ahead, Pipeline):
            whole = Pipeline(self.ahead.read_by(read), self.behind)
            return batches_of(whole.tapped(lambda inner: _behind(inner, skip)) if skip else whole, batch_size)
        return batches_of(lambda size: read(_behind(self.ahead, skip) if skip else self.ahead, size), batch_size)


def _behind(producer: Producer, skip: int) -> Producer:
    """Return a producer of what comes behind the first ``skip`` batches."""

    def produce(batch_size: int) -> Iterator[Batch]:
        passed = 0
        for batch in batches_of(producer, batch_size):
            if passed >= skip:
                yield batch
            passed += 1
        if passed < skip:
            raise DeepViewException(
                f"The checkpoint was made behind batch {skip}, but the data ends with batch {passed} now. Delete the "
                "checkpoint to start anew."
            )

    return produce


def responses_of(batch: Batch) -> dict[str, ResponseInfo]:
    """Return what a first batch tells of its fields, for producers that are no pipeline with a model."""
    return {
        name: ResponseInfo(name=name, dtype=array.dtype, shape=(None, *array.shape[1:]), layer=Layer(name))
        for name, array in batch.fields.items()
    }
