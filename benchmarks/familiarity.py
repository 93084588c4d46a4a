"""Familiarity of 20,000 samples of 64 units by GMM(5): fit, and scores in a pipeline; see shared/side_by_side.py."""

import numpy as np
from shared.side_by_side import check_close, measure, report, saved


def main():
    rng = np.random.default_rng(4)
    centres = 3 * rng.standard_normal((5, 64))
    rows = centres[rng.integers(0, 5, 20_000)] + rng.standard_normal((20_000, 64))
    with saved([("dense", rows.astype(np.float32))]) as folder:
        for task, target in (("familiarity_fit", "none"), ("familiarity_score", "30")):
            ours = measure("deepview_lab", task, folder, repeats=5)
            peer = measure("deepview", task, folder, repeats=3)
            report(task, ours, peer, target)
            check_close(ours, peer, relative=0.02)  # the peer fits in float32


if __name__ == "__main__":
    main()
