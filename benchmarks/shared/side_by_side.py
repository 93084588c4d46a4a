"""Ours beside the peer (DeepView 3.9.6) on the same arrays in one run.

The peer needs an environment of its own, which the variable DEEPVIEW_PEER_PYTHON names::

    python3.11 -m venv peer
    peer/bin/pip install deepview==3.9.6 numpy==1.26.4 pyarrow==21.0.0 pandas
    DEEPVIEW_PEER_PYTHON=peer/bin/python python benchmarks/iua.py

Without the variable only ours is measured. The arrays are saved as .npy in a temporary folder and loaded by both; each
package runs in a process of its own. What both compute is compared, and the medians and their ratio are printed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


@contextmanager
def saved(arrays):
    """Yield a temporary folder that holds ``arrays`` (an iterable of name and array) as .npy files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, array in arrays:
            np.save(Path(folder, f"{name}.npy"), array)
        yield folder


def measure(package, task, folder, *, env=None, **options):
    """Return what worker.py says, None for the peer when there is none. ``env`` adds to its environment."""
    python = sys.executable if package == "deepview_lab" else os.environ.get("DEEPVIEW_PEER_PYTHON")
    if not python:
        return None
    command = [python, str(HERE / "worker.py"), package, task, folder, json.dumps(options)]
    own = {"PYTHONPATH": str(HERE.parents[1])} if package == "deepview_lab" else {}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **own, **(env or {})})
    return json.loads(done.stdout.splitlines()[-1])


def report(label, ours, peer, target):
    """Print the medians, their ratio, and what it should be: of time that passed, and of processor time.

    The latter counts all threads and hardly depends on what else the machine does.
    """
    for kind, name in (("seconds", "time"), ("cpu", "processor time")):
        own = statistics.median(ours[kind])
        line = f"{label:<44} {name:<15} ours {own:8.3f} s"
        if peer is not None:
            other = statistics.median(peer[kind])
            line += f"   peer {other:8.3f} s   {other / own:6.1f} times as fast   target: {target}"
        print(line, flush=True)


def check_close(ours, peer, *, relative):
    """Raise AssertionError unless both found the same numbers."""
    if peer is None:
        return
    for name, values in peer["check"].items():
        np.testing.assert_allclose(ours["check"][name], values, rtol=relative, atol=1e-6)
