"""A dataset report of 5,000 x 64 in ten classes and two splits; see shared/side_by_side.py for how to run it.

python benchmarks/dataset_report.py [REPEATS]
python benchmarks/dataset_report.py million

Warm means that numba has its compiled code on the disk, cold that it has none. The second form makes a report of
1,000,000 x 64 with a PCA projection, ours alone, and prints its time and the largest memory of the process.
"""

import sys
import tempfile

import numpy as np
from shared.side_by_side import measure, report, saved


def clusters(samples, units, seed=0):
    rng = np.random.default_rng(seed)
    centres = 4 * rng.standard_normal((10, units), dtype=np.float32)
    return centres[np.arange(samples) % 10] + rng.standard_normal((samples, units), dtype=np.float32)


def warm_and_cold(repeats):
    with saved([("dense", clusters(5_000, 64))]) as folder, tempfile.TemporaryDirectory() as compiled:
        for package in ("deepview_lab", "deepview"):
            measure(package, "dataset_report", folder, repeats=1, env={"NUMBA_CACHE_DIR": f"{compiled}/{package}"})
        for label, target in (("warm", "2"), ("cold", "1.25")):
            found = {}
            for package in ("deepview_lab", "deepview"):
                cache = f"{compiled}/{package}" if label == "warm" else f"{compiled}/{package}-cold"
                found[package] = measure(
                    package,
                    "dataset_report",
                    folder,
                    repeats=repeats if label == "warm" else 1,
                    env={"NUMBA_CACHE_DIR": cache},
                )
            ours, peer = found["deepview_lab"], found["deepview"]
            report(f"DatasetReport 5,000 x 64, {label}", ours, peer, f"{target} times")
            print(f"    memory: ours {ours['check']['gib']:.2f} GiB", end="")
            print(f", peer {peer['check']['gib']:.2f} GiB" if peer else "")


def million():
    with saved([("dense", clusters(1_000_000, 64))]) as folder:
        ours = measure("deepview_lab", "dataset_report", folder, repeats=1, projection=False)
    report("DatasetReport 1,000,000 x 64", ours, None, "900 s, 4 GiB")
    print(f"    memory: ours {ours['check']['gib']:.2f} GiB")


if __name__ == "__main__":
    if sys.argv[1:] == ["million"]:
        million()
    else:
        warm_and_cold(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
