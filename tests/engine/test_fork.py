"""Processes that are forked while a run is at work: they can start runs of their own, and wait for no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

SCRIPT = """
import os, sys, threading, traceback, warnings
from deepview_lab.engine import introspect, registry, runs, start
from deepview_lab.analysis.iua.spec import IUASpec
from tests.engine.counting import CountingSpec, Numbers
from tests.engine.keeping import WAIT

warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of every fork beside threads
FOLDER = sys.argv[1]


def in_child():
    ended, busy, pending = runs()
    assert ended.status == "done" and ended.wait(0)["iua"]["samples"] == 8
    assert ended.snapshot("iua").samples == 8
    for run in (busy, pending):
        assert run.status == "failed", run.status
        try:
            run.wait(WAIT)
        except RuntimeError as error:
            assert f"goes on in process {os.getppid()} only" in str(error), error
        else:
            raise AssertionError("it has no result here")
    assert start(Numbers(64), CountingSpec()).wait(WAIT)["iua"]["samples"] == 64
    assert introspect(Numbers(64), CountingSpec())["iua"]["samples"] == 64


start(Numbers(8), CountingSpec()).wait(WAIT)
gate = threading.Event()
busy = start(Numbers(96, gates={2: gate}), IUASpec(), checkpoint=FOLDER)
pending = start(Numbers(8), CountingSpec())
while busy.progress.batches < 2:
    assert not busy._job.lifecycle.wait(0.01)
reading, writing = os.pipe()
registry._lock.acquire()  # as another thread may hold them at this moment
busy._job.work.lock.acquire()
busy._job.lifecycle._lock.acquire()
child = os.fork()
if child == 0:
    try:
        in_child()
        code = 0
    except BaseException:
        traceback.print_exc()
        code = 1
    os.close(writing)
    os.read(reading, 1)  # lives until the parent has ended its run
    os._exit(code)
busy._job.lifecycle._lock.release()
busy._job.work.lock.release()
registry._lock.release()
gate.set()
assert busy.wait(WAIT)["iua"].samples == 96
assert pending.wait(WAIT)["iua"]["samples"] == 8
assert introspect(Numbers(96), IUASpec(), checkpoint=FOLDER)["iua"].samples == 96, "the child does not hold the folder"
os.close(writing)
print(os.waitpid(child, 0)[1])
"""


def test_a_forked_process_starts_runs_and_says_of_others_where_they_are(tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "kept")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr
