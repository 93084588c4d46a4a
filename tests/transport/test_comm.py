"""Comms: both of a client come and go together, and a page that was given up finds back."""

from __future__ import annotations

import comm
import msgspec
import pytest

from deepview_lab.engine import Registry
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.delivery.comm import serve
from deepview_lab.transport.feeds.hub import SILENCE_SECONDS, Hub
from deepview_lab.transport.wire import messages


class QuietComm(comm.base_comm.BaseComm):
    """Keeps what it would publish."""

    def __init__(self, **options):
        self.published = []
        super().__init__(**options)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        self.published.append((msg_type, data))


class Page:
    """A front end: opens comms as JupyterLab does."""

    def __init__(self, manager, name):
        self.manager = manager
        self.name = name

    def _message(self, suffix, **content):
        return {"content": {"comm_id": self.name + suffix, **content}}

    def open(self, target, suffix):
        message = self._message(suffix, target_name=target, data={"client": self.name, "v": 1})
        self.manager.comm_open(None, "", message)

    def connect(self):
        self.open(messages.DATA_TARGET, "-data")
        self.open(messages.CONTROL_TARGET, "-control")

    def send(self, message):
        self.manager.comm_msg(None, "", self._message("-control", data=msgspec.to_builtins(message)))

    def close(self):
        for suffix in ("-data", "-control"):
            self.manager.comm_close(None, "", self._message(suffix, data={}))


@pytest.fixture
def manager(monkeypatch):
    made = comm.base_comm.CommManager()
    monkeypatch.setattr(comm, "create_comm", QuietComm)
    monkeypatch.setattr(comm, "get_comm_manager", lambda: made)
    return made


@pytest.fixture
def time():
    return [0.0]


@pytest.fixture
def hub(manager, time):
    made = Hub(Registry(), version="1", session="s", clock=lambda: time[0])
    hello = serve(made)
    assert list(manager.comms) == [hello.comm_id]
    yield made
    made.close()


def test_a_front_end_that_does_not_know_us_does_not_take_the_hello_comm_away(hub, manager):
    (hello,) = manager.comms
    manager.comm_close(None, "", {"content": {"comm_id": hello, "data": {}}})
    assert list(manager.comms) == [hello]


def pages(manager):
    return {name.partition("-")[0] for name in manager.comms if "-" in name}


def test_a_page_that_closes_its_comms_leaves_none_behind(hub, manager):
    page = Page(manager, "one")
    page.connect()
    assert pages(manager) == {"one"}
    page.close()
    assert pages(manager) == set()
    assert not hub.control(msgspec.to_builtins(messages.Resync(client="one")))


def test_a_page_that_went_without_a_word_is_forgotten_quietly_when_another_comes(hub, manager, time):
    lost = Page(manager, "lost")
    lost.connect()
    hub._clients.get("lost").channel.offer("key", envelope())
    comms = [manager.comms["lost-data"], manager.comms["lost-control"]]
    time[0] = SILENCE_SECONDS + 1
    Page(manager, "new").connect()
    assert pages(manager) == {"new"}
    assert not any(kind == "comm_close" for made in comms for kind, _ in made.published)


def test_a_page_that_was_forgotten_and_speaks_is_told_by_the_end_of_its_control_comm(hub, manager):
    page = Page(manager, "back")
    page.open(messages.CONTROL_TARGET, "-control")
    control = manager.comms["back-control"]
    page.send(messages.Resync(client="back"))
    assert [kind for kind, _ in control.published] == ["comm_close"]
    assert pages(manager) == set()


def envelope():
    return Envelope(messages.Layers(run="r", layers=[]))
