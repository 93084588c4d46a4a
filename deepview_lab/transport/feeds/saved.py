"""The last state of a run, to be kept where no kernel answers: in a widget's state and in a notebook's output."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.wire import messages

__all__ = ["SavedState"]


@dataclass(frozen=True)
class SavedState:
    """All there is to say of a run.

    Attributes
    ----------
    session, run : str
        Which run of which kernel.
    envelopes : sequence of Envelope
        Its state, layers, tables, and details of layers.
    left_out : sequence of str
        What was too large: ``details``, ``tables``, ``layers``.
    """

    session: str
    run: str
    envelopes: Sequence[Envelope]
    left_out: Sequence[messages.LeftOut] = ()

    # Any: messages as plain data, for JSON.

    def trait(self) -> dict[str, Any]:
        """Return messages and buffers for the state of a widget."""
        return {
            "messages": [msgspec.to_builtins(envelope.message) for envelope in self.envelopes],
            "buffers": [buffer for envelope in self.envelopes for buffer in envelope.buffers],
        }

    def output(self, most: int = messages.MOST_SAVED_BYTES) -> dict[str, Any]:
        """Return the content of an output of our MIME type, whose JSON has ``most`` bytes, without what is too large.

        The run's own state is never left out: a reader refuses an output that is too large for all that, and shows the
        static table.
        """
        encoded = msgspec.json.encode(self._message())
        for kind in messages.SAVED_PARTS:
            if len(encoded) > most and kind not in self.left_out:
                return self._without(kind).output(most)
        plain: dict[str, Any] = msgspec.json.decode(encoded)
        return plain

    def _message(self) -> messages.SavedRun:
        return messages.SavedRun(
            session=self.session,
            run=self.run,
            messages=[envelope.message for envelope in self.envelopes],
            buffers=[b64encode(buffer).decode("ascii") for envelope in self.envelopes for buffer in envelope.buffers],
            left_out=list(self.left_out),
        )

    def _without(self, kind: messages.LeftOut) -> SavedState:
        kept = [envelope for envelope in self.envelopes if not isinstance(envelope.message, messages.SAVED_PARTS[kind])]
        return replace(self, envelopes=kept, left_out=[*self.left_out, kind])
