"""Producers and introspectors of the tests of multi_introspect."""

from itertools import count

import numpy as np

from deepview_lab.base import Batch

RNG = np.random.default_rng(5)
MAPS = {"conv": np.maximum(RNG.standard_normal((70, 3, 3, 5)), 0), "dense": RNG.standard_normal((70, 4))}


class Numbers:
    """Batches of running numbers, for ever unless a ``length`` is given; remembers what was made."""

    def __init__(self, length=None):
        self.length = length
        self.calls = 0
        self.made = 0

    def __call__(self, batch_size):
        self.calls += 1
        for first in count(0, batch_size):
            if self.length is not None and first >= self.length:
                return
            self.made += 1
            yield Batch({"x": np.arange(first, first + batch_size)})


def everything(producer, batch_size=10):
    return [batch.fields["x"].tolist() for batch in producer(batch_size)]


def first_batch(producer):
    for batch in producer(10):
        return batch.fields["x"].tolist()
    return None


def nothing(producer):
    return "nothing"
