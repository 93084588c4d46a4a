"""Runs in a process of its own: writes a cache, is killed at random moments, goes on, and checks what is there."""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

import numpy as np

from deepview_lab.base import Batch, pipeline
from deepview_lab.base.cache import writer
from deepview_lab.processors import CachedProducer, Cacher

COUNT, ROWS, BATCHES = 2, 512, 4000
writer._SYNCED_BYTES = 40_000  # so that some are killed while the index is replaced


class Source:
    """Yields rows that are their own number. A byte in the pipe tells of each batch that has been passed on."""

    stored_only = False

    def __call__(self, batch_size):
        if Source.stored_only:
            raise StopAsyncIteration
        for start in range(0, BATCHES * COUNT, batch_size):
            numbers = np.arange(start, start + batch_size)
            builder = Batch.Builder({"x": np.broadcast_to(numbers[:, None], (batch_size, ROWS)).astype(np.float32)})
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [("row", int(number)) for number in numbers]
            yield builder.make_batch()


def write(folder, pipe):
    """Write on until killed."""
    for _ in pipeline(Source(), Cacher(folder))(COUNT):
        os.write(pipe, b".")
    os._exit(0)


def killed_once(folder, rng):
    """Let a child write, kill it after a random number of batches, and return how many it has passed on."""
    wanted, passed = stored(folder) // COUNT + rng.randrange(1, 120), 0
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        write(folder, writing)
    os.close(writing)
    told = b""
    while passed < wanted and (told := os.read(reading, 1)):
        passed += len(told)
    for _ in range(rng.randrange(3000)):  # into the middle of a batch
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while told := os.read(reading, 65536):
        passed += len(told)
    os.close(reading)
    return passed


def stored(folder):
    """Check all that the cache holds, and return how many samples these are."""
    if not (folder / "index.json").exists():
        return 0
    seen = 0
    Source.stored_only = True
    try:
        for batch in pipeline(Source(), Cacher(folder))(64):
            numbers = np.arange(seen, seen + batch.batch_size)
            assert (batch.fields["x"] == numbers[:, None]).all()
            assert batch.metadata[Batch.StdKeys.IDENTIFIER] == tuple(("row", int(number)) for number in numbers)
            seen += batch.batch_size
    except (StopAsyncIteration, RuntimeError):
        pass
    finally:
        Source.stored_only = False
    return seen


def main(folder, kills):
    rng = random.Random(5)
    before = 0
    for _ in range(kills):
        passed = killed_once(folder, rng) * COUNT
        there = stored(folder)
        assert passed <= there <= passed + COUNT, (passed, there)
        assert there >= before
        before = there
    for _ in pipeline(Source(), Cacher(folder))(64):
        pass
    assert len(CachedProducer(folder)) == stored(folder) == BATCHES * COUNT
    print(f"{kills} kills, {before} of {BATCHES * COUNT} samples survived the last")  # noqa: T201 - told to the test


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
