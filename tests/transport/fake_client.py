"""A client behind a comm that can lose, hold back and reorder messages."""

from __future__ import annotations

import threading

import msgspec

from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import decode_columns


class FakeClient:
    """Decodes what arrives, as the browser does, and answers when told to."""

    def __init__(self, name="c1"):
        self.name = name
        self.received = []
        self.lose = False
        self._arrival = threading.Condition()

    def send(self, message, buffers):
        if self.lose:
            return
        wire = msgspec.json.encode(message)
        decoded = msgspec.json.decode(wire, type=messages.DataMessage)
        with self._arrival:
            self.received.append((decoded, [decode_columns(bytes(buffer)) for buffer in buffers]))
            self._arrival.notify_all()

    @property
    def messages(self):
        return [message for message, _ in self.received]

    def of(self, kind):
        return [message for message in self.messages if isinstance(message, kind)]

    def wait_for(self, kind, count=1):
        """Return the messages of a kind once there are ``count``."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.of(kind)) >= count, 60), self.messages
        return self.of(kind)

    def ack(self, seq=None):
        last = self.messages[-1].seq if seq is None else seq
        return msgspec.to_builtins(messages.Ack(client=self.name, seq=last))
