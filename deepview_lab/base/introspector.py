"""The protocol of introspectors."""

from __future__ import annotations

from typing import Any, Protocol

from deepview_lab.base.producer import Producer

__all__ = ["Introspector"]


class Introspector(Protocol):
    """An algorithm that looks at what a producer yields; calling ``introspect`` drives the producer."""

    @staticmethod
    def introspect(producer: Producer, *, batch_size: int = 32) -> Any:  # Any: each returns an instance of its own
        """Run over the whole producer and return the result."""
        ...
