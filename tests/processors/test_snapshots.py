"""Earlier states of a batch: saved, dropped."""

import numpy as np
import pytest

from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException
from deepview_lab.processors import Processor, SnapshotRemover, SnapshotSaver
from deepview_lab.samples import StubProducer

from .running import assert_described

DATA = StubProducer({"a": [1.0, 2.0], "b": [3.0, 4.0]}, {Batch.StdKeys.IDENTIFIER: ["i", "j"]})
double = Processor(lambda x: 2 * x)


def out(*stages):
    return peek_first_batch(pipeline(DATA, *stages), 2)


def test_a_snapshot_is_the_batch_as_it_was():
    batch = out(SnapshotSaver(), double)
    assert batch.fields == {"a": np.array([2.0, 4.0]), "b": np.array([6.0, 8.0])}
    assert batch.snapshots["snapshot"].fields == {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}
    assert batch.snapshots["snapshot"].metadata[Batch.StdKeys.IDENTIFIER] == ("i", "j")


@pytest.mark.parametrize(("keep", "expected"), [(True, {"a"}), (False, {"b"})])
def test_fields_of_the_snapshot_can_be_chosen(keep, expected):
    batch = out(SnapshotSaver("part", fields=["a", "absent"], keep=keep))
    assert set(batch.snapshots["part"].fields) == expected
    assert set(batch.fields) == {"a", "b"}


def test_several_are_told_apart_and_one_of_the_same_name_is_replaced():
    batch = out(SnapshotSaver("raw"), double, SnapshotSaver("twice"), double, SnapshotSaver("raw"))
    assert {name: item.fields["a"][0] for name, item in batch.snapshots.items()} == {"raw": 4.0, "twice": 2.0}
    assert not batch.snapshots["raw"].snapshots


def test_a_snapshot_of_nothing_is_refused():
    bare = StubProducer({"a": [1.0]})
    with pytest.raises(DeepViewException, match="leaves nothing"):
        peek_first_batch(pipeline(bare, SnapshotSaver(fields="absent")))


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (SnapshotRemover(), set()),
        (SnapshotRemover("x"), {"y", "z"}),
        (SnapshotRemover(["x", "absent"]), {"y", "z"}),
        (SnapshotRemover(["x", "y"], keep=True), {"x", "y"}),
        (SnapshotRemover([], keep=True), set()),
        (SnapshotRemover([]), {"x", "y", "z"}),
    ],
)
def test_snapshots_are_dropped_by_name(stage, expected):
    assert set(out(*map(SnapshotSaver, "xyz"), stage).snapshots) == expected


def test_what_to_keep_must_be_named():
    with pytest.raises(ValueError, match="needs the names of the snapshots to keep"):
        SnapshotRemover(keep=True)


@pytest.mark.parametrize("stage", [SnapshotSaver(), SnapshotRemover()])
def test_responses_stay_as_they_are(stage):
    assert_described(stage, {"r": np.zeros((2, 3), np.float32)})
