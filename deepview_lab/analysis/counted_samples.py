"""The stream of an analysis whose work is done on the rows, at the end."""

from __future__ import annotations

from collections.abc import Mapping

from deepview_lab.analysis.contract import Budget
from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.base import Batch, ResponseInfo

__all__ = ["CountedSamples"]


class CountedSamples:
    """The steps of a spec before ``finish``: samples are counted, the engine keeps their rows."""

    def create(self, responses: Mapping[str, ResponseInfo] | None = None) -> SampleCount:
        """Return an accumulator that has seen nothing."""
        return SampleCount(dict(responses or {}))

    def update(self, acc: SampleCount, batch: Batch) -> SampleCount:
        """Count the samples of ``batch``; their rows are kept elsewhere."""
        acc.samples += batch.batch_size
        return acc

    def merge(self, first: SampleCount, second: SampleCount) -> SampleCount:
        """Return the count of both."""
        first.merge(second)
        return first

    def snapshot(self, acc: SampleCount, budget: Budget, previous: object = None) -> None:
        """Return None: there is nothing to show before the end."""
