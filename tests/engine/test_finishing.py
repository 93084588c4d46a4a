"""What comes after the last batch: stages, partial results, cancelling, pausing, errors in the row store."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import RunChanged, SnapshotTaken, introspect, registry, start
from deepview_lab.exceptions import DeepViewWarning, PartialResultWarning

from .counting import CountingSpec, Numbers
from .rowing import RowingSpec

WAIT = 60
DATA = {"a": np.array([[3.0, 4.0], [6.0, 8.0], [np.nan, 0.0]]), "b": np.ones((3, 4))}


def two(batch_size):
    for start_at in range(0, 3, batch_size):
        yield Batch({name: values[start_at : start_at + batch_size] for name, values in DATA.items()})


class Gate:
    """Holds the analysis in the stage of response ``name``."""

    def __init__(self, name):
        self.name = name
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, name):
        if name == self.name:
            self.reached.set()
            assert self.open.wait(WAIT)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 64])
def test_the_rows_are_the_same_in_any_batch_size(batch_size):
    result = introspect(two, RowingSpec(), batch_size=batch_size)["familiarity"]
    assert result.lengths["a"].tolist()[:2] == [5.0, 10.0]
    assert np.isnan(result.lengths["a"][2])
    assert result.lengths["b"].tolist() == [2.0, 2.0, 2.0]


def test_stages_show_in_the_progress_and_partial_results_as_tables(events):
    gate = Gate("b")
    stages = []
    unwatch = registry.watch(lambda event: stages.append(event.run.progress.stage))
    run = start(two, RowingSpec(gate), batch_size=2)
    assert gate.reached.wait(WAIT)
    assert (run.progress.stage, run.progress.stage_done) == ("Measuring b", 0.5)
    assert run.status == "running"
    assert run.latest("familiarity").summary == "1 responses."
    assert run.snapshot("familiarity").summary == "1 responses."
    gate.open.set()
    run.wait(WAIT)
    unwatch()
    tables = [event for event in events if isinstance(event, SnapshotTaken) and event.run is run]
    assert [table.snapshot.summary for table in tables][-1] == "2 responses."
    assert [table.final for table in tables] == [False] * (len(tables) - 1) + [True]
    assert [stage for stage in dict.fromkeys(stages) if stage] == ["Measuring a", "Measuring b", "Done"]
    assert run.progress.stage is None


def test_cancelled_in_the_middle_it_keeps_the_partial_result():
    gate = Gate("b")
    run = start(two, RowingSpec(gate), CountingSpec(), batch_size=2)
    assert gate.reached.wait(WAIT)
    run.cancel()
    assert run.status == "cancelling"
    gate.open.set()
    with pytest.warns(PartialResultWarning):
        results = run.wait(WAIT)
    assert run.status == "cancelled"
    assert set(results["familiarity"].lengths) == {"a", "b"}
    assert results["iua"]["samples"] == 3


def test_cancelled_before_there_is_a_partial_result_there_is_none():
    gate = Gate("a")

    class Early(RowingSpec):
        def finish(self, acc, work):
            self.at("a")
            return super().finish(acc, work)

    run = start(two, Early(gate), batch_size=2)
    assert gate.reached.wait(WAIT)
    run.cancel()
    gate.open.set()
    with pytest.warns(PartialResultWarning):
        assert run.wait(WAIT) == {}
    assert run.status == "cancelled"


def test_cancelled_while_reading_nothing_is_made_of_the_rows():
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), RowingSpec(lambda name: pytest.fail("it went on")), CountingSpec())
    while run.progress.batches < 3:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    with pytest.warns(PartialResultWarning):
        assert set(run.wait(WAIT)) == {"iua"}


def test_paused_in_the_middle_it_rests_lets_others_work_and_goes_on():
    gate = Gate("a")
    run = start(two, RowingSpec(gate), batch_size=2)
    assert gate.reached.wait(WAIT)
    run.pause()
    gate.open.set()
    assert start(Numbers(8), CountingSpec()).wait(WAIT)["iua"]["samples"] == 8
    assert run.status == "paused"
    assert run.progress.stage == "Measuring b"
    run.resume()
    assert set(run.wait(WAIT)["familiarity"].lengths) == {"a", "b"}
    assert run.status == "done"


def test_an_error_of_the_store_fails_those_who_wanted_rows_and_no_others():
    def changing(batch_size):
        yield Batch({"x": np.ones((2, 3))})
        yield Batch({"x": np.ones((2, 4))})

    run = start(changing, RowingSpec(), CountingSpec(), batch_size=2)
    with pytest.warns(DeepViewWarning, match="familiarity failed: Field 'x' had samples of shape"):
        assert run.wait(WAIT) == {"iua": {"x": 14.0, "samples": 4}}
    assert run.status == "done"
    assert [error.introspector for error in run.errors] == ["familiarity"]


def test_two_who_want_the_same_rows_share_a_store():
    run = start(two, RowingSpec(), RowingSpec(kind="duplicates"), RowingSpec(kind="labels", pool=None), batch_size=2)
    results = run.wait(WAIT)
    assert set(results) == {"familiarity", "duplicates", "labels"}
    for name in ("duplicates", "labels"):
        np.testing.assert_array_equal(results[name].lengths["a"], results["familiarity"].lengths["a"])


def test_an_analysis_that_fails_after_a_partial_result_keeps_it(events):
    def broken(name):
        if name == "b":
            raise ValueError("no more")

    run = start(two, RowingSpec(broken), batch_size=2)
    with pytest.raises(ValueError, match="no more"):
        run.wait(WAIT)
    assert run.status == "failed"
    assert run.latest("familiarity").summary == "1 responses."
    assert any(isinstance(event, RunChanged) for event in events)


SCRIPT = """
import os, signal
from deepview_lab.engine import introspect, runs
from tests.engine.rowing import RowingSpec
from tests.engine.test_finishing import two

def interrupt(name):
    if name == "b":
        os.kill(os.getpid(), signal.SIGINT)

try:
    introspect(two, RowingSpec(interrupt), batch_size=2)
except KeyboardInterrupt:
    run = runs()[-1]
    print("interrupted", run.status, sorted(run.results["familiarity"].lengths), flush=True)
"""


def test_control_c_in_the_middle_keeps_the_partial_result():
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "interrupted cancelled ['a', 'b']"
