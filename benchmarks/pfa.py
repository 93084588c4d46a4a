"""PFA over 50,000 x 512 and 20,000 x 2,048 float32; see shared/side_by_side.py for how to run it.

The peer's ``introspect`` computes covariance, eigenvalues and eigenvectors; ours the covariance, and the others when
they are asked for, which the default recipe does with the eigenvalues. Both ways are measured.
"""

import sys

import numpy as np
from shared.side_by_side import check_close, measure, report, saved


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for samples, units, target in ((50_000, 512, 5), (20_000, 2048, 12)):
        rng = np.random.default_rng(units)
        rows = rng.standard_normal((samples, units), dtype=np.float32)
        with saved([("dense", rows)]) as folder:
            peer = measure("deepview", "pfa", folder, repeats=min(repeats, 2))
            for label, eigenvalues in (("", False), (" and eigenvalues", True)):
                ours = measure("deepview_lab", "pfa", folder, repeats=repeats, eigenvalues=eigenvalues)
                check_close(ours, peer, relative=1e-4)
                report(f"PFA {samples:,} x {units:,}{label}", ours, peer, f"{target} times")


if __name__ == "__main__":
    main()
