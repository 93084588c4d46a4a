"""Comms: the only file that knows them.

The kernel opens a hello comm when DeepView is loaded; each front end then opens a data comm, on which only the kernel
speaks, and a control comm, on which only the front end speaks. JupyterLab (>= 4.4) with ipykernel >= 7 handles each
target on a thread of its own, so that Cancel is heard while a cell runs, but ipykernel 7.4 moves a comm to the thread
that last published on it: hence two comms, and hence both opened by the front end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import comm
import msgspec

from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire.messages import (
    CONTROL_TARGET,
    DATA_TARGET,
    HELLO_TARGET,
    PROTOCOL_VERSION,
    DataMessage,
)

__all__ = ["serve"]

# Any: comms and their messages have no types.


def serve(hub: Hub) -> Any:
    """Register the comm targets for ``hub`` and say hello to all front ends; return the hello comm, to be kept."""
    manager = comm.get_comm_manager()
    counter = _Counter(hub, manager)
    manager.register_target(DATA_TARGET, counter.on_data_open)
    manager.register_target(CONTROL_TARGET, counter.on_control_open)
    hello = comm.create_comm(target_name=HELLO_TARGET, data={"v": PROTOCOL_VERSION})

    def keep(_: Any) -> None:
        """Front ends without our extension close it; ours look whether there is one."""
        manager.register_comm(hello)

    hello.on_close(keep)
    return hello


class _Counter:
    """Where front ends open their comms; keeps both comms of a client together."""

    def __init__(self, hub: Hub, manager: Any) -> None:
        self._hub = hub
        self._manager = manager
        self._controls: dict[str, Any] = {}

    def on_data_open(self, opened: Any, message: Any) -> None:
        client = _client_of(opened, message)

        def send(data: DataMessage, buffers: Sequence[bytes]) -> None:
            opened.send(data=msgspec.to_builtins(data), buffers=list(buffers))

        def drop() -> None:
            self._discard(opened)
            control = self._controls.pop(client, None)
            if control is not None:
                self._discard(control)

        opened.on_close(lambda _: self._hub.disconnect(client))
        self._hub.connect(client, send, on_dropped=drop)

    def on_control_open(self, opened: Any, message: Any) -> None:
        client = _client_of(opened, message)

        def receive(received: Any) -> None:
            # It was dropped, and is alive after all: this makes it connect again.
            if not self._hub.control(received["content"]["data"]):
                opened.close()

        self._controls[client] = opened
        opened.on_msg(receive)
        opened.on_close(lambda _: self._controls.pop(client, None))

    def _discard(self, dropped: Any) -> None:
        """Forget a comm whose other end is gone, without a word: other pages would log a close they do not know."""
        if dropped.comm_id in self._manager.comms:
            self._manager.unregister_comm(dropped)
        dropped._closed = True  # noqa: SLF001 - comm has no public way


def _client_of(opened: Any, message: Any) -> str:
    return str(message["content"]["data"].get("client", opened.comm_id))
