"""What several files of tests compare with."""

from __future__ import annotations

import pytest

from deepview_lab.engine import introspect

from .kept_run import BATCH, Network, Source, network, numbers, specs


@pytest.fixture(scope="session")
def expected():
    """The numbers of a run that is neither kept nor interrupted."""
    return numbers(introspect(network(Source(), Network()), *specs(), batch_size=BATCH))
