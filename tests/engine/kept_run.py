"""A run that is kept on disk, as a program that can be killed.

``python -m tests.engine.kept_run WHAT FOLDER OUT [KILL]``: WHAT is a key of ``WORKS``. KILL is ``batch:N`` (when batch
N is read and some batch has been kept), ``fsync:N`` (at the Nth time that something is put on the disk) or ``fit:N``
(when N % of the epochs of UMAP are done): there the process sends itself SIGKILL. Without it the results are written to
OUT.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import date
from fractions import Fraction
from uuid import UUID

import numpy as np

from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.dataset.spec import DatasetSpec
from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.projection.manifold import UMAP
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA, StandardPCA
from deepview_lab.base import Batch, Layer, Model, ModelDetails, ResponseInfo, pipeline
from deepview_lab.engine import runs, start
from deepview_lab.engine.checkpoint import writer as checkpoint_writer
from deepview_lab.engine.work.finish_context import RunFinishContext
from deepview_lab.processors import Processor

from .rowing import RowingSpec

SAMPLES = 3000
BATCH = 100
RNG = np.random.default_rng(21)
INPUT = (RNG.standard_normal((SAMPLES, 12)) + 3).astype(np.float32)
WEIGHTS = RNG.standard_normal((12, 40)).astype(np.float32)
HOOKS = {}


def odd_id(number):
    """An id of another type for each of eight samples."""
    kinds = (int, str, np.int16, lambda n: (n, "part"), lambda n: UUID(int=n), lambda n: Fraction(n, 7),
             lambda n: date.fromordinal(n + 1), lambda n: b"%d" % n)  # fmt: skip
    return kinds[number % len(kinds)](number)


class Source:
    """Samples with ids and labels; ``on_batch`` is called before each batch."""

    def __init__(self, on_batch=lambda index: None, *, odd=False):
        HOOKS[id(self)] = on_batch  # not an attribute: those tell sources apart
        self.odd = odd

    def __len__(self):
        return SAMPLES

    def __call__(self, batch_size):
        for index, first in enumerate(range(0, SAMPLES, batch_size)):
            HOOKS[id(self)](index)
            builder = Batch.Builder({"image": INPUT[first : first + batch_size]})
            count = len(INPUT[first : first + batch_size])
            name = odd_id if self.odd else "sample {}".format
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [name(first + i) for i in range(count)]
            if self.odd:
                labels = builder.metadata[Batch.StdKeys.LABELS]
                labels["split", 1] = [("train", "test")[(first + i) % 2] for i in range(count)]
                labels[3] = [(None, True, 1.5, frozenset({(first + i) % 3}))[(first + i) % 4] for i in range(count)]
            if first >= SAMPLES // 2:  # labels that appear late
                builder.metadata[Batch.StdKeys.LABELS]["class"] = [(first + i) % 7 for i in range(count)]
            yield builder.make_batch()


class Network(ModelDetails):
    """A dense layer and a map, and a count of the samples that passed."""

    def __init__(self, dense="dense", maps="maps"):
        self.passed = 0
        self._names = dense, maps
        info = ResponseInfo("image", np.dtype(np.float32), (None, 12), Layer("image"))
        self._inputs = {"image": info}
        self._responses = {
            dense: ResponseInfo(dense, np.dtype(np.float32), (None, 40), Layer(dense)),
            maps: ResponseInfo(maps, np.dtype(np.float32), (None, 2, 2, 10), Layer(maps)),
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
        made = dict(zip(self._names, (values, values.reshape(-1, 2, 2, 10)), strict=True))
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


def reduced_numbers(results):
    """The same of dimension reductions."""
    found = {}
    for kind, result in results.items():
        found |= {f"{kind} {name}": values for name, values in result.positions.items()}
        for name, reducer in result.reducers.items():
            basis = getattr(reducer, "basis", None)
            if basis is not None:
                found[f"{kind} {name} axes"] = basis.axes
                found[f"{kind} {name} about"] = np.array([reducer.share, reducer.shortfall, *basis.variances])
        if result.samples is not None:
            found[f"{kind} samples"] = np.array([repr(result.samples.ids), repr(result.samples.labels)])
    return found


def reported_numbers(results):
    """The same of a dataset report."""
    report = results["report"]
    about = [repr(report.meanings), repr(report.split_labels), report.summary, repr(report.parts.samples.ids)]
    return {**report.columns, "about": np.array(about)}


class FinishContext:
    """One of the runs that are killed."""

    def __init__(self, specs, numbers, *names):
        self.specs = specs
        self.numbers = numbers
        self._names = names

    def data(self, on_batch=lambda index: None):
        """Return the details of a fresh network, and what it yields."""
        details = Network(*self._names)
        return details, network(Source(on_batch, odd=bool(self._names)), details)


DENSE, MAPS = 'block/1:"dense"', "block1dense\n\N{SNOWMAN} "
WORKS = {
    "layers": FinishContext(specs, numbers),
    "reductions": FinishContext(
        lambda: (
            ProjectionSpec({DENSE: PCA(3), MAPS: StandardPCA(2)}, pool="average"),
            ProjectionSpec({DENSE: PCA(2, max_exact_units=8)}, positions=False),
        ),
        reduced_numbers,
        DENSE,
        MAPS,
    ),
    "map": FinishContext(lambda: (ProjectionSpec({DENSE: UMAP(2, n_epochs=60)}),), reduced_numbers, DENSE, MAPS),
    "report": FinishContext(
        lambda: (DatasetSpec(ReportConfig(projection={MAPS: PCA(2)}, dim_reduction={DENSE: PCA(8)}), pool="max"),),
        reported_numbers,
        DENSE,
        MAPS,
    ),
}


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


def kill_within_fit(percent):
    step = RunFinishContext.step

    def stepping(work, stage, done=None):
        if stage == "Fitting UMAP" and 100 * (done or 0) >= percent:
            kill()
        step(work, stage, done)

    RunFinishContext.step = stepping


def main(what, folder, out, death="none:0"):
    checkpoint_writer.OFTEN, checkpoint_writer.SHARE = 0.0, float("inf")  # at every batch
    how, at = death.split(":")
    if how == "fsync":
        kill_at_fsync(int(at))
    if how == "fit":
        kill_within_fit(int(at))
    work = WORKS[what]
    details, data = work.data(on_batch_of(int(at)) if how == "batch" else lambda index: None)
    run = start(data, *work.specs(), batch_size=BATCH, checkpoint=folder)
    found = work.numbers(run.wait(120))
    # Numbered, because a name may be none of a file.
    arrays = {f"values_{index}": values for index, values in enumerate(found.values())}
    np.savez(out, passed=np.array(details.passed), names=np.array(list(found)), **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
