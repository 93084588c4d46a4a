"""Producers of tests of caches: they tell what was asked of them."""

from __future__ import annotations

import numpy as np

from deepview_lab.base import Batch, Layer, LayerKind, Model, ModelDetails, ResponseInfo

ID, LABELS, PATH = Batch.StdKeys.IDENTIFIER, Batch.StdKeys.LABELS, Batch.StdKeys.PATH


class Rows:
    """Yields ``count`` rows with identifiers and labels; stops with an error before row ``fails_at``."""

    calls: list[int]  # of the class, so that they are no part of what a producer is made of

    def __init__(self, count: int, factor: float = 1.0) -> None:
        type(self).calls = []
        type(self).fails_at = None
        self.factor = factor
        self.count = count

    def __call__(self, batch_size):
        self.calls.append(batch_size)
        for start in range(0, self.count, batch_size):
            stop = min(start + batch_size, self.count)
            if self.fails_at is not None and stop > self.fails_at:
                raise InterruptedError(f"before row {stop}")
            yield self.rows(start, stop)

    def __len__(self):
        return self.count

    def rows(self, start, stop):
        numbers = np.arange(start, stop)
        builder = Batch.Builder({"x": (numbers[:, None] + np.arange(3) / 10).astype(np.float32) * self.factor})
        builder.metadata[ID] = [f"row {number}" for number in numbers]
        builder.metadata[LABELS] = {"parity": [int(number % 2) for number in numbers], ("of", 3): list(numbers % 3)}
        return builder.make_batch()


class Maps(ModelDetails):
    """Makes maps with channels first of rows, and counts the rows that it was given."""

    def __init__(self, weight: float = 2.0) -> None:
        self.seen = 0
        self.weight = weight

    @property
    def inputs(self):
        return {"x": ResponseInfo("x", np.dtype("f4"), (None, 3), Layer("x"))}

    @property
    def responses(self):
        layer = Layer("conv", LayerKind.CONV_2D, "Conv2D")
        return {"maps": ResponseInfo("maps", np.dtype("f4"), (None, 3, 2, 2), layer, 1)}

    def weights(self):
        return [np.array([self.weight])]

    def run(self, inputs, requested):
        self.seen += len(inputs["x"])
        return {"maps": np.repeat(inputs["x"] * self.weight, 4, axis=1).reshape(-1, 3, 2, 2)}


def maps_model(weight: float = 2.0) -> tuple[Model, Maps]:
    details = Maps(weight)
    return Model(details), details


def joined(batches):
    """Return fields, identifiers and labels of all batches, one after the other."""
    batches = list(batches)
    fields = {name: np.concatenate([batch.fields[name] for batch in batches]) for name in batches[0].fields}
    ids = [value for batch in batches for value in batch.metadata[ID]]
    labels = {}
    for batch in batches:
        for sub, values in batch.metadata.get(LABELS, {}).items():
            labels.setdefault(sub, []).extend(values)
    return fields, ids, labels


def assert_same(batches, others):
    (fields, ids, labels), (other_fields, other_ids, other_labels) = joined(batches), joined(others)
    assert fields.keys() == other_fields.keys()
    for name, array in fields.items():
        assert array.dtype == other_fields[name].dtype
        np.testing.assert_array_equal(array, other_fields[name])
    assert ids == other_ids
    assert list(map(type, ids)) == list(map(type, other_ids))
    assert labels == other_labels
    assert {sub: list(map(type, v)) for sub, v in labels.items()} == {
        sub: list(map(type, v)) for sub, v in other_labels.items()
    }
