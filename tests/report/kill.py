"""Runs in a process of its own: saves reports over and over, is killed at random moments, and checks what is there."""

from __future__ import annotations

import os
import random
import signal
import sys
import traceback
from pathlib import Path

import numpy as np
import pyarrow as pa

from deepview_lab.report import Manifest, read_report, write_report

pa.set_cpu_count(1)
pa.set_io_thread_count(1)


def save(path, number):
    rows = np.full(20_000, number)
    write_report(path, Manifest(kind="report", name=str(number)), {"rows": pa.table({"row": rows})})


def check(path):
    """Return the number that the file holds, all of it."""
    report = read_report(path)
    number = int(report.manifest.name)
    assert (report.table("rows")["row"].to_numpy() == number).all()
    return number


def in_child(work):
    """Return the number that ``work`` returns, at work in a child.

    Who forks must have no threads: what one of them holds at that moment would never be let go in the child, and
    pyarrow starts some when it reads.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(writing, str(work()).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    told = os.read(reading, 100)
    os.close(reading)
    assert os.waitpid(child, 0)[1] == 0
    return int(told)


def saved_and_checked(path, number):
    save(path, number)
    return check(path)


def killed_once(path, rng, start):
    """Let a child save number after number, kill it, and return how far it came."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for number in range(start, start + 10_000):
                save(path, number)
                os.write(writing, b".")
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    saved = start - 1
    for _ in range(rng.randrange(6)):
        saved += len(os.read(reading, 1))
    for _ in range(rng.randrange(60_000)):  # into the middle of a save
        pass
    os.kill(child, signal.SIGKILL)
    died = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(died), "it could not save, as it told above"
    assert os.WTERMSIG(died) == signal.SIGKILL
    while told := os.read(reading, 65536):
        saved += len(told)
    os.close(reading)
    return saved


def main(path, kills):
    rng = random.Random(3)
    there = in_child(lambda: saved_and_checked(path, 0))
    for _ in range(kills):
        saved = killed_once(path, rng, there + 1)
        there = in_child(lambda: check(path))
        assert saved <= there <= saved + 1
    leftovers = len(list(path.parent.iterdir())) - 1
    assert in_child(lambda: saved_and_checked(path, there + 1)) == there + 1
    print(f"{kills} kills after {there} saves; the last left {leftovers} half file behind")  # noqa: T201 - told to the test


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
