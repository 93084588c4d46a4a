"""The runs whose checkpoints of an earlier format are kept as fixtures, stopped halfway.

``python -m tests.engine.old_checkpoint FOLDER`` writes them with the code of today. Numbers and settings are exact in
float32, so that the results do not depend on the machine.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.base import Batch
from deepview_lab.engine import start

from .rowing import RowingSpec

SAMPLES, BATCH, KEPT = 96, 16, 3
SPECS = {
    "streams": lambda: (IUASpec(), PFASpec(pool=Pool.AVERAGE)),
    "rows": lambda: (RowingSpec(at=str),),
}


class Source:
    """Samples with ids and labels; ``on_batch`` is called with the number of each batch."""

    __slots__ = ("on_batch",)  # not in a dictionary: what stands there tells sources apart

    def __init__(self, on_batch=lambda index: None):
        self.on_batch = on_batch

    def __len__(self):
        return SAMPLES

    def __call__(self, batch_size):
        for index, first in enumerate(range(0, SAMPLES, batch_size)):
            self.on_batch(index)
            numbers = np.arange(first, first + batch_size)
            units = (numbers[:, None] * np.arange(1, 6) % 11 - 5).clip(min=0).astype(np.float32)
            maps = np.repeat(units[:, None, :3], 4, axis=1).reshape(-1, 2, 2, 3) / 2
            builder = Batch.Builder({"dense": units, "maps": maps})
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [f"sample {number}" for number in numbers]
            builder.metadata[Batch.StdKeys.LABELS]["class"] = [int(number) % 3 for number in numbers]
            yield builder.make_batch()


def write(folder: Path) -> None:
    """Write what runs that fail behind batch KEPT leave, without their locks."""

    def on_batch(index):
        if index == KEPT:
            raise InterruptedError

    for name, specs in SPECS.items():
        run = start(Source(on_batch), *specs(), batch_size=BATCH, name=name, checkpoint=folder / name)
        run._job.lifecycle.wait(300)
        assert run.kept == KEPT, run.errors
        (folder / name / "lock").unlink()


if __name__ == "__main__":
    # By its full name, which tells sources apart.
    import_module("tests.engine.old_checkpoint").write(Path(sys.argv[1]))
