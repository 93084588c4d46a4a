"""Stability: when numbers stop moving, told the same way whatever the batch size, and runs that stop then."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.base import Batch
from deepview_lab.engine import introspect, runs, start
from deepview_lab.engine.work.stability import Stability, cut_at_marks
from deepview_lab.exceptions import DeepViewWarning, PartialResultWarning
from deepview_lab.numerics import eigenvalues, kl_divergence, linear_ratio
from deepview_lab.samples import StubProducer

from .counting import CountingSpec, Numbers
from .rowing import RowingSpec

WAIT = 60
MARKS = [64 * 2**k for k in range(20)]


@given(st.lists(st.integers(0, 300), max_size=20))
def test_batches_are_cut_at_the_marks_and_nowhere_else(sizes):
    before, ends = 0, set()
    for size in sizes:
        batch = Batch({"x": np.arange(before, before + size)})
        parts = list(cut_at_marks(batch, before))
        joined = np.concatenate([part.fields["x"] for part in parts])
        np.testing.assert_array_equal(joined, batch.fields["x"])
        for part in parts[:-1]:
            before += part.batch_size
            ends.add(before)
        before += parts[-1].batch_size
        ends.add(before)
    assert {mark for mark in MARKS if mark <= before} <= ends
    assert all(end in MARKS or end in np.cumsum(sizes) for end in ends)


def test_marks_are_powers_of_two_from_64_on():
    assert [samples for samples in range(5000) if Stability.is_mark(samples)] == [64, 128, 256, 512, 1024, 2048, 4096]


def test_a_layer_is_stable_from_the_first_mark_at_which_no_figure_moved_by_a_point():
    stability = Stability()
    seen = []
    for samples, figures in [
        (64, (0.500, 0.1)),
        (128, (0.480, 0.1)),  # moved by two points
        (256, (0.485, 0.1)),
        (512, (0.486, 0.109)),
        (1024, (0.486, 0.13)),  # the other one moved
        (2048, (0.486, 0.13)),
    ]:
        stability.look(samples, {"x": np.array(figures)})
        seen.append((stability.since.get("x", -1), stability.quiet_marks))
    assert seen == [(-1, 0), (-1, 0), (256, 1), (256, 2), (-1, 0), (2048, 1)]


@pytest.mark.parametrize(("moved", "stable"), [(0.009, True), (0.012, False)])
def test_a_figure_that_moves_by_a_point_and_a_little_is_not_stable(moved, stable):
    stability = Stability()
    stability.look(64, {"x": np.array([0.5, 0.5])})
    stability.look(128, {"x": np.array([0.5, 0.5 + moved])})
    assert stability.since == ({"x": 128} if stable else {})


def test_a_figure_that_is_not_known_is_not_stable_and_one_that_comes_late_needs_two_marks():
    stability = Stability()
    stability.look(64, {"x": np.array([0.5])})
    stability.look(128, {"x": np.array([0.5]), "late": np.array([np.nan])})
    stability.look(256, {"x": np.array([0.5]), "late": np.array([0.5])})
    assert stability.since == {"x": 128}
    assert stability.quiet_marks == 0
    stability.look(512, {"x": np.array([0.5]), "late": np.array([0.5])})
    assert stability.since == {"x": 128, "late": 512}
    assert stability.quiet_marks == 1
    stability.look(1024, {})
    assert stability.quiet_marks == 0


def test_stability_survives_json():
    stability = Stability()
    for samples in (64, 128):
        stability.look(samples, {"x": np.array([0.1 + 0.2, np.nan]), "y": np.array([0.5])})
    text = json.dumps(stability.state())
    again = Stability.restored(json.loads(text))
    assert json.dumps(again.state()) == text
    for each in (stability, again):
        each.look(256, {"x": np.array([0.3, 0.0]), "y": np.array([0.5])})
    assert again.since == stability.since == {"y": 128}


def layers(samples, seed=4):
    """One layer that settles early, one that is noisy, one that changes in the middle."""
    rng = np.random.default_rng(seed)
    steady = np.maximum(rng.standard_normal((samples, 12)), 0)
    noisy = np.repeat(rng.random((samples, 1)) < 0.5, 8, axis=1) * rng.standard_normal((samples, 8))
    drifting = np.where(np.arange(samples)[:, None] < samples // 2, 0.0, rng.standard_normal((samples, 1)).repeat(6, 1))
    return {"steady": steady, "noisy": noisy, "drifting": drifting}


@pytest.mark.parametrize("spec", [IUASpec(), PFASpec()], ids=lambda spec: spec.kind)
def test_since_when_a_layer_is_stable_does_not_depend_on_the_batch_size(spec):
    told = set()
    for batch_size in (1, 37, 64, 1000, 5000):
        run = start(StubProducer(layers(2100)), spec, batch_size=batch_size)
        run.wait(WAIT)
        told.add(tuple(run.snapshot(spec.kind).columns()["stable_since"].tolist()))
    assert len(told) == 1
    since = dict(zip(run.snapshot(spec.kind).layers, *told, strict=True))
    assert since["drifting"] == -1
    assert since["steady"] in MARKS


def test_a_table_outside_a_run_knows_nothing_of_stability():
    spec = IUASpec()
    table = spec.snapshot(spec.update(spec.create(), Batch({"x": np.ones((200, 2))})), None)
    assert table.columns()["stable_since"].tolist() == [-1]
    assert table.with_stability({"x": 128}).columns()["stable_since"].tolist() == [128]


@pytest.mark.parametrize("batch_size", [1, 32, 100, 999])
def test_until_stable_stops_at_the_same_sample_in_any_batch_size(batch_size):
    data = StubProducer({"steady": layers(4000)["steady"]})
    run = start(data, IUASpec(), PFASpec(), batch_size=batch_size, until_stable=2)
    results = run.wait(WAIT)
    since = {run.snapshot(name).columns()["stable_since"][0] for name in ("iua", "pfa")}
    assert run.status == "done"
    assert results["iua"].samples == results["pfa"].samples == run.progress.samples == 2 * max(since)
    assert run.note == f"Stopped at {2 * max(since):,} of 4,000 samples: all layers stable."
    np.testing.assert_array_equal(
        results["pfa"].covariances["steady"].covariances,
        introspect(StubProducer({"steady": layers(4000)["steady"][: 2 * max(since)]}), PFASpec())["pfa"]
        .covariances["steady"]
        .covariances,
    )


def test_until_stable_reads_to_the_end_when_a_layer_stays_restless():
    index = np.arange(2100)
    restless = (np.floor(np.log2(np.maximum(index // 64, 0.5))) % 2).astype(float)[
        :, None
    ]  # other values from mark to mark
    run = start(StubProducer({"x": restless}), IUASpec(), until_stable=1)
    assert run.wait(WAIT)["iua"].samples == 2100
    assert run.status == "done"
    assert run.note is None


def test_until_stable_waits_for_as_many_samples_as_pfa_needs():
    wide = np.random.default_rng(0).standard_normal((2000, 300))
    run = start(StubProducer({"wide": wide}), PFASpec(), until_stable=1, batch_size=100)
    run.wait(WAIT)
    assert run.progress.samples >= 2 * 600


def test_row_analyses_get_the_samples_up_to_the_stop():
    run = start(StubProducer({"x": layers(3000)["steady"]}), IUASpec(), RowingSpec(), until_stable=1, batch_size=90)
    results = run.wait(WAIT)
    assert len(results["familiarity"].ids) == results["iua"].samples < 3000


@pytest.mark.parametrize(
    ("specs", "count", "message"),
    [
        ((IUASpec(),), 0, "until_stable must be at least 1, but is 0"),
        ((RowingSpec(), CountingSpec()), 1, "until_stable needs an introspector of layers"),
    ],
)
def test_until_stable_is_checked_before_anything_runs(specs, count, message):
    before = runs()
    with pytest.raises(ValueError, match=message):
        start(Numbers(8), *specs, until_stable=count)
    assert runs() == before


def test_figures_that_cannot_be_taken_drop_the_introspector_and_the_others_go_on():
    class Broken(IUASpec):
        def key_figures(self, acc):
            raise ZeroDivisionError("no figures")

    run = start(StubProducer(layers(200)), Broken(), PFASpec(), until_stable=3)
    with pytest.warns(DeepViewWarning, match="iua failed: no figures"):
        assert set(run.wait(WAIT)) == {"pfa"}


def test_stopped_and_kept_it_goes_on_to_the_end_when_it_is_asked_to(tmp_path):
    data, specs = StubProducer({"x": layers(3000)["steady"]}), (IUASpec(), PFASpec())
    first = start(data, *specs, batch_size=100, until_stable=1, checkpoint=tmp_path)
    stop = first.wait(WAIT)["iua"].samples
    assert stop % 100
    again = start(data, *specs, batch_size=100, until_stable=1, checkpoint=tmp_path)
    assert again.wait(WAIT)["iua"].samples == stop
    assert again.note == first.note
    on = start(data, *specs, batch_size=100, checkpoint=tmp_path)
    results = on.wait(WAIT)
    assert on.note is None
    whole = introspect(data, *specs, batch_size=100)
    np.testing.assert_array_equal(results["iua"].results["x"].per_sample, whole["iua"].results["x"].per_sample)
    np.testing.assert_array_equal(
        results["pfa"].covariances["x"].covariances, whole["pfa"].covariances["x"].covariances
    )
    assert (on.progress.batches, on.progress.samples) == (30, 3000)


def test_a_restored_history_gives_the_same_answer_as_an_unbroken_one(tmp_path):
    gate = threading.Event()
    data = layers(2100)

    def held(batch_size):
        for index, first in enumerate(range(0, 2100, batch_size)):
            if index == 5:
                assert gate.wait(WAIT)
            yield Batch({name: values[first : first + batch_size] for name, values in data.items()})

    run = start(held, IUASpec(), batch_size=90, checkpoint=tmp_path)
    while run.progress.batches < 5:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    with pytest.warns(PartialResultWarning):
        run.wait(WAIT)
    on = start(held, IUASpec(), batch_size=90, checkpoint=tmp_path)
    on.wait(WAIT)
    whole = start(held, IUASpec(), batch_size=90)
    whole.wait(WAIT)
    np.testing.assert_array_equal(
        on.snapshot("iua").columns()["stable_since"], whole.snapshot("iua").columns()["stable_since"]
    )


@pytest.mark.parametrize("decay", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("units", [20, 100])
def test_where_the_cheap_figure_of_pfa_is_quiet_its_recommendation_is_nearly_so(units, decay):
    rng = np.random.default_rng(units)
    rows = rng.standard_normal((64 * 64, units)) * np.arange(1, units + 1) ** -decay
    spec = PFASpec()
    cheap, dear = [], []
    for mark in (m for m in MARKS if 2 * units <= m <= len(rows)):
        acc = spec.update(spec.create(), Batch({"x": rows[:mark]}))
        cheap.append(spec.key_figures(acc)["x"][0])
        values = eigenvalues(acc.layers["x"].moments.covariance())
        dear.append(linear_ratio(kl_divergence(values), np.log(units)))
    quiet = np.abs(np.diff(cheap)) < 0.01
    assert quiet[-1]
    assert (np.abs(np.diff(dear))[quiet] < 0.015).all()


def test_pfa_figures_are_those_of_the_eigenvalues():
    rows = np.random.default_rng(2).standard_normal((500, 7)) * [5, 3, 2, 1, 1, 0.5, 0]
    spec = PFASpec()
    acc = spec.update(spec.create(), Batch({"x": rows, "one": rows[:, :1], "flat": np.zeros((500, 3))}))
    figures = spec.key_figures(acc)
    share = np.linalg.eigvalsh(np.cov(rows.T))
    share /= share.sum()
    np.testing.assert_allclose(figures["x"], [-np.log((share**2).sum()) / np.log(7), 1 / 7], rtol=1e-9)
    assert figures["one"].tolist() == [1.0, 0.0]
    assert figures["flat"].tolist() == [1.0, 0.0]
    few = spec.update(spec.create(), Batch({"x": rows[:13]}))
    assert np.isnan(spec.key_figures(few)["x"]).all()


def test_refused_layers_hold_nothing_up():
    data = {"wide": np.random.default_rng(0).standard_normal((4000, 30)), "x": layers(4000)["steady"][:, :5]}
    run = start(StubProducer(data), replace(PFASpec(), max_units=10), until_stable=1)
    run.wait(WAIT)
    assert run.progress.samples < 4000
