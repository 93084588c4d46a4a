"""PCA of 50,000 x 1,024 to 40, and UMAP of 10,000 x 64 to 2: fit and projection; see shared/side_by_side.py.

UMAP runs twice in one process: first with compiling (cold), then without (warm).
"""

import numpy as np
from shared.side_by_side import check_close, measure, report, saved


def main():
    rng = np.random.default_rng(5)
    scale = np.geomspace(10, 0.1, 1024)
    wide = (rng.standard_normal((50_000, 1024)) * scale).astype(np.float32)
    with saved([("dense", wide)]) as folder:
        ours = measure("deepview_lab", "projection", folder, repeats=3, strategy="PCA", dimensions=40)
        peer = measure("deepview", "projection", folder, repeats=1, strategy="PCA", dimensions=40)
        report("PCA, 50,000 x 1,024 -> 40", ours, peer, "10")
        check_close(ours, peer, relative=0.05)  # the peer's axes are approximate
    centres = 3 * rng.standard_normal((10, 64))
    rows = (centres[rng.integers(0, 10, 10_000)] + rng.standard_normal((10_000, 64))).astype(np.float32)
    with saved([("dense", rows)]) as folder:
        runs = [
            measure(package, "projection", folder, repeats=2, strategy="UMAP", dimensions=2)
            for package in ("deepview_lab", "deepview")
        ]
        for number, (name, target) in enumerate((("cold", "1.25"), ("warm", "1.54"))):
            ours, peer = (run and {kind: [run[kind][number]] for kind in ("seconds", "cpu")} for run in runs)
            report(f"UMAP, 10,000 x 64 -> 2, {name}", ours, peer, target)


if __name__ == "__main__":
    main()
