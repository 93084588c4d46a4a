"""Checkpoints: killed at any point, a run goes on and ends with the numbers of one that was never interrupted."""

from __future__ import annotations

import errno
import json
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from deepview_lab.analysis.iua import IUASpec
from deepview_lab.analysis.pfa import PFASpec
from deepview_lab.base import pipeline
from deepview_lab.engine import ENDED, ResponsesKnown, SnapshotTaken, introspect, keeper, registry, start
from deepview_lab.exceptions import (
    CheckpointError,
    CheckpointMismatchError,
    DeepViewException,
    DeepViewWarning,
)
from deepview_lab.processors import Processor

from . import kept_run
from .counting import CountingSpec, Numbers
from .kept_run import BATCH, SAMPLES, Network, Source, network, numbers, specs
from .rowing import RowingSpec

ROOT = Path(__file__).parents[2]
WAIT = 60


@pytest.fixture(scope="module")
def expected():
    """The numbers of a run that is neither kept nor interrupted."""
    return numbers(introspect(network(Source(), Network()), *specs(), batch_size=BATCH))


@pytest.fixture
def eager(monkeypatch):
    """A checkpoint after every batch."""
    monkeypatch.setattr(keeper, "OFTEN", 0.0)
    monkeypatch.setattr(keeper, "SHARE", float("inf"))


def program(folder, out, *death, what="layers"):
    command = [sys.executable, "-m", "tests.engine.kept_run", what, str(folder), str(out), *death]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def assert_same_bits(found, expected):
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].dtype == values.dtype, name
        np.testing.assert_array_equal(found[name], values, err_msg=name)


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


def cancelled_after(folder, batches, *wanted, source=None):
    """A run that is cancelled when that many batches are counted."""
    gate = threading.Event()

    def on_batch(index):
        if index == batches:
            assert gate.wait(WAIT)

    data = network(source or Source(on_batch), Network())
    run = start(data, *(wanted or specs()), batch_size=BATCH, checkpoint=folder)
    while run.progress.batches < batches:
        assert not run._lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    assert run._lifecycle.wait(WAIT)
    assert run.status == "cancelled"
    return run


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


def test_two_runs_on_one_folder_are_refused_in_one_process_and_in_two(tmp_path):
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), IUASpec(), checkpoint=tmp_path)
    with pytest.raises(CheckpointError, match="is used by another run, in the process"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    other = program(tmp_path, tmp_path / "out.npz")
    assert "is used by another run" in other.stderr
    gate.set()
    run.wait(WAIT)
    introspect(Numbers(64), IUASpec(), checkpoint=tmp_path)


def test_a_pending_run_that_is_cancelled_gives_the_folder_back(tmp_path):
    gate = threading.Event()
    busy = start(Numbers(64, gates={0: gate}), IUASpec())
    pending = start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    pending.cancel()
    again = start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    gate.set()
    busy.wait(WAIT)
    assert again.wait(WAIT)["iua"].samples == 64


@pytest.mark.parametrize("name", ["state.npz", "0.0.rows", "0.0.usable", "0.samples"])
@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "gone"])
def test_a_damaged_file_is_told_with_the_remedy(tmp_path, name, harm):
    cancelled_after(tmp_path, 3)
    file = tmp_path / name
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    if harm == "gone":
        file.unlink()
    elif harm == "flip":
        content[middle] ^= 1
        file.write_bytes(content)
    else:
        file.write_bytes(content[:middle] if harm == "cut" else b"")
    if (name, harm) == ("state.npz", "gone"):
        return  # nothing to go on from: that is a new run, below
    with pytest.raises(CheckpointError, match=r"is damaged \(.*Delete the folder to start anew"):
        start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)


def test_without_a_state_leftover_rows_are_overwritten(tmp_path, expected):
    cancelled_after(tmp_path, 3)
    (tmp_path / "state.npz").unlink()
    results = introspect(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(results), expected)


def test_a_file_of_another_format_is_told(tmp_path):
    cancelled_after(tmp_path, 3)
    with np.load(tmp_path / "state.npz") as file:
        arrays = dict(file)
    facts = json.loads(arrays["facts"].tobytes())
    arrays["facts"] = np.frombuffer(json.dumps({**facts, "format": 99}).encode(), np.uint8)
    np.savez(tmp_path / "state.npz", **arrays)
    with pytest.raises(CheckpointError, match="has format 99, but this version of DeepView reads format 2"):
        start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)


