"""The live table of PFA: fresh spectra within the budget, others with their age."""

import math

import numpy as np
import pytest

from deepview_lab.analysis import Budget, PFASpec
from deepview_lab.analysis.pfa import refresh as pfa_refresh
from deepview_lab.analysis.pfa.accumulator import LayerMoments
from deepview_lab.base import Batch, Layer, ResponseInfo
from deepview_lab.numerics import Moments
from deepview_lab.testing.laws import assert_same_table
from tests.analysis.folding import folded, row, table
from tests.analysis.heard import Heard


class Clock:
    """Stands still until told."""

    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


def rows(samples, units, seed=0):
    return np.random.default_rng(seed).standard_normal((samples, units))


@pytest.fixture
def costly(monkeypatch):
    """Spectra that cost a tenth of a second for each unit, by an injected clock."""
    clock = Clock()
    made = []
    real = pfa_refresh.Spectrum.of

    def of(moments, epsilon):
        clock.time += moments.units / 10
        made.append(moments.units)
        return real(moments, epsilon)

    monkeypatch.setattr(pfa_refresh.Spectrum, "of", of)
    monkeypatch.setattr(pfa_refresh, "_FIRST_COST", 0.5)
    return clock, made


def test_columns_have_their_dtypes_and_the_numbers_of_the_result():
    spec = PFASpec()
    values = rows(90, 30) @ rows(30, 30, 1)
    values[:, 4] = 1.0
    acc = folded(spec, {"r": values})
    shown = row(table(spec, acc), "r")
    result = spec.finish(acc)
    recipe = result.get_recipe()["r"]
    spectrum = result.covariances["r"].eigenvalues
    running = np.concatenate([[0], np.cumsum(spectrum) / spectrum.sum()])
    assert (shown["keep"], shown["constant"], shown["age"]) == (recipe.recommended_output_count, 1, 90)
    assert shown["kl"] == pytest.approx(recipe.diagnostics.kl_divergence)
    np.testing.assert_allclose(shown["energy"], [running[round(i * 30 / 24)] for i in range(25)], rtol=1e-6)
    assert {name: column.dtype.str for name, column in table(spec, acc).columns().items()} == {
        "layer": "|O",
        "samples": "<i8",
        "nonfinite": "<i8",
        "units": "<i4",
        "constant": "<i4",
        "needed": "<i8",
        "state": "|O",
        "keep": "<i4",
        "kl": "<f8",
        "energy": "<f4",
        "age": "<i8",
        "stable_since": "<i8",
        "note": "|O",
    }


def test_a_known_layer_waits_before_any_data():
    spec = PFASpec()
    acc = spec.create({"r": ResponseInfo("r", np.dtype(np.float32), (None, 12), Layer("r"))})
    shown = row(table(spec, acc), "r")
    assert (shown["state"], shown["units"], shown["keep"], shown["age"], shown["constant"]) == (
        "waiting",
        12,
        -1,
        0,
        -1,
    )
    assert math.isnan(shown["kl"])
    assert np.isnan(shown["energy"]).all()


def test_without_time_the_layer_waits(costly):
    clock, made = costly
    spec = PFASpec()
    shown = row(table(spec, folded(spec, {"r": rows(50, 5)}), Budget(0.1, clock)), "r")
    assert (shown["state"], made) == ("waiting", [])


def test_old_spectra_stay_and_show_their_age(costly):
    clock, made = costly
    spec = PFASpec()
    acc = folded(spec, {"r": rows(50, 5)})
    first = table(spec, acc, Budget(1.0, clock))
    acc = spec.merge(acc, folded(spec, {"r": rows(50, 5, 1)}))
    second = table(spec, acc, Budget(0.1, clock), first)
    assert made == [5]
    assert (row(second, "r")["age"], row(second, "r")["samples"]) == (50, 100)
    assert row(second, "r")["kl"] == row(first, "r")["kl"]


def test_the_oldest_spectrum_comes_first(costly):
    clock, made = costly
    spec = PFASpec()
    acc = folded(spec, {"a": rows(50, 4), "b": rows(50, 5)})
    first = table(spec, acc, Budget(2.0, clock))
    acc = spec.merge(acc, folded(spec, {"a": rows(50, 4, 1), "b": rows(50, 5, 1)}))
    second = table(spec, acc, Budget(0.45, clock), first)
    acc = spec.merge(acc, folded(spec, {"a": rows(50, 4, 2), "b": rows(50, 5, 2)}))
    third = table(spec, acc, Budget(0.55, clock), second)
    assert made == [4, 5, 4, 5]
    assert (row(third, "a")["age"], row(third, "b")["age"]) == (100, 150)


def test_a_spectrum_that_did_not_fit_is_not_starved_by_small_gains_of_others(costly):
    clock, made = costly
    spec = PFASpec()
    acc = folded(spec, {"small": rows(100, 2), "wide": rows(100, 40)})
    first = table(spec, acc, Budget(1.0, clock))
    assert made == [2]
    acc = spec.merge(acc, folded(spec, {"small": rows(5, 2, 1), "wide": rows(5, 40, 1)}))
    table(spec, acc, Budget(1.0, clock), first)
    assert made == [2]


def test_with_unlimited_time_every_spectrum_is_of_now():
    spec = PFASpec()
    acc = folded(spec, {"a": rows(50, 4), "b": rows(50, 5)})
    first = table(spec, acc)
    acc = spec.merge(acc, folded(spec, {"a": rows(1, 4), "b": rows(1, 5)}))
    assert table(spec, acc, previous=first).columns()["age"].tolist() == [51, 51]


def test_an_unchanged_layer_is_not_computed_again(costly):
    _, made = costly
    spec = PFASpec()
    acc = folded(spec, {"r": rows(50, 5)})
    table(spec, acc, previous=table(spec, acc))
    assert made == [5]


def test_the_result_completes_the_last_table_and_shares_its_spectra(costly):
    _, made = costly
    spec = PFASpec(max_units=8)
    values = rows(50, 5)
    acc = folded(spec, {"a": values, "b": values, "few": rows(50, 60)[:, :8], "wide": rows(50, 9)}, [50])
    acc.layers["few"] = LayerMoments(acc.layers["few"].shape, Moments(8), nonfinite=50)
    earlier = table(spec, acc)
    acc = spec.update(acc, Batch({"a": rows(3, 5, 2)}))
    expected = table(spec, acc).with_stability({"b": 64})
    last = spec.snapshot(acc, Budget.none(), earlier).with_stability({"b": 64})
    assert (row(last, "a")["age"], row(last, "b")["age"]) == (50, 50)
    result = spec.finish(acc)
    made.clear()
    context = Heard(None)
    whole = spec.completed(last, result, context)
    assert made == []
    assert context.steps == [("Computing spectra", 0.0)]  # of b there is one of all its samples
    assert whole.spectra()["a"].eigenvalues is result.covariances["a"].eigenvalues
    assert whole.spectra()["b"] is earlier.spectra()["b"]
    assert_same_table(whole.columns(), expected.columns())
