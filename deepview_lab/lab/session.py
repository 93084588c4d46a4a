"""The one session of a kernel: its hub, and the comms that serve it."""

from __future__ import annotations

import uuid
from functools import cache

from deepview_lab import __version__
from deepview_lab.engine import registry
from deepview_lab.transport.comm import serve
from deepview_lab.transport.hub import Hub

__all__ = ["Session", "session"]


class Session:
    """Connects the runs of this kernel with all front ends.

    Attributes
    ----------
    hub : Hub
        Passes runs on to clients.
    """

    def __init__(self) -> None:
        self.hub = Hub(registry, version=__version__, session=uuid.uuid4().hex)
        self._hello = serve(self.hub)


@cache
def session() -> Session:
    """Return the session of this kernel, opened at the first call."""
    return Session()
