"""What is costly in the last table of a run: made for who sees the run, else when asked for; never in Stop's way."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import dataclass, replace

import pytest

from deepview_lab.engine import SnapshotTaken, start
from deepview_lab.exceptions import DeepViewWarning

from .counting import CountingSpec, Numbers

WAIT = 60


class Sums(dict):
    """An accumulator to which one can refer weakly."""


@dataclass(frozen=True)
class CompletingSpec(CountingSpec):
    """Its costly part is the number of layers, which only the completed table has."""

    step: object = lambda work: None

    def create(self, responses=None):
        return Sums(super().create(responses))

    def completed(self, table, result, work):
        self.step(work)
        return replace(table, layers=(*table.layers, f"of {result['samples']}"))


def tables(events, run):
    return [
        (event.snapshot.layers[1:], event.final)
        for event in events
        if isinstance(event, SnapshotTaken) and event.run is run
    ]


def test_for_who_sees_the_run_it_is_made_before_the_end(events):
    run = start(Numbers(64), CompletingSpec())
    run.wait(WAIT)
    assert tables(events, run)[-1] == (("of 64",), True)
    run.complete_tables()
    assert len([final for _, final in tables(events, run) if final]) == 1


def test_of_a_run_that_nobody_sees_it_is_made_once_when_it_is_asked_for():
    run = start(Numbers(64), CompletingSpec())
    run.wait(WAIT)
    assert (run.latest("iua").layers, run.is_whole("iua")) == (("x",), False)
    assert run.snapshot("iua").layers == ("x", "of 64")
    assert run.is_whole("iua")
    assert run.snapshot("iua") is run.latest("iua")


def test_it_is_made_once_for_several_who_ask_at_once():
    made, seen, all_ask = [], [], threading.Barrier(3, timeout=WAIT)

    def step(work):
        made.append(threading.current_thread())

    run = start(Numbers(64), CompletingSpec(step=step))
    run.wait(WAIT)

    def ask():
        all_ask.wait()
        seen.append(run.snapshot("iua").layers)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(WAIT)
    assert (len(made), seen) == (1, [("x", "of 64")] * 3)


def test_an_ended_run_keeps_no_accumulator_seen_or_not():
    kept = []

    class Spy(CompletingSpec):
        def create(self, responses=None):
            acc = super().create(responses)
            kept.append(weakref.ref(acc))
            return acc

    run = start(Numbers(64), Spy())
    run.wait(WAIT)
    gc.collect()
    assert [acc() for acc in kept] == [None]
    assert run.snapshot("iua").layers == ("x", "of 64")


def test_it_can_be_stopped_and_made_later(events):
    reached, go_on = threading.Event(), threading.Event()

    def step(work):
        if not go_on.is_set():
            reached.set()
            assert go_on.wait(WAIT)
        work.step("Computing", 0.5)

    run = start(Numbers(64), CompletingSpec(step=step))
    assert reached.wait(WAIT)
    run.cancel()
    go_on.set()
    assert run.wait(WAIT)["iua"]["samples"] == 64
    assert run.status == "done"  # all data was read, and the results are whole
    assert tables(events, run)[-1] == ((), False)
    run.complete_tables()
    assert tables(events, run)[-1] == (("of 64",), True)


def test_what_cannot_be_made_is_reported_and_the_table_stays(events):
    def step(work):
        raise ValueError("no such spectrum")

    run = start(Numbers(64), CompletingSpec(step=step), CountingSpec("pfa"))
    with pytest.warns(DeepViewWarning, match="iua failed: no such spectrum"):
        assert run.wait(WAIT)["pfa"]["samples"] == 64
    assert tables(events, run)[-1] == ((), True)
    assert run.snapshot("iua").layers == ("x",)
