"""Duplicates of 10,000, 50,000 and 200,000 x 64 with planted pairs; see shared/side_by_side.py for how to run it.

python benchmarks/duplicates.py [REPEATS]

The rows are Gaussian; every hundredth has a twin that differs by 1e-3. Besides the time it prints what share of the
twins was found (as a set that holds both), how many other samples are in sets, and which share of the nearest
neighbours the search found: of ours measured on 200 rows, of the peer's on an Annoy index made like its own.
"""

import sys

import numpy as np
from shared.side_by_side import measure, report, saved

TWINS_EVERY = 100


def planted(samples, units):
    rng = np.random.default_rng(samples)
    rows = rng.standard_normal((samples, units), dtype=np.float32)
    first = np.arange(0, samples, TWINS_EVERY)
    rows[first + 1] = rows[first] + 1e-3 * rng.standard_normal((len(first), units), dtype=np.float32)
    return rows, {(int(index), int(index) + 1) for index in first}


def quality(name, check, twins):
    member_of = {member: number for number, found in enumerate(check["sets"]) for member in found}
    found = sum(first in member_of and member_of[first] == member_of.get(second) for first, second in twins)
    others = set(member_of) - {member for pair in twins for member in pair}
    print(
        f"    {name:<6} twins found {found / len(twins):.4f}   other samples in sets {len(others):,}   "
        f"recall of neighbours {check['recall']:.3f}",
        flush=True,
    )


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for samples, target in ((10_000, "2"), (50_000, "1.1"), (200_000, "4")):
        rows, twins = planted(samples, 64)
        with saved([("dense", rows)]) as folder:
            peer = measure("deepview", "duplicates", folder, repeats=1 if samples > 50_000 else min(repeats, 2))
            for label, options in (("", {}), (", Slope()", {"threshold": "Slope"})):
                ours = measure("deepview_lab", "duplicates", folder, repeats=repeats, options=options)
                report(f"Duplicates {samples:,} x 64{label}", ours, peer, f"{target} times")
                quality("ours", ours["check"], twins)
            if peer is not None:
                quality("peer", peer["check"], twins)


if __name__ == "__main__":
    main()
