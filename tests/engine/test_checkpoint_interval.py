"""When a checkpoint is written: soon for the first time, then as often as what it costs allows."""

from __future__ import annotations

import pytest

from deepview_lab.analysis.iua import IUASpec
from deepview_lab.engine.about import About
from deepview_lab.engine.checkpoint import Checkpoint
from deepview_lab.engine.fold import Fold
from deepview_lab.engine.folding import Folding
from deepview_lab.engine.keeper import Keeper

from .counting import Numbers


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keeper(tmp_path, clock):
    made = Keeper(Checkpoint.open(tmp_path), Numbers(8), {}, clock)
    yield made
    made.close()


def takes(clock, seconds):
    """A replacement for a method that does nothing and takes a while."""

    def method(*_):
        clock.now += seconds

    return method


def counted():
    folding = Folding([Fold("iua", IUASpec())])
    folding.begin({})
    folding.fold_in(next(iter(Numbers(8)(8))))
    return folding


def due_after(keeper, clock):
    """Seconds until it is due, in tenths."""
    began = clock.now
    for tenths in range(10_000):
        clock.now = began + tenths / 10
        if keeper.due():
            return tenths / 10
    raise AssertionError("it is never due")


def test_the_first_is_due_after_a_second(keeper, clock):
    assert due_after(keeper, clock) == 1.0


@pytest.mark.parametrize(
    ("cost", "interval"), [(0.001, 1.0), (0.1, 5.0), (1.0, 50.0), (3.0, 150.0), (60.0, 600.0)], ids=str
)
def test_the_interval_is_fifty_times_the_cost_and_at_most_ten_minutes(keeper, clock, monkeypatch, cost, interval):
    monkeypatch.setattr(Checkpoint, "write", takes(clock, cost))
    keeper.keep(counted(), {}, complete=False)
    assert keeper.kept == 1
    assert due_after(keeper, clock) == pytest.approx(interval, abs=0.11)


def test_what_is_written_for_the_panel_is_part_of_the_cost(keeper, clock, monkeypatch):
    monkeypatch.setattr(Checkpoint, "write", takes(clock, 0.5))
    monkeypatch.setattr(About, "write", takes(clock, 0.5))
    keeper.keep(counted(), {}, complete=False)
    keeper.describe(About("run", 1, 1, done=False))
    assert due_after(keeper, clock) == pytest.approx(50.0, abs=0.11)


def test_an_attempt_that_fails_costs_what_it_took(keeper, clock, monkeypatch, caplog):
    def fail(*_):
        clock.now += 2.0
        raise OSError("the disk went away")

    monkeypatch.setattr(Checkpoint, "write", fail)
    keeper.keep(counted(), {}, complete=False)
    assert keeper.kept is None
    assert due_after(keeper, clock) == pytest.approx(100.0, abs=0.11)
