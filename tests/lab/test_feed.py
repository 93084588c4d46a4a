"""From a cell in a real shell to what a front end is told."""

from __future__ import annotations

import pytest

from deepview_lab.lab.session import session
from deepview_lab.transport.wire import messages
from tests.transport.fake_client import FakeClient


@pytest.fixture
def client(shell):
    made = FakeClient()
    session().hub.connect(made.name, made.send)
    made.wait_for(messages.Namespace)
    session().hub.control(made.ack())
    return made


def names(message):
    return [source.name for source in message.sources]


def test_what_a_cell_defines_is_told_when_it_has_ended(shell, client):
    assert names(client.of(messages.Namespace)[0]) == ["digits"]
    shell.run_cell("1 + 1")
    shell.run_cell("other = digits")
    assert names(client.wait_for(messages.Namespace, 2)[1]) == ["digits", "other"]
    session().hub.control(client.ack())
    shell.run_cell("def batches(batch_size):\n    yield from digits(batch_size)\nraise ValueError")
    assert names(client.wait_for(messages.Namespace, 3)[2]) == ["digits", "other", "batches"]


def test_what_the_shell_puts_there_is_not_told(shell, client):
    shell.run_cell("get_ipython, exit, quit, open")
    shell.run_cell("last = digits")
    assert names(client.wait_for(messages.Namespace, 2)[1]) == ["digits", "last"]


def test_after_unloading_nobody_looks_any_more(shell, client):
    def registered():
        return [hook.__module__ for hook in shell.events.callbacks["post_run_cell"]]

    assert registered().count("deepview_lab.lab.extension") == 1
    shell.run_line_magic("reload_ext", "deepview_lab")
    assert registered().count("deepview_lab.lab.extension") == 1
    shell.run_line_magic("unload_ext", "deepview_lab")
    assert "deepview_lab.lab.extension" not in registered()
