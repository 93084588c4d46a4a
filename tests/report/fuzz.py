"""Opens reports of which something was changed: ``python -m tests.report.fuzz FIRST COUNT SECONDS FOLDER``.

Prints the number of each mutation before it is looked at, so that the number is known when the process ends at it, and
how many were shown and refused at last. Any error that is not documented ends it.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import numpy as np

from tests.report.hostile import DOCUMENTED, looked_at, packed, unpacked
from tests.report.mutations import mutated

FIXTURES = Path(__file__).parent / "fixtures"


def main(first: int, count: int, seconds: float, folder: Path) -> None:
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pandas\.")  # of the numbers that it formats
    files = [unpacked(path) for path in sorted(FIXTURES.glob("*.dvreport"))]
    ends = {"shown": 0, "refused": 0}
    stop = time.monotonic() + seconds
    for seed in range(first, first + count):
        if time.monotonic() > stop:
            break
        sys.stdout.write(f"{seed}\n")
        sys.stdout.flush()
        members = mutated(files[seed % len(files)], np.random.default_rng(seed))
        try:
            looked_at(packed(folder / "x.dvreport", members))
            ends["shown"] += 1
        except DOCUMENTED:
            ends["refused"] += 1
    sys.stdout.write(f"{ends}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
