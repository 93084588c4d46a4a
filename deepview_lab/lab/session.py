"""The one session of a kernel: its hub, and the comms that serve it."""

from __future__ import annotations

import atexit
import uuid
from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from deepview_lab import __version__
from deepview_lab.engine import registry
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.lab.variables import Variables
from deepview_lab.transport.delivery.comm import serve
from deepview_lab.transport.feeds.hub import Hub

__all__ = ["Session", "session"]


class Session:
    """Connects the runs of this kernel with all front ends.

    Attributes
    ----------
    hub : Hub
        Passes runs on to clients.
    """

    def __init__(self) -> None:
        explorer = Scanner(_user_namespace, _hidden_namespace)
        variables = Variables(_user_namespace)
        self.hub = Hub(registry, version=__version__, session=uuid.uuid4().hex, explorer=explorer, variables=variables)
        self._hello = serve(self.hub)
        # IPython empties the namespace when the kernel is shut down, which makes runs fail that use it.
        atexit.register(registry.fall_silent)


@cache
def session() -> Session:
    """Return the session of this kernel, opened at the first call."""
    return Session()


# Any: a namespace holds anything.


def _user_namespace() -> MutableMapping[str, Any]:
    return InteractiveShell.instance().user_ns if InteractiveShell.initialized() else {}


def _hidden_namespace() -> Mapping[str, Any]:
    return InteractiveShell.instance().user_ns_hidden if InteractiveShell.initialized() else {}
