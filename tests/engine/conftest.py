"""What several files of tests compare with, and what they watch."""

from __future__ import annotations

import pytest

from deepview_lab.engine import introspect, registry

from .kept_run import BATCH, Network, Source, network, numbers, specs


@pytest.fixture
def events():
    """What the watchers of all runs are told."""
    seen = []
    unwatch = registry.watch(seen.append)
    yield seen
    unwatch()


@pytest.fixture(scope="session")
def expected():
    """The numbers of a run that is neither kept nor interrupted."""
    return numbers(introspect(network(Source(), Network()), *specs(), batch_size=BATCH))
