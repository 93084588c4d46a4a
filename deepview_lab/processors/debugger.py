"""Show what passes through a pipeline."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deepview_lab.base import Batch, PipelineStage, Producer
from deepview_lab.base.metadata import DictMetaKey, key_name
from deepview_lab.base.producer import batches_of
from deepview_lab.typing import OneManyOrNone, resolve_one_many_or_none

__all__ = ["PipelineDebugger"]


class PipelineDebugger(PipelineStage):
    """Print what batches hold; they pass as they are.

    Parameters
    ----------
    label : str
        Printed in front, to tell several of them apart.
    first_only : bool
        Whether only the first batch of each pass is printed.
    dump_fields : bool
        Whether values are printed too.
    fields : None, str or collection of str
        The fields whose values are printed; None means all.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> data = StubProducer({"x": np.zeros((3, 2))}, {Batch.StdKeys.LABELS: {"digit": [7, 8, 9]}})
    >>> _ = peek_first_batch(pipeline(data, PipelineDebugger("raw")), 3)
    raw: Batch of 3 samples
      field x: float64 (3, 2)
      metadata Batch.StdKeys.LABELS: digit
    """

    def __init__(
        self,
        label: str = "",
        first_only: bool = True,  # noqa: FBT001, FBT002 - DeepView's signature
        dump_fields: bool = False,  # noqa: FBT001, FBT002
        fields: OneManyOrNone[str] = None,
    ) -> None:
        self._label = label
        self._first_only = first_only
        self._dump_fields = dump_fields
        self._fields = fields

    def _pipeline(self, producer: Producer) -> Producer:
        def shown(batch_size: int) -> Iterator[Batch]:
            for number, batch in enumerate(batches_of(producer, batch_size)):
                if not (number and self._first_only):
                    print(self.dump(batch, self._label, self._dump_fields, self._fields))  # noqa: T201 - that is its job
                yield batch

        return shown

    @staticmethod
    def dump(
        batch: Batch | Batch.Builder,
        label: str = "",
        dump_fields: bool = False,  # noqa: FBT001, FBT002 - DeepView's signature
        fields: OneManyOrNone[str] = None,
    ) -> str:
        """Return in some lines what a batch holds: fields with dtype and shape, snapshots, and metadata."""
        batch = batch.make_batch() if isinstance(batch, Batch.Builder) else batch
        chosen = resolve_one_many_or_none(fields, str)
        lines = [f"{label}: " * bool(label) + f"Batch of {batch.batch_size} samples"]
        for name, array in sorted(batch.fields.items()):
            lines.append(f"  field {name}: {array.dtype} {array.shape}")
            if dump_fields and (chosen is None or name in chosen):
                lines.extend(f"    {line}" for line in np.array2string(array).splitlines())
        lines.extend(f"  snapshot {name}: {', '.join(sorted(item.fields))}" for name, item in batch.snapshots.items())
        for key in sorted(batch.metadata, key=lambda key: key.name):
            keys = f": {', '.join(map(str, batch.metadata[key]))}" if isinstance(key, DictMetaKey) else ""
            lines.append(f"  metadata {key_name(key)}{keys}")
        return "\n".join(lines)
