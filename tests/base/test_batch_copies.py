"""Batches are compared by value, copied and pickled."""

import copy
import pickle

import numpy as np
import pytest

from deepview_lab.base import Batch, pipeline
from deepview_lab.processors import Pooler
from deepview_lab.samples import StubProducer

KEYS = Batch.StdKeys


def rich():
    builder = Batch.Builder({"x": np.arange(6.0).reshape(3, 2)})
    builder.metadata[KEYS.IDENTIFIER] = ["a", "b", "c"]
    builder.metadata[KEYS.LABELS] = {"digit": [1, 2, 3]}
    builder.snapshots["before"] = Batch({"raw": np.zeros((3, 1))})
    return builder


def test_batches_and_elements_are_equal_by_value():
    assert rich().make_batch() == rich().make_batch()
    assert rich().make_batch().elements[1] == rich().make_batch().elements[1]
    whole = rich().make_batch()
    assert whole.elements[0] != whole.elements[1]
    others = [rich() for _ in range(4)]
    others[0].fields["x"] = np.ones((3, 2))
    others[1].metadata[KEYS.LABELS]["digit"][2] = 4
    others[2].snapshots["before"] = Batch({"raw": np.ones((3, 1))})
    others[3].fields["y"] = np.ones(3)
    assert [other.make_batch() == whole for other in others] == [False] * 4
    assert whole != "a batch"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_batches_elements_and_metadata_can_be_copied_and_pickled_and_stay_read_only(copied):
    whole = rich().make_batch()
    assert copied(whole) == whole
    assert copied(whole.elements[2]) == whole.elements[2]
    assert copied(whole.metadata) == whole.metadata
    assert copied(whole.fields) == whole.fields
    assert isinstance(whole.metadata, Batch.MetadataType)
    with pytest.raises(ValueError, match="read-only"):
        copied(whole).fields["x"][0] = 1


def test_producers_pipelines_and_stages_can_be_copied_and_pickled():
    chain = pipeline(StubProducer({"x": np.ones((3, 2, 2))}), Pooler(dim=1, method=Pooler.Method.MAX))
    for again in (copy.deepcopy(chain), pickle.loads(pickle.dumps(chain))):
        assert list(again(2)) == list(chain(2))
