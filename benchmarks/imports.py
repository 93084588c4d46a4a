"""How long the import takes in a fresh interpreter; see shared/side_by_side.py for the peer's environment."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATEMENTS = {
    "deepview_lab": ("import deepview_lab", "from deepview_lab.introspectors import IUA, PFA"),
    "deepview": ("import deepview.base", "from deepview.introspectors import IUA, PFA"),
}


def seconds(python, statement, repeats=5):
    """Return the median time of the interpreter with ``statement`` less that of one that does nothing."""
    return median_time(python, statement, repeats) - median_time(python, "pass", repeats)


def median_time(python, statement, repeats):
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run([python, "-W", "ignore", "-c", statement], check=True, cwd=ROOT, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main():
    pythons = {"deepview_lab": sys.executable, "deepview": os.environ.get("DEEPVIEW_PEER_PYTHON")}
    for package, statements in STATEMENTS.items():
        if pythons[package]:
            for statement in statements:
                print(f"{statement:<52} {seconds(pythons[package], statement):6.3f} s", flush=True)


if __name__ == "__main__":
    main()
