"""The hub: what a client sees from its connection to the end of a run, and what it can ask for."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
import pytest

from deepview_lab.engine import ENDED, Registry, RunChanged, SnapshotTaken, registry, start
from deepview_lab.exceptions import PartialResultWarning
from deepview_lab.transport.delivery.channel import Channel
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.feeds.last_states import LastStates
from deepview_lab.transport.wire import messages
from tests.engine.counting import CountingSpec, Numbers

from .fake_client import FakeClient


def finished(**options):
    run = start(Numbers(64), CountingSpec(), batch_size=32, **options)
    run.wait(300)
    return run


def test_a_client_is_greeted_with_all_runs_and_their_last_state(hub):
    run = finished(name="before")
    late = FakeClient("late")
    hub.connect("late", late.send)
    hello = late.messages[0]
    assert (hello.version, hello.session, hello.runs[-1]) == ("1.2.3", "s", run.id)
    state = next(message for message in late.of(messages.RunState) if message.run == run.id)
    assert (state.name, state.status, state.samples, state.total_samples) == ("before", "done", 64, 64)
    assert any(message.run == run.id and message.final for message in late.of(messages.Snapshot))
    _, (columns,) = next(
        pair for pair in late.received if isinstance(pair[0], messages.Snapshot) and pair[0].run == run.id
    )
    assert columns["sum"].tolist() == [float(sum(range(64)))]


def test_a_run_that_ended_before_anybody_watched_is_shown_too():
    run = finished()
    hub = Hub(registry, version="1", session="s", clock=Clock())
    late = FakeClient("late")
    hub.connect("late", late.send)
    assert any(message.run == run.id and message.final for message in late.of(messages.Snapshot))
    hub.close()


def test_a_client_sees_the_final_numbers_before_the_end_even_if_it_is_slow_to_answer(client):
    run = finished()
    own = [message for message in client.messages if getattr(message, "run", None) == run.id]
    assert own[-1].status == "done"
    assert [message.samples for message in own if isinstance(message, messages.Snapshot)][-1] == 64
    assert [[layer.name for layer in message.layers] for message in own if isinstance(message, messages.Layers)] == [
        ["x"]
    ]


def test_cancel_from_a_client_stops_the_run_and_is_acknowledged_before_the_batch_ends(hub, client):
    gate = threading.Event()
    run = start(Numbers(320, gates={1: gate}), CountingSpec(), batch_size=32)
    while run.progress.batches < 1:
        assert not run._job.lifecycle.wait(0.01)
    hub.control(msgspec.to_builtins(messages.Cancel(client=client.name, run=run.id)))
    with pytest.warns(PartialResultWarning):
        run.wait(300)
    states = [message.status for message in client.of(messages.RunState) if message.run == run.id]
    assert states[-2:] == ["cancelling", "cancelled"]
    gate.set()


def test_the_code_of_a_run_is_told_once_to_those_who_may_start_it_again(hub, client, shell_at_work):
    code = "run = start(numbers)"
    shell_at_work(code, {"variable": "run", "checkpoint": "kept/a"})
    run = finished()
    told = [(o.run, o.code, o.variable, o.checkpoint) for o in client.of(messages.Origin)]
    assert told == [(run.id, code, "run", "kept/a")]
    assert len([state for state in client.of(messages.RunState) if state.run == run.id]) > 1
    second, canvas = FakeClient("second"), FakeClient("canvas")
    hub.connect("second", second.send)
    hub.connect("canvas", canvas.send, run=run.id)
    assert [origin.code for origin in second.of(messages.Origin) if origin.run == run.id] == [code]
    assert canvas.of(messages.Origin) == []
    assert not any(isinstance(envelope.message, messages.Origin) for envelope in hub.saved(run).envelopes)
    hub.control(msgspec.to_builtins(messages.Resync(client="second")))
    assert [origin.run for origin in second.of(messages.Origin)].count(run.id) == 2


def test_resync_sends_everything_again_after_a_loss(hub, client):
    client.lose = True
    run = finished()
    client.lose = False
    client.received.clear()
    hub.control(msgspec.to_builtins(messages.Resync(client=client.name)))
    assert isinstance(client.messages[0], messages.Hello)
    assert any(message.run == run.id and message.final for message in client.of(messages.Snapshot))


def test_numpy_integers_given_to_start_reach_the_clients(hub, client):
    run = start(Numbers(64, known=False), CountingSpec(), batch_size=np.int64(32), total=np.int64(64))
    run.wait(300)
    last = [state for state in client.of(messages.RunState) if state.run == run.id][-1]
    sent = msgspec.to_builtins(last)
    assert (sent["status"], sent["batch_size"], sent["total_samples"]) == ("done", 32, 64)


def test_a_run_that_ends_while_a_client_is_told_everything_is_seen_to_end(hub, client, monkeypatch):
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), CountingSpec(), batch_size=32)
    while run.progress.batches < 1:
        assert not run._job.lifecycle.wait(0.01)
    state_of, offer, waits = LastStates.of, Channel.offer, threading.Event()

    def slow(self, asked):
        state = state_of(self, asked)
        if asked is run:
            gate.set()  # it goes on, and has to wait with its news until the state collected here is sent
            while not waits.is_set() and run.status not in ENDED:
                waits.wait(0.01)
        return state

    def watched(self, *arguments, **options):
        if not self._lock.acquire(blocking=False):
            waits.set()
        else:
            self._lock.release()
        offer(self, *arguments, **options)

    monkeypatch.setattr(LastStates, "of", slow)
    monkeypatch.setattr(Channel, "offer", watched)
    hub.control(msgspec.to_builtins(messages.Resync(client=client.name)))
    run.wait(300)
    states = [message.status for message in client.of(messages.RunState) if message.run == run.id]
    assert states[-1] == "done"


def test_a_client_of_one_run_hears_of_no_other(hub):
    one, other = finished(), finished()
    narrow = FakeClient("narrow")
    hub.connect("narrow", narrow.send, run=one.id)
    later = finished()
    heard = {message.run for message in narrow.messages if not isinstance(message, messages.Hello)}
    assert heard == {one.id}
    assert narrow.messages[0].runs == [one.id]
    assert heard.isdisjoint({other.id, later.id})


def test_a_client_whose_comm_breaks_is_dropped_at_once_and_the_run_goes_on(hub, client, caplog):
    tried = []

    def broken(message, buffers):
        if not isinstance(message, messages.Hello) and message.run == current[0]:
            tried.append(message)
            raise ConnectionError("gone")

    current = [None]
    hub.connect("broken", broken)
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), CountingSpec(), batch_size=32)
    current[0] = run.id
    gate.set()
    assert run.wait(300)["iua"]["samples"] == 64
    assert len(tried) == 1
    assert "it is dropped" in caplog.text
    known = {name: hub.control({"kind": "ack", "client": name, "seq": 0}) for name in ("broken", client.name)}
    assert known == {"broken": False, client.name: True}
    states = [message.status for message in client.of(messages.RunState) if message.run == run.id]
    assert states[-1] == "done"


@pytest.mark.parametrize(
    "data", [None, [], {}, {"kind": "boom"}, {"kind": "cancel"}, {"kind": "ack", "client": 3, "seq": "x"}]
)
def test_what_is_no_control_message_is_ignored(hub, client, caplog, data):
    before = len(client.messages)
    hub.control(data)
    assert len(client.messages) == before
    assert "Ignored a control message" in caplog.text


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_client_that_owes_an_answer_for_minutes_is_given_up_when_another_one_comes():
    finished()
    clock = Clock()
    hub = Hub(registry, version="1", session="s", clock=clock)
    dropped = []
    clients = {name: FakeClient(name) for name in ("gone", "alive", "canvas", "new")}
    for name in ("gone", "alive"):
        hub.connect(name, clients[name].send, on_dropped=lambda name=name: dropped.append(name))
    hub.connect("canvas", clients["canvas"].send)
    hub.control(clients["alive"].ack())
    clock.now = 121
    hub.connect("new", clients["new"].send)
    assert dropped == ["gone"]
    known = {name: hub.control(client.ack()) for name, client in clients.items()}
    assert known == {"gone": False, "alive": True, "canvas": True, "new": True}
    hub.close()


def test_far_clients_of_a_hub_are_sent_tables_one_after_the_other():
    run, clock = finished(), Clock()
    hub = Hub(registry, version="1", session="s", clock=clock)
    clients = [FakeClient(name) for name in ("one", "two")]

    def answer():
        for client in clients:
            hub.control(client.ack())

    def tables():
        return [len([table for table in client.of(messages.Snapshot) if table.run == run.id]) for client in clients]

    for client in clients:
        hub.connect(client.name, client.send, run=run.id)
    clock.now = 1.0
    answer()
    assert tables() == [1, 1]
    registry.notify(SnapshotTaken(run, "iua", run.snapshot("iua"), final=False))
    assert tables() == [2, 1]
    clock.now = 2.0
    clients[1].wait_for(messages.Snapshot, 2)
    hub.close()


def test_what_runs_meet_while_the_process_ends_is_told_to_nobody():
    registry = Registry()
    hub = Hub(registry, version="1", session="s")
    client = FakeClient()
    hub.connect(client.name, client.send)
    told = len(client.messages)
    registry.fall_silent()
    assert not registry.watched()
    run = finished()
    registry.notify(RunChanged(run))
    assert len(client.messages) == told
    hub.close()
