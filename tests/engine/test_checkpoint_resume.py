"""Killed at any point, cancelled or failed, a run goes on and ends with the numbers of one never interrupted."""

from __future__ import annotations

import signal

import numpy as np
import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.base import pipeline
from deepview_lab.engine import ResponsesKnown, SnapshotTaken, introspect, registry, start
from deepview_lab.exceptions import CheckpointMismatchError, DeepViewException, DeepViewWarning
from deepview_lab.processors import Processor

from . import kept_run
from .counting import Numbers
from .keeping import WAIT, assert_same_bits, cancelled_after, program
from .kept_run import BATCH, SAMPLES, Network, Source, network, numbers, specs
from .rowing import RowingSpec


@pytest.fixture(scope="module")
def uninterrupted():
    """The numbers of runs that are neither kept nor interrupted, by what they do."""
    return {
        what: work.numbers(introspect(work.data()[1], *work.specs(), batch_size=BATCH))
        for what, work in kept_run.WORKS.items()
    }


# Five files are put on the disk for each checkpoint, then the state, then its name.
@pytest.mark.parametrize(
    ("what", "deaths"),
    [
        ("layers", ["batch:3"]),
        ("layers", ["batch:22"]),
        ("layers", ["batch:29"]),
        ("layers", ["batch:4", "batch:15", "batch:25"]),
        ("layers", ["fsync:1"]),
        ("layers", ["fsync:17"]),
        ("layers", ["fsync:20"]),
        ("layers", ["fsync:21"]),
        ("layers", ["batch:9", "fsync:3", "fsync:13"]),
        ("reductions", ["batch:7"]),
        ("reductions", ["batch:4", "batch:28", "fsync:10"]),
        ("map", ["fit:40"]),
        ("map", ["batch:7", "fit:80", "fit:20"]),
        ("report", ["batch:7"]),
        ("report", ["batch:4", "batch:28", "fsync:10"]),
    ],
    ids=str,
)
def test_killed_by_a_signal_it_ends_with_the_same_bits(tmp_path, uninterrupted, what, deaths):
    folder, out = tmp_path / "kept", tmp_path / "out.npz"
    for death in deaths:
        killed = program(folder, out, death, what=what)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert not out.exists()
    ended = program(folder, out, what=what)
    assert ended.returncode == 0, ended.stderr
    with np.load(out) as file:
        found = {name: file[f"values_{index}"] for index, name in enumerate(file["names"].tolist())}
        passed = int(file["passed"])
    assert_same_bits(found, uninterrupted[what])
    if not deaths[0].startswith("fsync"):
        assert passed < SAMPLES, "what was counted passed the model again"


def test_a_cancelled_run_is_kept_and_goes_on_in_the_same_process(tmp_path, expected):
    first = cancelled_after(tmp_path, 7)
    assert first.kept == first.progress.batches >= 7
    assert first.checkpoint == str(tmp_path)
    details = Network()
    known, tables = [], []

    def watch(event):
        if isinstance(event, ResponsesKnown):
            known.append(list(event.responses))
        elif isinstance(event, SnapshotTaken):
            tables.append(event.snapshot.samples)

    unwatch = registry.watch(watch)
    run = start(network(Source(), details), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert run.progress.samples >= first.progress.samples
    assert_same_bits(numbers(run.wait(WAIT)), expected)
    unwatch()
    assert known == [["dense", "maps"]]
    assert tables[0] == first.progress.samples
    assert details.passed == SAMPLES - first.progress.samples
    assert (run.progress.batches, run.progress.samples) == (SAMPLES // BATCH, SAMPLES)


def test_a_finished_run_gives_its_results_again_without_reading(tmp_path, expected):
    introspect(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)

    def on_batch(index):
        pytest.fail("it read")

    run = start(network(Source(on_batch), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(run.wait(WAIT)), expected)
    assert run.status == "done"
    assert run.progress.samples == SAMPLES


def test_a_failing_producer_leaves_a_checkpoint_from_which_a_repaired_one_goes_on(tmp_path, expected):
    def on_batch(index):
        if index == 12:
            raise OSError("the disk went away")

    run = start(network(Source(on_batch), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    with pytest.raises(OSError, match="the disk went away"):
        run.wait(WAIT)
    assert run.kept == 12
    details = Network()
    results = introspect(network(Source(), details), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(results), expected)
    assert details.passed == SAMPLES - 12 * BATCH


def test_an_introspector_that_has_failed_stays_failed_and_the_others_go_on(tmp_path):
    class Failing(RowingSpec):
        def update(self, acc, batch):
            if acc.samples >= 3 * BATCH:
                raise ValueError("no more")
            return super().update(acc, batch)

    wanted = (IUASpec(), Failing())
    first = cancelled_after(tmp_path, 6, *wanted)
    assert first.errors[0].message == "no more"
    run = start(network(Source(), Network()), *wanted, batch_size=BATCH, checkpoint=tmp_path)
    with pytest.warns(DeepViewWarning, match="familiarity failed: no more"):
        results = run.wait(WAIT)
    assert results["iua"].samples == SAMPLES


def test_without_a_state_leftover_rows_are_overwritten(tmp_path, expected):
    cancelled_after(tmp_path, 3)
    (tmp_path / "state.npz").unlink()
    results = introspect(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(results), expected)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: (network(Source(), Network()), (IUASpec(atol=1e-3), *specs()[1:]), BATCH), "iua atol was 1e-08"),
        (
            lambda: (network(Source(), Network()), (IUASpec(),), BATCH),
            "introspectors was iua, pfa, familiarity, now is iua",
        ),
        (lambda: (network(Source(), Network()), specs(), 50), "batch size was 100, now is 50"),
        (lambda: (pipeline(network(Source(), Network()), Processor(abs)), specs(), BATCH), r"stage 3 \(Processor\)"),
        (lambda: (network(Numbers(SAMPLES), Network()), specs(), BATCH), "source was"),
    ],
)
def test_another_run_is_refused_saying_what_differs_and_the_checkpoint_stays(tmp_path, expected, change, told):
    cancelled_after(tmp_path, 3)
    data, wanted, batch_size = change()
    with pytest.raises(CheckpointMismatchError, match=told):
        start(data, *wanted, batch_size=batch_size, checkpoint=tmp_path)
    results = introspect(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(results), expected)


def test_data_that_has_become_shorter_fails_the_run(tmp_path, monkeypatch):
    cancelled_after(tmp_path, 7)
    shorter = Source()
    monkeypatch.setattr(kept_run, "SAMPLES", 300)
    shorter.__class__ = type("Source", (Source,), {"__module__": Source.__module__, "__len__": lambda self: SAMPLES})
    run = start(network(shorter, Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    with pytest.raises(DeepViewException, match=r"made behind batch \d+, but the data ends with batch 3 now"):
        run.wait(WAIT)
