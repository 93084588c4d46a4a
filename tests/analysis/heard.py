"""A work that notes what it hears, and can stop an analysis at a stage."""

from __future__ import annotations

from deepview_lab.analysis.contract import StandaloneContext
from deepview_lab.exceptions import CancelledError


class Heard(StandaloneContext):
    def __init__(self, rows, *, stop_at=None, stop_after=0.0):
        super().__init__(rows)
        self.steps = []
        self.partials = []
        self._stop = stop_at, stop_after

    def step(self, stage, done=None):
        self.steps.append((stage, done))
        if stage == self._stop[0] and (done or 0.0) >= self._stop[1]:
            raise CancelledError

    def partial(self, result):
        self.partials.append(result)
