"""Progress arithmetic and the cadence of snapshots, on clocks that the tests turn."""

from __future__ import annotations

import itertools

import pytest

from deepview_lab.engine.progress import Progress, Speedometer
from deepview_lab.engine.work.publisher import Cadence


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
    for clock.now in (1.0, 2.0):
        speed.passed(32)
    assert speed.progress().eta == 0.0


def test_the_first_eta_leaves_tracing_and_warm_up_out():
    clock = Clock()
    speed = Speedometer(total=3200, batch_size=32, clock=clock)
    clock.now = 12.0  # the model is traced
    speed.passed(32)
    assert (speed.progress().rate, speed.progress().eta) == (None, None)
    clock.now += 2.0  # another shape is traced, memory is taken
    speed.passed(32)
    clock.now += 0.5
    speed.passed(32)
    assert speed.progress().eta == pytest.approx((3200 - 96) / 32 * 0.5)
    for _ in range(8):
        clock.now += 0.5
        speed.passed(32)
    assert speed.progress().eta == pytest.approx((3200 - 11 * 32) / 32 * 0.5)


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


def test_snapshots_cost_a_fortieth_of_the_time_and_what_is_dear_is_saved_up_for():
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
    assert spent <= 0.025 * clock.now + 0.05
    assert len(computed) >= 6


def watching(cost, seconds=200.0, dear=0.0, part=1.0, *, many=False):
    """Return when tables of this cost came, and how often the dear part of one; the run has a part of the time."""
    clock, processor = Clock(), Clock()
    cadence = Cadence(clock, spent=processor, cost=processor)
    tables, dears = [], 0

    def work(amount, part=1.0):
        clock.now += amount
        processor.now += amount * part

    def publish(budget):
        nonlocal dears
        work(cost(clock.now))
        done = 0
        while dear and budget.has(dear) and (many or not done):
            work(dear)
            done += 1
        dears += done

    while clock.now < seconds:
        if cadence.due():
            tables.append(clock.now)
            cadence.take(publish)
        work(0.01, part)
    return tables, dears


@pytest.mark.parametrize("cost", [0.001, 0.012, 0.025])
def test_tables_take_an_eightieth_of_the_time_however_large(cost):
    tables, _ = watching(lambda _: cost)
    assert 100 <= len(tables) <= 400
    assert len(tables) * cost <= 0.0135 * 200


def test_dear_parts_have_their_share_behind_tables_that_take_theirs():
    tables, dears = watching(lambda _: 0.02, dear=0.1)
    assert 0.02 * 200 <= dears * 0.1 <= 0.027 * 200
    assert len(tables) * 0.02 <= 0.0135 * 200


@pytest.mark.parametrize("part", [1.0, 0.3])
@pytest.mark.parametrize("dear", [0.0005, 0.013])
def test_many_dear_parts_have_no_more_than_their_share(dear, part):
    tables, dears = watching(lambda _: 0.013, dear=dear, part=part, many=True)
    assert 0.017 * 200 * part <= dears * dear <= 0.029 * 200 * part
    assert len(tables) * 0.013 <= 0.0135 * 200 * part + 0.1


def test_one_slow_table_does_not_delay_the_next_ones():
    tables, _ = watching(lambda now: 0.5 if 9.9 < now < 10.1 else 0.001, seconds=20.0)
    assert max(later - earlier for earlier, later in itertools.pairwise(tables)) < 1.1


def test_tables_come_every_four_seconds_however_dear():
    tables, _ = watching(lambda _: 0.1, seconds=40.0)
    assert max(later - earlier for earlier, later in itertools.pairwise(tables)) < 4.2


def test_on_a_busy_machine_watching_has_its_share_of_what_the_run_gets():
    tables, dears = watching(lambda _: 0.01, dear=0.05, part=0.2)
    assert len(tables) * 0.01 <= 0.0135 * 0.2 * 200
    assert 0.0125 * 0.2 * 200 <= dears * 0.05 <= 0.03 * 0.2 * 200
    assert len(tables) >= 50


def test_a_run_that_waits_for_its_data_is_watched_all_the_same():
    tables, dears = watching(lambda _: 0.0015, dear=0.05, part=0.01)
    assert max(later - earlier for earlier, later in itertools.pairwise(tables)) < 0.7
    assert dears >= 0.005 * 200 / 0.05


def test_a_process_with_many_threads_allows_no_more():
    (tables, dears), (usual, usual_dears) = (watching(lambda _: 0.01, dear=0.05, part=part) for part in (4.0, 1.0))
    assert len(tables) == pytest.approx(len(usual), rel=0.01)
    assert dears == pytest.approx(usual_dears, rel=0.01)
