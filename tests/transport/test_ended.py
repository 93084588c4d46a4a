"""A canvas of an ended run that was shown costs nothing, can still be asked, and goes with its run."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import msgspec
import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import RunChanged, registry, start
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.transport.wire import messages

from .fake_client import FakeClient


def batches(_):
    rng = np.random.default_rng(0)
    for _ in range(8):
        yield Batch({"relu": np.maximum(rng.normal(size=(32, 16)), 0)})


def ended():
    run = start(batches, IUA.spec(), PFA.spec(), batch_size=32)
    run.wait(300)
    join(f"deepview-run-{run.id}")
    return run


def join(name):
    """Wait until the threads of this name are gone."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(300)


def canvas(hub, run, name="canvas"):
    """Return a client of one run that has acknowledged all that it was told."""
    made = FakeClient(name)
    hub.connect(name, made.send, run=run.id)
    hub.control(made.ack())
    return made


def focus(hub, client, run, layer="relu"):
    message = messages.Focus(client=client.name, run=run.id, layer=layer, strategy="kl", value=0.0)
    hub.control(msgspec.to_builtins(message))


def calls_of(work):
    """Return how many calls the work makes, in Python and in C, on this thread."""
    count = 0

    def see(_, event, __):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_events_of_other_runs_and_ends_of_cells_cost_nothing_for_it(hub):
    other = start(batches, IUA.spec(), batch_size=32)
    other.wait(300)

    def work():
        registry.notify(RunChanged(other))
        hub.look_again()

    work()
    alone = calls_of(work)
    clients = [canvas(hub, ended(), f"canvas {number}") for number in range(20)]
    told = [len(client.messages) for client in clients]
    assert calls_of(work) == alone
    assert [len(client.messages) for client in clients] == told


def test_it_has_no_timer(hub):
    run = start(batches, IUA.spec(), PFA.spec(), batch_size=32)
    slow = FakeClient("slow")
    hub.connect("slow", slow.send, run=run.id)  # it does not answer while the run works: something waits
    run.wait(300)
    while True:
        told = len(slow.messages)
        hub.control(slow.ack())
        if len(slow.messages) == told:
            break
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(300)  # one that was called off ends at once, one that was not would send in two seconds
    told = len(slow.messages)
    assert any(message.final for message in slow.of(messages.Snapshot))
    assert hub._clients.get("slow").channel._unschedule is None
    assert len(slow.messages) == told


def test_its_details_are_still_answered(hub):
    run = ended()
    client = canvas(hub, run)
    assert client.of(messages.LayerDetail) == []
    focus(hub, client, run)
    (detail,) = client.wait_for(messages.LayerDetail)
    assert [(part.analysis, part.samples) for part in detail.parts] == [("iua", 256), ("pfa", 256)]


@pytest.fixture
def short_memory(monkeypatch):
    """The registry keeps two ended runs."""
    monkeypatch.setattr(registry, "_kept", 2)


@pytest.mark.usefixtures("short_memory")
def test_a_forgotten_run_frees_its_arrays_and_takes_its_canvas_along(hub, client):
    run = ended()
    shown = canvas(hub, run)
    focus(hub, shown, run)
    focus(hub, client, run)
    for asked in (shown, client):
        asked.wait_for(messages.LayerDetail)
    result = run.results["pfa"].covariances["relu"].covariances
    alive = [weakref.ref(run), weakref.ref(result), weakref.ref(hub._states._known[run.id])]
    gone = run.id
    del run, result
    kept = [ended() for _ in range(3)]
    gc.collect()
    assert [ref() for ref in alive] == [None, None, None]
    assert not hub.control(shown.ack())
    assert hub.control(client.ack())
    assert gone not in {run for _, run in hub._focus._focuses}
    assert hub._states.runs() >= {run.id for run in kept[-2:]}


@pytest.mark.usefixtures("short_memory")
def test_a_canvas_of_a_run_that_is_known_is_kept(hub):
    runs = [ended() for _ in range(2)]
    clients = [canvas(hub, run, run.id) for run in runs]
    ended()
    known = [hub.control(client.ack()) for client in clients]
    assert known[-1]
    assert known == [run in registry.runs() for run in runs]
