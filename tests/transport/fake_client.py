"""A client behind a comm that can lose, hold back and reorder messages."""

from __future__ import annotations

import msgspec

from deepview_lab.transport import messages
from deepview_lab.transport.arrow import decode_columns


class FakeClient:
    """Decodes what arrives, as the browser does, and answers when told to."""

    def __init__(self, name="c1"):
        self.name = name
        self.received = []
        self.lose = False

    def send(self, message, buffers):
        if self.lose:
            return
        wire = msgspec.json.encode(message)
        decoded = msgspec.json.decode(wire, type=messages.DataMessage)
        self.received.append((decoded, [decode_columns(bytes(buffer)) for buffer in buffers]))

    @property
    def messages(self):
        return [message for message, _ in self.received]

    def of(self, kind):
        return [message for message in self.messages if isinstance(message, kind)]

    def ack(self, seq=None):
        last = self.messages[-1].seq if seq is None else seq
        return msgspec.to_builtins(messages.Ack(client=self.name, seq=last))
