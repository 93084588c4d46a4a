"""What the debugger prints."""

import numpy as np
import pytest

from deepview_lab.base import Batch, pipeline
from deepview_lab.processors import PipelineDebugger, SnapshotSaver
from deepview_lab.samples import StubProducer

DATA = StubProducer(
    {"y": np.arange(3), "x": np.zeros((3, 2), np.float32)},
    {Batch.StdKeys.IDENTIFIER: "abc", Batch.StdKeys.LABELS: {"digit": [7, 8, 9]}},
)


def run(*stages):
    return list(pipeline(DATA, *stages)(2))


def test_it_shows_fields_snapshots_and_metadata(capsys):
    run(SnapshotSaver("raw"), PipelineDebugger("here"))
    assert capsys.readouterr().out.splitlines() == [
        "here: Batch of 2 samples",
        "  field x: float32 (2, 2)",
        "  field y: int64 (2,)",
        "  snapshot raw: x, y",
        "  metadata Batch.StdKeys.IDENTIFIER",
        "  metadata Batch.StdKeys.LABELS: digit",
    ]


@pytest.mark.parametrize(("first_only", "shown"), [(True, 1), (False, 2)])
def test_it_shows_the_first_batch_of_each_pass_or_all(capsys, first_only, shown):
    chain = pipeline(DATA, PipelineDebugger(first_only=first_only))
    for _ in range(2):
        assert [batch.batch_size for batch in chain(2)] == [2, 1]
    assert capsys.readouterr().out.count("Batch of") == 2 * shown


@pytest.mark.parametrize(("fields", "x", "y"), [(None, True, True), ("y", False, True), (["x", "y"], True, True)])
def test_it_shows_values_of_chosen_fields(fields, x, y):
    text = PipelineDebugger.dump(next(iter(DATA(3))), dump_fields=True, fields=fields)
    assert ("[0 1 2]" in text) == y
    assert ("[[0. 0.]" in text) == x


def test_it_shows_a_batch_in_the_making():
    assert PipelineDebugger.dump(Batch.Builder({"x": [1.0]})) == "Batch of 1 samples\n  field x: float64 (1,)"
