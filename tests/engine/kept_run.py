"""A run that is kept on disk, as a program that can be killed: ``python -m tests.engine.kept_run FOLDER OUT [KILL]``.

KILL is ``batch:N`` (when batch N is read and some batch has been kept) or ``fsync:N`` (at the Nth time that something
is put on the disk): there the process sends itself SIGKILL. Without it the results are written to OUT.
"""

from __future__ import annotations

import os
import signal
import sys
import time

import numpy as np

from deepview_lab.analysis.iua import IUASpec
from deepview_lab.analysis.pfa import PFASpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.base import Batch, Layer, Model, ModelDetails, ResponseInfo, pipeline
from deepview_lab.engine import keeper, runs, start
from deepview_lab.processors import Processor

from .rowing import RowingSpec

SAMPLES = 3000
BATCH = 100
RNG = np.random.default_rng(21)
INPUT = (RNG.standard_normal((SAMPLES, 12)) + 3).astype(np.float32)
WEIGHTS = RNG.standard_normal((12, 40)).astype(np.float32)
HOOKS = {}


class Source:
    """Samples with ids and labels; ``on_batch`` is called before each batch."""

    def __init__(self, on_batch=lambda index: None):
        HOOKS[id(self)] = on_batch  # not an attribute: those tell sources apart

    def __len__(self):
        return SAMPLES

    def __call__(self, batch_size):
        for index, first in enumerate(range(0, SAMPLES, batch_size)):
            HOOKS[id(self)](index)
            builder = Batch.Builder({"image": INPUT[first : first + batch_size]})
            count = len(INPUT[first : first + batch_size])
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [f"sample {first + i}" for i in range(count)]
            if first >= SAMPLES // 2:  # labels that appear late
                builder.metadata[Batch.StdKeys.LABELS]["class"] = [(first + i) % 7 for i in range(count)]
            yield builder.make_batch()


class Network(ModelDetails):
    """A dense layer and a map, and a count of the samples that passed."""

    def __init__(self):
        self.passed = 0
        info = ResponseInfo("image", np.dtype(np.float32), (None, 12), Layer("image"))
        self._inputs = {"image": info}
        self._responses = {
            "dense": ResponseInfo("dense", np.dtype(np.float32), (None, 40), Layer("dense")),
            "maps": ResponseInfo("maps", np.dtype(np.float32), (None, 2, 2, 10), Layer("maps")),
        }

    @property
    def inputs(self):
        return self._inputs

    @property
    def responses(self):
        return self._responses

    def run(self, inputs, requested):
        values = np.maximum(inputs["image"] @ WEIGHTS, 0)
        self.passed += len(values)
        made = {"dense": values, "maps": values.reshape(-1, 2, 2, 10)}
        return {name: made[name] for name in requested}


def network(source, details):
    return pipeline(source, Processor(lambda array: array * 2), Model(details)())


def specs():
    return IUASpec(), PFASpec(pool=Pool.AVERAGE), RowingSpec()


def numbers(results):
    """Everything that a run found, as arrays by name."""
    found = {}
    for name, layer in results["iua"].results.items():
        found[f"{name}.counts"] = layer.counts
        found[f"{name}.per_sample"] = layer.per_sample
        found[f"{name}.mean_std"] = np.array([layer.mean_inactive, layer.std_inactive])
    for name, covariance in results["pfa"].covariances.items():
        found[f"{name}.covariance"] = covariance.covariances
    rowing = results["familiarity"]
    found |= {f"{name}.lengths": values for name, values in rowing.lengths.items()}
    found["ids"] = np.array(rowing.ids)
    return found


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def on_batch_of(at):
    def on_batch(index):
        if index == at:
            while not runs()[-1].kept:
                time.sleep(0.001)
            kill()

    return on_batch


def kill_at_fsync(count):
    fsync, done = os.fsync, []

    def counting(handle):
        done.append(handle)
        if len(done) == count:
            kill()
        fsync(handle)

    os.fsync = counting


def main(folder, out, death="none:0"):
    keeper.OFTEN, keeper.SHARE = 0.0, float("inf")  # at every batch
    how, at = death.split(":")
    if how == "fsync":
        kill_at_fsync(int(at))
    source = Source(on_batch_of(int(at)) if how == "batch" else lambda index: None)
    details = Network()
    run = start(network(source, details), *specs(), batch_size=BATCH, checkpoint=folder)
    results = run.wait(120)
    np.savez(out, passed=np.array(details.passed), **numbers(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
