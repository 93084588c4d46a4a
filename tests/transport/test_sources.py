"""What clients are told of the user's variables: at first, on request, and when something has changed."""

from __future__ import annotations

import threading

import msgspec
import pytest

from deepview_lab.engine import Registry
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire import messages

from .fake_client import FakeClient


class Shelf:
    """An explorer whose findings the test sets, and which can be held up."""

    def __init__(self):
        self.names = ["net"]
        self.layer = "conv"
        self.asked = []
        self.free = threading.Event()
        self.free.set()
        self.fails = False

    def scan(self):
        self.asked.append("scan")
        assert self.free.wait(300)
        if self.fails:
            raise RuntimeError("the shelf fell down")
        sources = [
            messages.Source(name=name, role="model", type="Net", size=None, ends_in_model=False) for name in self.names
        ]
        return messages.Namespace(sources=sources, taken=[])

    def layers(self, source, *, fresh):
        self.asked.append((source, fresh))
        info = messages.LayerInfo(name=self.layer, kind="relu", type="ReLU", shape=[None, 4], units=4)
        return messages.SourceLayers(source=source, layers=[info], usual=[self.layer], problem=None)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def hub(shelf):
    made = Hub(Registry(), version="1", session="s", explorer=shelf)
    yield made
    shelf.free.set()
    made.close()


@pytest.fixture
def client(hub):
    made = FakeClient()
    hub.connect(made.name, made.send)
    made.wait_for(messages.Namespace)
    return made


def control(hub, message):
    hub.control(msgspec.to_builtins(message))


def names(message):
    return [source.name for source in message.sources]


def inspect(hub, client, source="net"):
    control(hub, messages.Inspect(client=client.name, source=source))


def test_a_client_is_told_the_variables_when_it_connects(client):
    assert [type(message).__name__ for message in client.messages] == ["Hello", "Namespace"]
    assert names(client.messages[1]) == ["net"]


def test_a_client_that_shows_one_run_is_not(hub, shelf):
    canvas = FakeClient("canvas")
    hub.connect("canvas", canvas.send, run="r1")
    hub.look_again()
    assert shelf.asked == []


def test_without_clients_nobody_looks(hub, shelf):
    hub.look_again()
    assert shelf.asked == []


def test_after_a_cell_only_a_change_is_sent(hub, client, shelf):
    client.wait_for(messages.Namespace)
    hub.control(client.ack())
    for _ in range(3):
        hub.look_again()
    shelf.names = ["net", "other"]
    hub.look_again()
    first, second = client.wait_for(messages.Namespace, 2)
    assert (names(first), names(second)) == (["net"], ["net", "other"])


def test_a_scan_answers_even_if_nothing_has_changed(hub, client):
    hub.control(client.ack())
    control(hub, messages.Scan(client="c1"))
    assert len(client.wait_for(messages.Namespace, 2)) == 2


def test_the_layers_of_the_inspected_variable_come_at_once_and_when_they_change(hub, client, shelf):
    inspect(hub, client)
    (layers,) = client.wait_for(messages.SourceLayers)
    assert (layers.source, layers.layers[0].name) == ("net", "conv")
    hub.control(client.ack())
    hub.look_again()
    shelf.layer = "dense"
    hub.look_again()
    assert client.wait_for(messages.SourceLayers, 2)[-1].layers[0].name == "dense"
    assert ("net", False) in shelf.asked


def test_after_inspecting_nothing_no_layers_are_read(hub, client, shelf):
    inspect(hub, client)
    client.wait_for(messages.SourceLayers)
    inspect(hub, client, None)
    hub.control(client.ack())
    client.wait_for(messages.Namespace, 2)
    shelf.asked.clear()
    shelf.names = []
    hub.look_again()
    hub.control(client.ack())
    client.wait_for(messages.Namespace, 3)
    assert [asked for asked in shelf.asked if asked != "scan"] == []


def test_a_resync_brings_variables_and_layers_too(hub, client):
    inspect(hub, client)
    client.wait_for(messages.SourceLayers)
    control(hub, messages.Resync(client="c1"))
    client.wait_for(messages.SourceLayers, 2)
    assert len(client.of(messages.Hello)) == 2


def test_neither_a_cell_nor_a_control_message_waits_for_a_look(hub, client, shelf):
    shelf.free.clear()
    hub.look_again()
    inspect(hub, client)
    control(hub, messages.Scan(client="c1"))
    shelf.asked.clear()
    shelf.free.set()
    client.wait_for(messages.SourceLayers)
    assert shelf.asked.count("scan") <= 1, "wishes that wait are one look"


def test_an_explorer_that_raises_is_logged_and_asked_again(hub, client, shelf, monkeypatch):
    logged = threading.Event()
    monkeypatch.setattr("deepview_lab.transport.feeds.coalescing_queue._logger.exception", lambda _: logged.set())
    shelf.fails = True
    control(hub, messages.Scan(client="c1"))
    assert logged.wait(300)
    shelf.fails = False
    hub.control(client.ack())
    control(hub, messages.Scan(client="c1"))
    assert len(client.wait_for(messages.Namespace, 2)) == 2


def test_what_a_stranger_asks_is_ignored(hub, shelf):
    control(hub, messages.Scan(client="nobody"))
    control(hub, messages.Inspect(client="nobody", source="net"))
    assert shelf.asked == []
