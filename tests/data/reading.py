"""What a producer yields, as whole arrays and lists."""

from __future__ import annotations

import numpy as np

from deepview_lab.base import Batch

KEYS = Batch.StdKeys


def whole(producer, batch_size=4):
    """Return the fields, identifiers and labels of all batches."""
    batches = list(producer(batch_size))
    assert all(batch.batch_size == batch_size for batch in batches[:-1])
    fields = {name: np.concatenate([batch.fields[name] for batch in batches]) for name in batches[0].fields}
    ids = [item for batch in batches for item in batch.metadata[KEYS.IDENTIFIER]]
    labels = {
        name: [item for batch in batches for item in batch.metadata[KEYS.LABELS][name]]
        for name in batches[0].metadata.get(KEYS.LABELS, {})
    }
    return fields, ids, labels
