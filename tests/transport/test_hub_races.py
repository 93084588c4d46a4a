"""Clients come, go and ask for everything again while several threads have news: nothing fails, hangs or is lost."""

from __future__ import annotations

import sys
import threading

import msgspec
import pytest

from deepview_lab.engine import introspect, registry
from deepview_lab.transport.wire import messages
from tests.engine.counting import CountingSpec, Numbers

from .fake_client import FakeClient

WORKERS, RUNS_EACH = 3, 4


@pytest.fixture
def many_switches():
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


class Crowd:
    """Threads whose errors are kept and that must end."""

    def __init__(self):
        self._errors = []
        self._threads = []
        self._enough = threading.Event()

    def start(self, do, *arguments):
        def guarded():
            try:
                do(*arguments)
            except BaseException as error:
                self._errors.append(error)

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def start_repeating(self, do, *arguments):
        def repeat():
            while not self._enough.is_set():
                do(*arguments)

        self.start(repeat)

    def join(self, workers):
        """Wait for the workers, and have the others repeat what they do as long."""
        for thread in workers:
            thread.join(120)
        self._enough.set()
        for thread in self._threads:
            thread.join(300)
        assert not any(thread.is_alive() for thread in self._threads), "the threads wait for each other"
        assert self._errors == []


def ask(hub, kind, client):
    return hub.control(msgspec.to_builtins(kind(client=client.name)))


def answer(hub, client):
    if client.messages:
        hub.control(client.ack())


def work():
    for _ in range(RUNS_EACH):
        introspect(Numbers(64), CountingSpec(), batch_size=8)


def come_and_go(hub, name):
    passing = FakeClient(name)
    hub.connect(name, passing.send)
    answer(hub, passing)
    ask(hub, messages.Resync, passing)
    hub.disconnect(name)


def final_states(client, runs):
    """Return what a client has been told last of each run: its status, and the samples of its final table."""
    states = {message.run: message.status for message in client.of(messages.RunState)}
    tables = {message.run: (message.samples, message.final) for message in client.of(messages.Snapshot)}
    return {run: (states.get(run), tables.get(run)) for run in runs}


def test_no_final_state_is_lost_while_clients_come_and_go(hub, client, many_switches, caplog):
    known = {run.id for run in registry.runs()}
    crowd = Crowd()
    workers = [crowd.start(work) for _ in range(WORKERS)]
    for name in ("one", "two", "two"):  # the last two replace each other
        crowd.start_repeating(come_and_go, hub, name)
    crowd.start_repeating(ask, hub, messages.Resync, client)
    crowd.start_repeating(answer, hub, client)
    crowd.join(workers)
    runs = [run.id for run in registry.runs() if run.id not in known]
    assert len(runs) == WORKERS * RUNS_EACH
    late = FakeClient("late")
    hub.connect(late.name, late.send)
    for told in (client, late):
        assert final_states(told, runs) == dict.fromkeys(runs, ("done", (64, True)))
        assert [message.seq for message in told.messages] == list(range(len(told.messages)))
    assert [record.message for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []
