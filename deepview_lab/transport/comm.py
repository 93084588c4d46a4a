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

from deepview_lab.transport.hub import Hub
from deepview_lab.transport.messages import CONTROL_TARGET, DATA_TARGET, HELLO_TARGET, PROTOCOL_VERSION, DataMessage

__all__ = ["serve"]

# Any: comms and their messages have no types.


def serve(hub: Hub) -> Any:
    """Register the comm targets for ``hub`` and say hello to all front ends; return the hello comm, to be kept."""
    manager = comm.get_comm_manager()

    def on_data_open(opened: Any, message: Any) -> None:
        client = str(message["content"]["data"].get("client", opened.comm_id))

        def send(data: DataMessage, buffers: Sequence[bytes]) -> None:
            opened.send(data=msgspec.to_builtins(data), buffers=list(buffers))

        opened.on_close(lambda _: hub.disconnect(client))
        hub.connect(client, send)

    def on_control_open(opened: Any, message: Any) -> None:  # noqa: ARG001 - the form of a comm target
        opened.on_msg(lambda received: hub.control(received["content"]["data"]))

    manager.register_target(DATA_TARGET, on_data_open)
    manager.register_target(CONTROL_TARGET, on_control_open)
    return comm.create_comm(target_name=HELLO_TARGET, data={"v": PROTOCOL_VERSION})
