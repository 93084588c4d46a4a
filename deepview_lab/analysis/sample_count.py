"""The accumulator of an analysis that does its work on the rows: a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deepview_lab.base import ResponseInfo

__all__ = ["SampleCount"]


@dataclass
class SampleCount:
    """How many samples passed.

    Attributes
    ----------
    responses : mapping of str to ResponseInfo
        What was known before any data.
    samples : int
        Samples seen.
    """

    responses: Mapping[str, ResponseInfo]
    samples: int = 0

    def merge(self, other: SampleCount) -> None:
        """Add ``other``, which stays as it is."""
        self.responses = {**other.responses, **self.responses}
        self.samples += other.samples
