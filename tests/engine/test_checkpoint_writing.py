"""What a checkpoint takes: when it is written, and what follows when the disk or a value does not allow it."""

from __future__ import annotations

import errno
import json
import resource
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.engine import introspect, registry, start
from deepview_lab.engine.checkpoint import writer as checkpoint_writer
from deepview_lab.exceptions import DeepViewException

from . import kept_run
from .counting import CountingSpec, Numbers
from .keeping import ROOT, WAIT, assert_same_bits, cancelled_after
from .kept_run import BATCH, SAMPLES, Network, Source, network, numbers, specs
from .rowing import RowingSpec


@pytest.fixture
def eager(monkeypatch):
    """A checkpoint after every batch."""
    monkeypatch.setattr(checkpoint_writer, "OFTEN", 0.0)
    monkeypatch.setattr(checkpoint_writer, "SHARE", float("inf"))


def test_what_was_counted_is_kept_even_while_the_producer_takes_its_time(tmp_path):
    gate = threading.Event()
    told = threading.Event()
    unwatch = registry.watch(lambda event: event.run.kept == 3 and told.set())
    run = start(Numbers(320, gates={3: gate}), IUASpec(), batch_size=32, checkpoint=tmp_path)
    assert told.wait(WAIT)
    gate.set()
    run.wait(WAIT)
    unwatch()


def test_a_full_disk_ends_no_run_and_what_was_kept_before_stays(tmp_path, eager, expected, monkeypatch, caplog):
    gate, full = threading.Event(), threading.Event()

    def on_batch(index):
        if index == 5:
            assert gate.wait(WAIT)

    write = checkpoint_writer.Checkpoint.write

    def writing(self, arrays, facts):
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, arrays, facts)

    monkeypatch.setattr(checkpoint_writer.Checkpoint, "write", writing)
    run = start(network(Source(on_batch), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    while (run.kept or 0) < 5:
        assert not run._job.lifecycle.wait(0.01)
    full.set()
    gate.set()
    assert_same_bits(numbers(run.wait(WAIT)), expected)
    assert run.kept == 5
    assert "No space left on device" in run.note
    assert "The run continues" in caplog.text
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
        "import sys; from tests.engine.kept_run import *; checkpoint_writer.OFTEN = 0.0;"
        "checkpoint_writer.SHARE = float('inf');"
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


def test_a_run_says_what_is_on_disk_since_when_and_so_does_one_that_goes_on(tmp_path):
    kept = cancelled_after(tmp_path, 3).on_disk
    assert kept.when == (tmp_path / "state.npz").stat().st_mtime
    files = [path for path in tmp_path.iterdir() if path.name not in {"lock", "run.json"}]
    assert len(files) == 6
    assert kept.nbytes == sum(path.stat().st_size for path in files)
    gate = threading.Event()
    busy = start(Numbers(8, gates={0: gate}), IUASpec())
    again = start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)
    assert again.on_disk == kept
    again.cancel()
    gate.set()
    busy.wait(WAIT)
