"""Fields that are not in every batch are named: in the run's note, by a warning, and after a resumed run too."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.base import Batch
from deepview_lab.engine import start
from deepview_lab.engine.checkpoint import writer as checkpoint_writer
from deepview_lab.engine.coverage import FieldCoverage
from deepview_lab.exceptions import DeepViewWarning

from .keeping import WAIT
from .rowing import RowingSpec

ONES = np.ones((32, 2))
GATES = {}


class Fields:
    """A producer of batches of these fields."""

    def __init__(self, *names, gates=None):
        self.names = names
        GATES[id(self)] = gates or {}  # not an attribute: those tell sources apart

    def __len__(self):
        return 32 * len(self.names)

    def __call__(self, batch_size):
        for index, names in enumerate(self.names):
            gate = GATES[id(self)].get(index)
            assert gate is None or gate.wait(WAIT)
            yield Batch(dict.fromkeys(names, ONES))


A_THEN_B = (
    "Only 32 of 64 samples have field 'a': batch 2 lacks it. Only 32 of 64 samples have field 'b': batch 1 lacks it."
)


@pytest.mark.parametrize("spec", [IUASpec(), PFASpec()])
def test_a_field_that_vanishes_is_named_and_what_was_counted_of_it_stays(spec):
    run = start(Fields("a", "b"), spec, name="mine")
    with pytest.warns(DeepViewWarning, match="Run 'mine' is incomplete. Only 32 of 64 samples have field 'a': batch 2"):
        result = run.wait(WAIT)[spec.kind]
    assert run.status == "done"
    assert run.note == A_THEN_B
    layers = result.results if spec.kind == "iua" else result.covariances
    assert {name: layer.samples for name, layer in layers.items()} == {"a": 32, "b": 32}


def test_it_is_told_while_the_run_works():
    gate = threading.Event()
    run = start(Fields("ab", "ab", "b", "ab", gates={3: gate}), IUASpec())
    while run.progress.batches < 3:
        assert not run._job.lifecycle.wait(0.01)
    assert run.note == "Only 64 of 96 samples have field 'a': batch 3 lacks it."
    gate.set()
    with pytest.warns(DeepViewWarning, match="Only 96 of 128 samples have field 'a': batch 3 lacks it"):
        run.wait(WAIT)


def test_fields_that_all_batches_have_are_no_news():
    run = start(Fields("ab", "ab"), IUASpec())
    run.wait(WAIT)
    assert run.note is None


def test_a_field_that_nobody_takes_may_come_and_go():
    class One(RowingSpec):
        @property
        def rows_wanted(self):
            return RowsWanted(fields=frozenset("a"))

    run = start(Fields("ab", "a", "ab"), One())
    run.wait(WAIT)
    assert (run.status, run.note) == ("done", None)


def test_a_resumed_run_remembers_which_fields_were_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint_writer, "OFTEN", 0.0)
    monkeypatch.setattr(checkpoint_writer, "SHARE", float("inf"))
    gate = threading.Event()
    run = start(Fields("ab", "b", "ab", gates={2: gate}), IUASpec(), checkpoint=tmp_path)
    while (run.kept or 0) < 2:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    assert run._job.lifecycle.wait(WAIT)
    again = start(Fields("ab", "b", "ab"), IUASpec(), checkpoint=tmp_path)
    with pytest.warns(DeepViewWarning, match="Only 64 of 96"):
        again.wait(WAIT)
    assert again.note == "Only 64 of 96 samples have field 'a': batch 2 lacks it."


def test_of_many_fields_three_are_named():
    coverage = FieldCoverage()
    coverage.count(1, [f"f{number}" for number in range(1000)], 8)
    coverage.count(2, [], 0)
    assert not coverage.note()
    coverage.count(2, [], 8)
    assert coverage.note().endswith("field 'f10': batch 2 lacks it. 997 more fields are not in all batches.")
