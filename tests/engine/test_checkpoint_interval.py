"""When a checkpoint is written: soon for the first time, then as often as what it costs allows."""

from __future__ import annotations

import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.engine.checkpoint.folder import Checkpoint
from deepview_lab.engine.checkpoint.info import CheckpointInfo
from deepview_lab.engine.checkpoint.writer import CheckpointWriter
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask

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
def checkpoint_writer(tmp_path, clock):
    made = CheckpointWriter(Checkpoint.open(tmp_path), Numbers(8), {}, clock)
    yield made
    made.close()


def takes(clock, seconds, method):
    """Return ``method`` as one that takes so long."""

    def slow(*given):
        clock.now += seconds
        method(*given)

    return slow


def counted():
    work = RunWork([IntrospectorTask("iua", IUASpec())])
    work.begin({})
    work.fold_in(next(iter(Numbers(8)(8))))
    return work


def due_after(checkpoint_writer, clock):
    """Seconds until it is due, in tenths."""
    began = clock.now
    for tenths in range(10_000):
        clock.now = began + tenths / 10
        if checkpoint_writer.due():
            return tenths / 10
    raise AssertionError("it is never due")


def test_the_first_is_due_after_a_second(checkpoint_writer, clock):
    assert due_after(checkpoint_writer, clock) == 1.0


@pytest.mark.parametrize(
    ("cost", "interval"), [(0.001, 1.0), (0.1, 5.0), (1.0, 50.0), (3.0, 150.0), (60.0, 600.0)], ids=str
)
def test_the_interval_is_fifty_times_the_cost_and_at_most_ten_minutes(
    checkpoint_writer, clock, monkeypatch, cost, interval
):
    monkeypatch.setattr(Checkpoint, "write", takes(clock, cost, Checkpoint.write))
    checkpoint_writer.keep(counted(), {}, complete=False)
    assert checkpoint_writer.kept.batches == 1
    assert due_after(checkpoint_writer, clock) == pytest.approx(interval, abs=0.11)


def test_what_is_written_for_the_panel_is_part_of_the_cost(checkpoint_writer, clock, monkeypatch):
    monkeypatch.setattr(Checkpoint, "write", takes(clock, 0.5, Checkpoint.write))
    monkeypatch.setattr(CheckpointInfo, "write", takes(clock, 0.5, CheckpointInfo.write))
    checkpoint_writer.keep(counted(), {}, complete=False)
    checkpoint_writer.describe(CheckpointInfo("run", 1, 1, done=False))
    assert due_after(checkpoint_writer, clock) == pytest.approx(50.0, abs=0.11)


def test_an_attempt_that_fails_costs_what_it_took(checkpoint_writer, clock, monkeypatch, caplog):
    def fail(*_):
        clock.now += 2.0
        raise OSError("the disk went away")

    monkeypatch.setattr(Checkpoint, "write", fail)
    checkpoint_writer.keep(counted(), {}, complete=False)
    assert checkpoint_writer.kept is None
    assert due_after(checkpoint_writer, clock) == pytest.approx(100.0, abs=0.11)
