"""Runs: from start to end, errors, cancelling, what stays."""

from __future__ import annotations

import threading

import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import RunChanged, SnapshotTaken, introspect, registry, runs, start
from deepview_lab.exceptions import (
    DeepViewException,
    DeepViewWarning,
    EmptyProducerError,
    NotAProducerError,
    PartialResultWarning,
    UnknownNameError,
)

from .counting import CountingSpec, Numbers

WAIT = 60


def test_a_run_folds_every_batch_once_and_gives_results_by_name():
    producer = Numbers(100)
    run = start(producer, CountingSpec(), CountingSpec(), CountingSpec(kind="pfa"), batch_size=32)
    results = run.wait(WAIT)
    expected = {"x": float(sum(range(100))), "samples": 100}
    assert results == {"iua": expected, "iua-2": expected, "pfa": expected}
    assert producer.calls == 1
    assert run.status == "done"
    assert (run.progress.batches, run.progress.total_batches, run.progress.samples) == (4, 4, 100)
    assert run in runs()


def test_watchers_see_every_stage_and_a_final_snapshot_before_the_end(events):
    run = start(Numbers(64), CountingSpec(), batch_size=32)
    run.wait(WAIT)
    own = [event for event in events if event.run is run]
    kinds = [type(event).__name__ for event in own]
    assert kinds[:3] == ["RunChanged", "RunChanged", "ResponsesKnown"]
    snapshots = [event for event in own if isinstance(event, SnapshotTaken)]
    assert snapshots[0].snapshot.samples == 32
    assert snapshots[-1].final
    assert snapshots[-1].snapshot.samples == 64
    assert isinstance(own[-1], RunChanged)


def test_what_had_no_time_is_made_up_for_while_the_producer_takes_its():
    class Dear(CountingSpec):
        def snapshot(self, acc, budget, previous=None):
            fits.append(budget.has(0.055))  # a little more than the first table is allowed
            if fits[-1]:
                whole.set()
            return super().snapshot(acc, budget, previous)

    fits, whole, gate = [], threading.Event(), threading.Event()
    unwatch = registry.watch(lambda _: None)
    run = start(Numbers(64, gates={1: gate}), Dear(), batch_size=32)
    assert whole.wait(WAIT)
    assert not fits[0]
    assert run.progress.batches == 1
    gate.set()
    run.wait(WAIT)
    unwatch()


def test_what_was_counted_is_told_even_while_the_producer_takes_its_time(events):
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), CountingSpec(), batch_size=32)
    while not any(isinstance(event, SnapshotTaken) and event.snapshot.samples == 96 for event in list(events)):
        assert not run._job.lifecycle.wait(0.01)
    gate.set()
    run.wait(WAIT)


def test_without_a_watcher_only_the_last_table_is_made_and_nothing_costly_of_it():
    had_time = []

    class Spy(CountingSpec):
        def snapshot(self, acc, budget, previous=None):
            had_time.append(budget.has())
            return super().snapshot(acc, budget, previous)

    run = start(Numbers(64), Spy(), batch_size=8)
    run.wait(WAIT)
    assert had_time == [False]
    assert run.snapshot("iua").samples == 64
    with pytest.raises(UnknownNameError, match=r"Unknown introspector 'iau'\. Did you mean 'iua'"):
        run.snapshot("iau")


def test_cancel_is_acknowledged_at_once_and_keeps_what_was_computed():
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), CountingSpec(), batch_size=32)
    while run.progress.batches < 3:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    assert run.status in ("cancelling", "cancelled")
    # the producer still hangs at its gate: cancelling does not wait for it
    with pytest.warns(PartialResultWarning, match="stopped after 96 samples"):
        results = run.wait(WAIT)
    assert results == {"iua": {"x": float(sum(range(96))), "samples": 96}}
    assert run.status == "cancelled"
    gate.set()
    run.cancel()
    assert run.status == "cancelled"


def test_background_runs_work_one_at_a_time_and_a_pending_one_can_be_cancelled():
    gate = threading.Event()
    first = start(Numbers(8, gates={0: gate}), CountingSpec())
    second = start(Numbers(8), CountingSpec())
    third = start(Numbers(8), CountingSpec())
    assert (second.status, third.status) == ("pending", "pending")
    second.cancel()
    assert second.status == "cancelled"
    with pytest.warns(PartialResultWarning):
        assert second.wait(WAIT) == {"iua": {"samples": 0}}
    blocking = introspect(Numbers(8), CountingSpec())
    assert blocking["iua"]["samples"] == 8
    assert third.status == "pending"
    gate.set()
    assert third.wait(WAIT)["iua"]["samples"] == 8
    assert first.status == "done"


