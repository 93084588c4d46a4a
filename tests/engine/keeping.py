"""What the tests of checkpoints do to runs, and the numbers that must come out."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

from deepview_lab.engine import start

from .kept_run import BATCH, Network, Source, network, specs

ROOT = Path(__file__).parents[2]
WAIT = 60


def program(folder, out, *death, what="layers"):
    command = [sys.executable, "-m", "tests.engine.kept_run", what, str(folder), str(out), *death]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def assert_same_bits(found, expected):
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].dtype == values.dtype, name
        np.testing.assert_array_equal(found[name], values, err_msg=name)


def cancelled_after(folder, batches, *wanted, source=None):
    """A run that is cancelled when that many batches are counted."""
    gate = threading.Event()

    def on_batch(index):
        if index == batches:
            assert gate.wait(WAIT)

    data = network(source or Source(on_batch), Network())
    run = start(data, *(wanted or specs()), batch_size=BATCH, checkpoint=folder)
    while run.progress.batches < batches:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    assert run._job.lifecycle.wait(WAIT)
    assert run.status == "cancelled"
    return run
