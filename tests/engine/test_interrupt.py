"""Ctrl-C in a script that blocks in ``introspect``: a real process, a real signal."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from deepview_lab.engine import introspect, runs
from tests.engine.counting import CountingSpec, Numbers

class Chatty(CountingSpec):
    def update(self, acc, batch):
        acc = super().update(acc, batch)
        print("batch", acc["samples"], flush=True)
        return acc

try:
    introspect(Numbers(10**9), Chatty(), batch_size=32)
except KeyboardInterrupt:
    run = runs()[-1]
    total = run.results["iua"]["samples"]
    assert run.results["iua"]["x"] == sum(range(total)), "a batch was counted half"
    print("interrupted", run.status, total > 0, flush=True)
"""


def test_control_c_stops_between_batches_and_the_partial_result_stays_in_the_run():
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("batch")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(300) == 0
    assert rest.splitlines()[-1] == "interrupted cancelled True"


TWICE = """
import os, signal
from deepview_lab.engine import introspect, runs
from tests.engine.counting import CountingSpec, Numbers

class Slow(CountingSpec):
    def finish(self, acc, work):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second Ctrl-C did not interrupt")

try:
    introspect(Numbers(64), Slow(), batch_size=32)
except KeyboardInterrupt:
    print("interrupted", runs()[-1].status, runs()[-1]._job.lifecycle.wait(0), flush=True)
"""


def test_a_second_control_c_does_not_wait_and_the_run_has_ended():
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", TWICE], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "interrupted cancelled True"


HALF = """
import sys
from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.engine.checkpoint import writer
from deepview_lab.engine import introspect, runs
from tests.engine.counting import Numbers
from tests.engine.rowing import RowingSpec

class Rowing(RowingSpec):
    interrupted = False

    def update(self, acc, batch):
        if Rowing.interrupted and acc.samples == 96:
            raise KeyboardInterrupt  # the second Ctrl-C, when IUA has counted the batch and this has not
        return super().update(acc, batch)

writer.OFTEN = 1e9  # only at the end, when it is interrupted
Rowing.interrupted = True
try:
    introspect(Numbers(320), IUASpec(), Rowing(), batch_size=32, checkpoint=sys.argv[1])
except KeyboardInterrupt:
    print("interrupted", runs()[-1].kept)
Rowing.interrupted = False
found = introspect(Numbers(320), IUASpec(), Rowing(), batch_size=32, checkpoint=sys.argv[1])
whole = introspect(Numbers(320), IUASpec(), Rowing(), batch_size=32)
print(found["iua"].samples, found["iua"].results["x"].samples, len(found["familiarity"].ids))
assert (found["familiarity"].lengths["x"] == whole["familiarity"].lengths["x"]).all()
"""


def test_a_batch_of_which_only_a_part_was_counted_is_not_in_the_checkpoint(tmp_path):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", HALF, str(tmp_path / "kept")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["interrupted None", "320 320 320"]