def test_a_producer_that_raises_midway_fails_the_run_and_the_partial_result_stays():
    run = start(Numbers(320, fail_at=2), CountingSpec(), batch_size=32)
    with pytest.raises(OSError, match="the disk went away"):
        run.wait(WAIT)
    assert run.status == "failed"
    assert run.results == {"iua": {"x": float(sum(range(64))), "samples": 64}}
    assert run.snapshot("iua").samples == 64
    assert run.errors[0].introspector is None
    assert "counting.py" in run.errors[0].traceback


def test_an_introspector_that_raises_is_dropped_and_the_others_go_on():
    run = start(Numbers(128), CountingSpec(kind="iua", fail_at=64), CountingSpec(kind="pfa"), batch_size=32)
    with pytest.warns(DeepViewWarning, match="iua failed: iua cannot go on"):
        results = run.wait(WAIT)
    assert run.status == "done"
    assert results == {"pfa": {"x": float(sum(range(128))), "samples": 128}}
    assert run.results["iua"]["samples"] == 64
    assert [(error.introspector, error.message) for error in run.errors] == [("iua", "iua cannot go on")]


def test_when_all_introspectors_fail_the_run_fails_without_reading_on():
    producer = Numbers(32_000)
    run = start(producer, CountingSpec(fail_at=32), batch_size=32)
    with pytest.raises(ValueError, match="iua cannot go on"):
        run.wait(WAIT)
    assert run.progress.samples == 64


def test_a_producer_that_yields_nothing_is_named():
    with pytest.raises(EmptyProducerError, match="The producer Numbers yielded no batch"):
        introspect(Numbers(0), CountingSpec())


def test_a_producer_that_yields_something_else_is_named():
    with pytest.raises(NotAProducerError, match="it yielded something of type int"):
        introspect(lambda batch_size: [batch_size], CountingSpec())


def test_a_total_is_optional():
    run = start(Numbers(64, known=False), CountingSpec())
    run.wait(WAIT)
    assert (run.progress.total, run.progress.total_batches, run.progress.eta) == (None, None, None)
    told = start(Numbers(64, known=False), CountingSpec(), total=64)
    told.wait(WAIT)
    assert (told.progress.total, told.progress.total_batches) == (64, 2)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((3, CountingSpec()), {}, NotAProducerError, "the given int is not: it cannot be called"),
        ((Numbers, CountingSpec()), {}, NotAProducerError, "Numbers is not: it is a class; make an object of it"),
        ((lambda: None, CountingSpec()), {}, NotAProducerError, "it does not take one argument, the batch size"),
        ((Numbers(1),), {}, DeepViewException, "pass at least one spec"),
        ((Numbers(1), CountingSpec), {}, DeepViewException, "Write CountingSpec.spec"),
        ((Numbers(1), CountingSpec()), {"batch_size": 0}, ValueError, "batch_size must be at least 1, but is 0"),
    ],
)
def test_bad_arguments_are_refused_before_anything_runs(arguments, options, error, message):
    before = runs()
    with pytest.raises(error, match=message):
        start(*arguments, **options)
    assert runs() == before


def test_a_watcher_that_raises_does_not_stop_the_run(caplog):
    def broken(event):
        raise RuntimeError("broken watcher")

    unwatch = registry.watch(broken)
    try:
        assert start(Numbers(8), CountingSpec()).wait(WAIT)["iua"]["samples"] == 8
    finally:
        unwatch()
    assert "broken watcher" in caplog.text


def test_wait_can_time_out_and_the_run_goes_on():
    gate = threading.Event()
    run = start(Numbers(8, gates={0: gate}), CountingSpec(), name="patient")
    with pytest.raises(TimeoutError, match="'patient' is still"):
        run.wait(0.01)
    gate.set()
    assert run.wait(WAIT)["iua"]["samples"] == 8


def wait_for_batches(run, count):
    while run.progress.batches < count:
        assert not run._job.lifecycle.wait(0.01)


