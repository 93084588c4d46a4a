"""Stages that keep earlier states of a batch with it, and drop them."""

from __future__ import annotations

from deepview_lab.base import Batch, PipelineStage
from deepview_lab.base.pipeline import BatchProcessor
from deepview_lab.processors.fields import FieldRemover
from deepview_lab.typing import OneManyOrNone, resolve_one_many_or_none

__all__ = ["SnapshotRemover", "SnapshotSaver"]


class SnapshotSaver(PipelineStage):
    """Keep the batch as it is here as one of its snapshots. Fields and metadata pass as they are.

    Parameters
    ----------
    save : str
        Name of the snapshot; one of that name is replaced.
    fields : None, str or collection of str
        The fields that the snapshot has; None means all. Names that a batch does not have are ignored.
    keep : bool
        Whether ``fields`` are those that it has; otherwise they are those that it has not.

    Raises
    ------
    DeepViewException
        while batches pass, when neither a field nor metadata is left for the snapshot.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.processors import Processor
    >>> from deepview_lab.samples import StubProducer
    >>> chain = pipeline(StubProducer({"x": [2.0]}), SnapshotSaver("raw"), Processor(lambda x: x / 2))
    >>> peek_first_batch(chain).fields["x"], peek_first_batch(chain).snapshots["raw"].fields["x"]
    (array([1.]), array([2.]))
    """

    def __init__(self, save: str = "snapshot", fields: OneManyOrNone[str] = None, keep: bool = True) -> None:  # noqa: FBT001, FBT002 - DeepView's signature
        self._name = save
        self._choice = None if fields is None else FieldRemover(fields=fields, keep=keep)

    def _get_batch_processor(self) -> BatchProcessor:
        choose = self._choice._get_batch_processor() if self._choice else None  # noqa: SLF001 - DeepView's name for what a stage does

        def save(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            builder.snapshots[self._name] = choose(batch) if choose else batch
            return builder.make_batch()

        return save


class SnapshotRemover(PipelineStage):
    """Drop snapshots, or drop all others. Fields and metadata pass as they are.

    Parameters
    ----------
    snapshots : None, str or collection of str
        The snapshots to drop; None means all. Names that a batch does not have are ignored.
    keep : bool
        Whether ``snapshots`` are the ones to keep instead.

    Raises
    ------
    ValueError
        when ``keep`` is set and no snapshot is named.
    """

    def __init__(self, snapshots: OneManyOrNone[str] = None, keep: bool = False) -> None:  # noqa: FBT001, FBT002 - DeepView's signature
        self._names = resolve_one_many_or_none(snapshots, str)
        self._keep = keep
        if keep and self._names is None:
            raise ValueError("SnapshotRemover(keep=True) needs the names of the snapshots to keep.")

    def _get_batch_processor(self) -> BatchProcessor:
        def remove(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            builder.snapshots = {name: item for name, item in batch.snapshots.items() if self._stays(name)}
            return builder.make_batch()

        return remove

    def _stays(self, name: str) -> bool:
        return self._names is not None and (name in self._names) == self._keep
