"""Working ahead: bounded, ordered, stoppable; errors arrive after the batches before them."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import prefetch
from deepview_lab.engine.prefetch import Prefetch

from .counting import Numbers


def test_batches_arrive_in_order_and_the_error_after_them():
    ahead = Prefetch(Numbers(320, fail_at=5), 32, depth=2)
    got = [float(next(ahead).fields["x"][0]) for _ in range(5)]
    with pytest.raises(OSError, match="the disk went away"):
        next(ahead)
    assert got == [0.0, 32.0, 64.0, 96.0, 128.0]


@pytest.fixture
def waits(monkeypatch):
    """A semaphore that is released each time somebody is about to wait."""
    told = threading.Semaphore(0)

    class Condition(threading.Condition):
        def wait(self, timeout=None):
            told.release()  # whoever hears of it gets the lock when the wait has begun
            return super().wait(timeout)

    monkeypatch.setattr(prefetch, "threading", SimpleNamespace(Condition=Condition, Thread=threading.Thread))
    return told


@pytest.mark.parametrize(("megabytes", "ahead_at_most"), [(8, 2), (1, 4)])
def test_it_works_ahead_by_its_depth_or_by_four_megabytes(waits, megabytes, ahead_at_most):
    count = 0

    def producer(batch_size):
        nonlocal count
        for _ in range(40):
            count += 1
            yield Batch({"x": np.zeros((batch_size, megabytes * 2**17 // batch_size))})

    ahead = Prefetch(producer, 32, depth=2)
    assert waits.acquire(timeout=300)
    assert count == ahead_at_most + 1  # those that are made, and the one in the producer's hand
    next(ahead)  # takes all that are made
    assert waits.acquire(timeout=300)
    assert count == 2 * ahead_at_most + 1
    ahead.stop()


def test_stop_ends_the_iteration_while_the_producer_hangs(waits):
    gate = threading.Event()
    ahead = Prefetch(Numbers(64, gates={1: gate}), 32, depth=2)
    next(ahead)
    while waits.acquire(blocking=False):
        pass

    def stop():
        waits.acquire()
        ahead.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    assert list(ahead) == []
    stopper.join(300)
    gate.set()
    ahead._thread.join(300)
    assert not ahead._thread.is_alive()