def test_a_paused_run_rests_lets_others_work_and_goes_on_where_it_was(events):
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), CountingSpec(), batch_size=32)
    wait_for_batches(run, 3)
    run.pause()
    assert run.status == "paused"
    gate.set()
    assert start(Numbers(8), CountingSpec()).wait(WAIT)["iua"]["samples"] == 8
    assert run.status == "paused"
    assert run.snapshot("iua").samples <= 128
    run.resume()
    assert run.wait(WAIT) == {"iua": {"x": float(sum(range(320))), "samples": 320}}
    assert run.status == "done"


def test_pausing_and_resuming_at_the_wrong_time_does_nothing():
    run = start(Numbers(8), CountingSpec())
    run.resume()
    run.wait(WAIT)
    run.pause()
    run.resume()
    assert run.status == "done"


def test_a_paused_run_can_be_cancelled_and_keeps_what_it_has():
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), CountingSpec(), batch_size=32)
    wait_for_batches(run, 3)
    run.pause()
    gate.set()
    blocker = threading.Event()
    other = start(Numbers(64, gates={0: blocker}), CountingSpec())
    while other.status != "running":  # its turn comes when the paused run waits
        assert not other._job.lifecycle.wait(0.01)
    counted = run.progress.samples
    run.cancel()
    with pytest.warns(PartialResultWarning):
        results = run.wait(WAIT)
    assert run.status == "cancelled"
    assert results["iua"] == {"x": float(sum(range(counted))), "samples": counted}
    assert other.status == "running"
    blocker.set()
    other.wait(WAIT)


def test_a_resumed_run_waits_for_its_turn_and_can_be_cancelled_there():
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate}), CountingSpec(), batch_size=32)
    wait_for_batches(run, 3)
    run.pause()
    gate.set()
    blocker = threading.Event()
    other = start(Numbers(64, gates={1: blocker}), CountingSpec())
    wait_for_batches(other, 1)
    run.resume()
    assert run.status == "pending"
    run.cancel()
    with pytest.warns(PartialResultWarning):
        run.wait(WAIT)
    assert other.status == "running"
    blocker.set()
    other.wait(WAIT)


def test_pausing_and_resuming_within_one_batch_leaves_a_running_run():
    gate = threading.Event()
    run = start(Numbers(320, gates={3: gate, 6: (later := threading.Event())}), CountingSpec(), batch_size=32)
    wait_for_batches(run, 3)
    run.pause()
    run.resume()
    gate.set()
    wait_for_batches(run, 6)
    assert run.status == "running"
    later.set()
    run.wait(WAIT)


def test_cancelled_before_its_first_batch_a_run_has_empty_results():
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), CountingSpec())
    while run.status == "pending":
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    with pytest.warns(PartialResultWarning, match="stopped after 0 samples"):
        assert run.wait(WAIT) == {"iua": {"samples": 0}}
    gate.set()


def test_a_producer_that_exits_fails_the_run_instead_of_ending_it():
    def producer(batch_size):
        yield from Numbers(64)(batch_size)
        raise SystemExit(3)

    run = start(producer, CountingSpec())
    with pytest.raises(SystemExit):
        run.wait(WAIT)
    assert run.status == "failed"
    assert run.results["iua"]["samples"] == 64


def test_cancelling_while_the_results_are_made_does_not_call_a_whole_run_partial():
    making, go = threading.Event(), threading.Event()

    class Slow(CountingSpec):
        def finish(self, acc, work):
            making.set()
            assert go.wait(WAIT)
            return super().finish(acc, work)

    run = start(Numbers(64), Slow())
    assert making.wait(WAIT)
    run.cancel()
    go.set()
    assert run.wait(WAIT)["iua"]["samples"] == 64
    assert run.status == "done"


def test_a_len_that_raises_or_lies_only_costs_the_eta():
    class Odd(Numbers):
        def __len__(self):
            raise NotImplementedError

    run = start(Odd(64), CountingSpec())
    assert run.wait(WAIT)["iua"]["samples"] == 64
    assert run.progress.total is None


def test_batches_with_metadata_only_are_counted_once():
    def producer(batch_size):
        for index in range(3):
            builder = Batch.Builder()
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [2 * index, 2 * index + 1]
            yield builder.make_batch()

    assert introspect(producer, CountingSpec())["iua"] == {"samples": 6}
