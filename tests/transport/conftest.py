"""A hub on the registry of this process, and a client of all runs."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from deepview_lab.engine import registry
from deepview_lab.engine.origin import PANEL_KEY
from deepview_lab.transport.hub import Hub

from .fake_client import FakeClient


@pytest.fixture
def hub():
    made = Hub(registry, version="1.2.3", session="s")
    yield made
    made.close()


@pytest.fixture
def client(hub):
    made = FakeClient()
    hub.connect(made.name, made.send)
    return made


@pytest.fixture
def shell_at_work():
    """Return a function that has a shell work on some code, as a kernel's does."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()

    def work_on(code, about):
        request = {
            "header": {"msg_type": "execute_request"},
            "content": {"code": code},
            "metadata": {PANEL_KEY: about},
        }
        shell.get_parent = lambda: request

    yield work_on
    InteractiveShell.clear_instance()
