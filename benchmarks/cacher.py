"""A Cacher over 205 MB: the first pass writes, the second reads; see shared/side_by_side.py for how to run it.

python benchmarks/cacher.py [REPEATS]

Both passes go through the public pipeline at batch 32, and the sum of the bits of every batch is taken, so that what is
read is also looked at. The folders are removed between the passes of different repeats.
"""

import sys

import numpy as np
from shared.side_by_side import measure, report, saved


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rows = np.random.default_rng(0).standard_normal((50_000, 1024), dtype=np.float32)
    with saved([("dense", rows)]) as folder:
        for task, label in (
            ("cache_write", "write"),
            ("cache_read", "read, all bytes looked at"),
            ("cache_pass", "read"),
        ):
            peer = measure("deepview", task, folder, repeats=repeats)
            ours = measure("deepview_lab", task, folder, repeats=repeats)
            if peer is not None:
                assert ours["check"] == peer["check"], "both must store the same"
            report(f"Cacher 205 MB, {label}", ours, peer, "3 times")


if __name__ == "__main__":
    main()
