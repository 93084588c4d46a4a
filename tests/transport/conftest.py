"""A hub on the registry of this process, and a client of all runs."""

from __future__ import annotations

import pytest

from deepview_lab.engine import registry
from deepview_lab.engine.origin import PANEL_KEY
from deepview_lab.transport.feeds.hub import Hub
from tests.shells import interactive_shell

from .fake_client import FakeClient


@pytest.fixture
def hub():
    # Time stands still: on a busy machine, clients would be taken for far ones and be told later.
    made = Hub(registry, version="1.2.3", session="s", clock=lambda: 0.0)
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
    with interactive_shell() as shell:

        def work_on(code, about):
            request = {
                "header": {"msg_type": "execute_request"},
                "content": {"code": code},
                "metadata": {PANEL_KEY: about},
            }
            shell.get_parent = lambda: request

        yield work_on
