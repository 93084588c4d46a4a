"""Working ahead: bounded, ordered, stoppable; errors arrive after the batches before them."""

from __future__ import annotations

import threading

import pytest

from deepview_lab.engine.prefetch import Prefetch

from .counting import Numbers


def test_batches_arrive_in_order_and_the_error_after_them():
    ahead = Prefetch(Numbers(320, fail_at=5), 32, depth=2)
    got = [float(next(ahead).fields["x"][0]) for _ in range(5)]
    with pytest.raises(OSError, match="the disk went away"):
        next(ahead)
    assert got == [0.0, 32.0, 64.0, 96.0, 128.0]


def test_it_never_works_further_ahead_than_its_depth():
    produced = threading.Semaphore(0)
    count = 0

    def producer(batch_size):
        nonlocal count
        for batch in Numbers(320)(batch_size):
            count += 1
            produced.release()
            yield batch

    ahead = Prefetch(producer, 32, depth=2)
    for _ in range(3):  # two wait in the queue, the third is in the producer's hand
        assert produced.acquire(timeout=60)
    assert not produced.acquire(timeout=0.05)
    assert count == 3
    next(ahead)
    assert produced.acquire(timeout=60)
    ahead.stop()


def test_stop_ends_the_iteration_while_the_producer_hangs():
    gate = threading.Event()
    ahead = Prefetch(Numbers(64, gates={1: gate}), 32, depth=2)
    next(ahead)
    threading.Timer(0.05, ahead.stop).start()
    assert list(ahead) == []
    gate.set()
    ahead._thread.join(60)
    assert not ahead._thread.is_alive()
