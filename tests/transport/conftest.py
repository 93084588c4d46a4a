"""A hub on the registry of this process, and a client of all runs."""

from __future__ import annotations

import pytest

from deepview_lab.engine import registry
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
