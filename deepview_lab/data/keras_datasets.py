"""``keras.utils.PyDataset`` as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from
from deepview_lab.data.element import described
from deepview_lab.data.stream_producer import StreamProducer
from deepview_lab.exceptions import DataError

__all__ = ["PyDatasetSource"]


class PyDatasetSource:
    """A data set of Keras that yields batches by their number."""

    def recognises(self, value: Any) -> str | None:
        """Return "Keras PyDataset"."""
        return "Keras PyDataset" if derives_from(value, "keras", "PyDataset") else None

    def size(self, value: Any) -> int | None:  # noqa: ARG002 - its length is the user's code, and counts batches
        """Return None: it counts batches."""
        return None

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> StreamProducer:
        """Return a producer that reads its batches in their order."""
        if not len(value):
            raise DataError("The PyDataset has no batch, but at least one is needed.")

        def chunks(batch_size: int) -> Iterable[Any]:  # noqa: ARG001 - it has a size of its own
            return (value[at] for at in range(len(value)))

        said = described(value[0]) if options.labels is None else ""
        return StreamProducer(chunks, None, options, what="Keras PyDataset", guessed=[said] if said else [])