def test_objects_in_a_file_are_never_unpickled(tmp_path):
    np.savez(tmp_path / "state.npz", facts=np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(CheckpointError, match="is damaged"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be used"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path / "file")


def test_a_full_disk_ends_no_run_and_what_was_kept_before_stays(tmp_path, eager, expected, monkeypatch, caplog):
    gate, full = threading.Event(), threading.Event()

    def on_batch(index):
        if index == 5:
            assert gate.wait(WAIT)

    write = keeper.Checkpoint.write

    def writing(self, arrays, facts):
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, arrays, facts)

    monkeypatch.setattr(keeper.Checkpoint, "write", writing)
    run = start(network(Source(on_batch), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    while (run.kept or 0) < 5:
        assert not run._lifecycle.wait(0.01)
    full.set()
    gate.set()
    assert_same_bits(numbers(run.wait(WAIT)), expected)
    assert run.kept == 5
    assert "No space left on device" in run.note
    assert "The run goes on" in caplog.text
    full.clear()
    details = Network()
    results = introspect(network(Source(), details), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert_same_bits(numbers(results), expected)
    assert details.passed == SAMPLES - 5 * BATCH


def test_files_that_may_not_grow_end_no_run(tmp_path, eager, expected):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing raises instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    script = (
        "import sys; from tests.engine.kept_run import *; keeper.OFTEN, keeper.SHARE = 0.0, float('inf');"
        "run = start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=sys.argv[1]);"
        "results = run.wait(120); print(run.status, run.kept, run.note)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, preexec_fn=limit,
    )  # fmt: skip
    status, kept, note = done.stdout.split(" ", 2)
    assert status == "done", done.stderr
    assert 0 < int(kept) < SAMPLES // BATCH
    assert "File too large" in note
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


def test_what_has_no_state_is_refused_before_it_runs(tmp_path):
    with pytest.raises(DeepViewException, match="CountingSpec cannot be kept in a checkpoint"):
        start(Numbers(8), CountingSpec(), checkpoint=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


class Odd:
    pass


def odd(first, **labels):
    """A producer whose ids, from batch ``first`` on, are of a type that has no plain form."""

    def producer(batch_size):
        for index in range(3):
            builder = kept_run.Batch.Builder({"x": np.ones((2, 1))})
            builder.metadata[kept_run.Batch.StdKeys.IDENTIFIER] = [Odd(), Odd()] if index >= first else [index, "b"]
            for dimension, given in labels.items():
                builder.metadata[kept_run.Batch.StdKeys.LABELS][dimension] = given
            yield builder.make_batch()

    return producer


@pytest.mark.parametrize(
    ("producer", "told"),
    [
        (
            odd(0),
            r"Identifiers cannot be kept in a checkpoint: there is a value of type .*Odd, but only int.*Give",
        ),
        (odd(9, kind=[Odd(), 1]), r"Labels of 'kind' cannot be kept in a checkpoint: there is a value of type .*Odd"),
    ],
)
def test_identifiers_and_labels_that_cannot_be_written_end_the_run_before_it_has_counted_anything(
    tmp_path, producer, told
):
    run = start(producer, RowingSpec(), checkpoint=tmp_path)
    with pytest.raises(DeepViewException, match=told):
        run.wait(WAIT)
    assert run.progress.samples == 0
    assert len(introspect(producer, RowingSpec())["familiarity"].ids) == 6, "without a checkpoint they are welcome"
    assert introspect(producer, IUASpec(), checkpoint=tmp_path)["iua"].samples == 6, "this keeps neither"


def test_identifiers_that_turn_odd_later_cost_the_checkpoint_and_not_the_run(tmp_path, eager, caplog):
    run = start(odd(2), RowingSpec(), checkpoint=tmp_path)
    assert len(run.wait(WAIT)["familiarity"].ids) == 6
    assert "Odd" in run.note
    assert (run.kept or 0) <= 2


def test_totals_beyond_64_bits_and_zero_rows_survive(tmp_path):
    spec = IUASpec()
    acc = spec.update(spec.create(), kept_run.Batch({"x": np.zeros((2, 3))}))
    acc.layers["x"].squares = 2**70
    state = spec.state(acc)
    again = spec.restore(type(state)(state.arrays, json.loads(json.dumps(state.facts))), {})
    assert again.layers["x"].squares == 2**70
    empty = PFASpec()
    nothing = empty.restore(empty.state(empty.create()), {})
    assert empty.finish(nothing).samples == 0


def test_every_status_closes_the_folder(tmp_path):
    run = start(Numbers(0), IUASpec(), checkpoint=tmp_path)
    with pytest.raises(DeepViewException, match="yielded no batch"):
        run.wait(WAIT)
    assert run.status in ENDED
    assert introspect(Numbers(8), IUASpec(), checkpoint=tmp_path)["iua"].samples == 8


def test_what_was_counted_is_kept_even_while_the_producer_takes_its_time(tmp_path):
    gate = threading.Event()
    told = threading.Event()
    unwatch = registry.watch(lambda event: event.run.kept == 3 and told.set())
    run = start(Numbers(320, gates={3: gate}), IUASpec(), batch_size=32, checkpoint=tmp_path)
    assert told.wait(WAIT)
    gate.set()
    run.wait(WAIT)
    unwatch()
