"""The recipe of 2,048 units by L1Max and by AbsMax; see shared/side_by_side.py for how to run it.

The peer takes minutes. Both must choose the same units in the same order. The data are float64, of which the peer's
covariance is exact enough for that.
"""

import numpy as np
from shared.side_by_side import measure, report, saved

UNITS = 2048


def main():
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((6000, 256)) @ rng.standard_normal((256, UNITS)) + rng.standard_normal((6000, UNITS))
    with saved([("dense", rows)]) as folder:
        for name, target in (("L1Max", "ours within 1 s"), ("AbsMax", "ours within 2 s")):
            ours = measure("deepview_lab", "recipe", folder, repeats=3, unit_strategy=name)
            peer = measure("deepview", "recipe", folder, repeats=1, unit_strategy=name)
            removed = len(ours["check"]["dense"])
            report(f"recipe of {UNITS:,} units, {name}, {removed:,} go", ours, peer, target)
            if peer is not None:
                print("  same units in the same order:", ours["check"] == peer["check"], flush=True)


if __name__ == "__main__":
    main()
