"""IUA over 20,000 samples of 4 layers of 14x14x64 float32 (4.0 GB); see shared/side_by_side.py for how to run it.

python benchmarks/iua.py [SAMPLES] [REPEATS]
"""

import importlib.util
import sys

import numpy as np
from shared.side_by_side import check_close, measure, report, saved


def layers(samples):
    rng = np.random.default_rng(0)
    for index in range(4):
        yield f"layer_{index}", np.maximum(rng.standard_normal((samples, 14, 14, 64), dtype=np.float32), 0)


def main():
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with saved(layers(samples)) as folder:
        peer = measure("deepview", "iua", folder, repeats=repeats)
        for label, compiled, target in (("NumPy alone", False, 3), ("with numba", True, 10)):
            if compiled and importlib.util.find_spec("numba") is None:
                continue
            ours = measure("deepview_lab", "iua", folder, repeats=repeats, compiled=compiled)
            check_close(ours, peer, relative=1e-12)
            report(f"IUA {samples:,} x 4 layers, {label}", ours, peer, f"{target} times")


if __name__ == "__main__":
    main()
