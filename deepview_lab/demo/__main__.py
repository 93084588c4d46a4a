"""``python -m deepview_lab.demo``: introspect the demo's network without a notebook and print what was found."""

from __future__ import annotations

import os
import sys

import deepview_lab
from deepview_lab import demo
from deepview_lab.demo.report import findings, layer_rows, layer_table
from deepview_lab.introspectors import IUA, PFA


def main() -> None:
    """Run both introspectors in one pass and print the layer table."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # read once, when TensorFlow loads
    run = deepview_lab.start(demo.pipeline(), IUA.spec(), PFA.spec(pool="average"), batch_size=32, name="demo")
    results = run.wait()
    rows = layer_rows(results["iua"], results["pfa"], run.responses)
    sys.stdout.write(f"{layer_table(rows)}\n\n{findings(rows, run.progress.samples)}\n")


if __name__ == "__main__":
    main()
