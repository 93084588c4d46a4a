"""Progress arithmetic and the cadence of snapshots, on clocks that the tests turn."""

from __future__ import annotations

import pytest

from deepview_lab.engine.herald import Cadence
from deepview_lab.engine.progress import Progress, Speedometer


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_rate_and_eta_come_from_the_last_ten_seconds():
    clock = Clock()
    speed = Speedometer(total=1000, batch_size=32, clock=clock)
    assert speed.progress() == Progress(total_batches=32, total=1000)
    clock.now = 20.0  # a slow first batch: the model is traced
    speed.passed(32)
    for _ in range(20):
        clock.now += 1
        speed.passed(32)
    progress = speed.progress()
    assert (progress.batches, progress.samples, progress.elapsed) == (21, 672, 40.0)
    assert progress.rate == pytest.approx(32.0)
    assert progress.eta == pytest.approx((1000 - 672) / 32)


def test_more_samples_than_promised_is_no_negative_eta():
    clock = Clock()
    speed = Speedometer(total=10, batch_size=32, clock=clock)
    clock.now = 1.0
    speed.passed(32)
    assert speed.progress().eta == 0.0


def test_a_pause_counts_neither_as_elapsed_nor_for_the_rate():
    clock = Clock()
    speed = Speedometer(total=None, batch_size=32, clock=clock)
    for _ in range(2):
        clock.now += 1
        speed.passed(32)
        speed.rest(lambda: setattr(clock, "now", clock.now + 100))
    progress = speed.progress()
    assert progress.elapsed == 2.0
    assert progress.rate == pytest.approx(32.0)


def test_snapshots_come_after_the_first_batch_and_then_twice_a_second():
    clock = Clock()
    cadence = Cadence(clock)
    due = []
    for _ in range(17):  # a batch every eighth of a second
        if cadence.due():
            due.append(clock.now)
            cadence.take(lambda budget: None)
        clock.now += 0.125
    assert due == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_snapshots_cost_three_per_cent_of_the_time_and_what_is_dear_is_saved_up_for():
    clock = Clock()
    cadence = Cadence(clock)
    spent, computed = 0.0, []

    def publish(budget):
        nonlocal spent
        if budget.has(0.4):  # the dear part: 0.4 s
            clock.now += 0.4
            spent += 0.4
            computed.append(clock.now)

    while clock.now < 100.0:
        if cadence.due():
            cadence.take(publish)
        clock.now += 0.1
    assert computed
    assert spent <= 0.03 * clock.now + 0.05
    assert len(computed) >= 6
