"""PFA equals a float64 reference, and says what it refuses and why."""

import tracemalloc
from enum import Enum

import numpy as np
import pytest

from deepview_lab.analysis import PFASpec, Pool
from deepview_lab.base import Batch, Layer, ResponseInfo
from deepview_lab.exceptions import (
    DeepViewException,
    NonFiniteError,
    ShapeChangedError,
    TooManyUnitsError,
    UnpooledResponseError,
)
from deepview_lab.processors import Pooler
from deepview_lab.testing import HARD_DATA
from tests.analysis.folding import finished, folded, row, table


def info(name, shape, unit_axis=-1):
    return ResponseInfo(name, np.dtype(np.float32), (None, *shape), Layer(name), unit_axis)


@pytest.mark.parametrize("pool", ["average", "max"])
@pytest.mark.parametrize("kind", sorted(HARD_DATA))
def test_equals_a_plain_reference_on_hard_data(kind, pool):
    values = HARD_DATA[kind](np.random.default_rng(6), 60)
    result = finished(PFASpec(pool=pool), {"r": values}).covariances["r"]
    wide = values.reshape(60, -1, values.shape[-1] if values.ndim > 1 else 1).astype(np.float64)
    kept = np.isfinite(wide).all(axis=(1, 2))
    rows = wide[kept].mean(axis=1) if pool == "average" else wide[kept].max(axis=1)
    centred = rows - rows.mean(axis=0)
    expected = centred.T @ centred / (len(rows) - 1)
    assert (result.samples, result.nonfinite) == (kept.sum(), 60 - kept.sum())
    np.testing.assert_allclose(result.covariances, expected, rtol=1e-6, atol=1e-9)
    spectrum = np.sort(np.linalg.eigvalsh(expected))[::-1]
    np.testing.assert_allclose(result.eigenvalues, np.maximum(spectrum, 0), rtol=1e-6, atol=1e-9)
    variance = np.diagonal(expected)
    assert result.inactive_units.tolist() == np.flatnonzero(variance < 1e-8 * variance.max()).tolist()
    assert result.original_output_count == rows.shape[1]
    np.testing.assert_allclose(
        result.covariances @ result.eigenvectors, result.eigenvectors * result.eigenvalues, atol=1e-8
    )


def test_channels_first_are_pooled_over_the_other_axes():
    maps = np.random.default_rng(0).standard_normal((30, 3, 4, 5))
    responses = {"conv": info("conv", (3, 4, 5), unit_axis=1)}
    result = finished(PFASpec(pool=Pool.AVERAGE), {"conv": maps}, responses=responses).covariances["conv"]
    np.testing.assert_allclose(result.covariances, np.cov(maps.mean(axis=(2, 3)), rowvar=False))


@pytest.mark.parametrize("pool", ["max", "MAX", Pool.MAX, Pooler.Method.MAX])
def test_pooling_may_be_named_or_an_enum_member(pool):
    maps = np.random.default_rng(0).standard_normal((30, 4, 3))
    result = finished(PFASpec(pool=pool), {"conv": maps}).covariances["conv"]
    np.testing.assert_allclose(result.covariances, np.cov(maps.max(axis=1), rowvar=False))


@pytest.mark.parametrize("pool", ["median", Pooler.Method.SUM, Enum("Odd", "NONE").NONE])
def test_an_unknown_pooling_is_refused(pool):
    with pytest.raises(ValueError, match="None, 'average' or 'max'"):
        PFASpec(pool=pool)


@pytest.mark.parametrize("settings", [{"epsilon_inactive": -1.0}, {"max_units": 0}, {"on_nonfinite": "ignore"}])
def test_bad_settings_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        PFASpec(**settings)


def test_minus_infinity_is_not_hidden_by_a_maximum():
    maps = np.random.default_rng(0).standard_normal((20, 2, 3))
    maps[4, 0, 1] = -np.inf
    assert finished(PFASpec(pool="max"), {"conv": maps}).covariances["conv"].nonfinite == 1


def test_values_whose_squares_overflow_are_left_out():
    values = np.random.default_rng(0).standard_normal((20, 2))
    values[3, 0] = 1e200
    result = finished(PFASpec(), {"r": values}).covariances["r"]
    assert result.nonfinite == 1
    assert np.isfinite(result.covariances).all()


def test_feature_maps_without_pooling_are_refused_and_the_table_says_so():
    spec = PFASpec()
    acc = spec.create()
    batch = Batch({"dense": np.zeros((2, 3)), "conv": np.zeros((2, 4, 4, 8))})
    with pytest.raises(UnpooledResponseError, match=r"'conv'.*\(4, 4, 8\).*pool='average'.*Pooler"):
        spec.update(acc, batch)
    shown = row(table(spec, acc), "conv")
    assert (shown["state"], shown["keep"]) == ("refused", -1)
    assert "pool='average'" in shown["note"]


def test_too_many_units_are_refused_before_memory_is_taken():
    spec = PFASpec()
    acc = spec.create()
    batch = Batch({"wide": np.zeros((2, 20_000), dtype=np.float32)})
    tracemalloc.start()
    with pytest.raises(TooManyUnitsError, match=r"'wide'.*20,000.*8,192.*max_units=20000"):
        spec.update(acc, batch)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_more_units_can_be_allowed():
    values = {"wide": np.zeros((2, 40))}
    with pytest.raises(TooManyUnitsError):
        folded(PFASpec(max_units=39), values)
    assert folded(PFASpec(max_units=40), values).samples == 2


def test_fewer_samples_than_units_fail_with_the_number_needed():
    spec = PFASpec()
    values = np.random.default_rng(0).standard_normal((19, 20))
    acc = folded(spec, {"few": values[:19], "ok": values[:, :5]})
    result = spec.finish(acc)
    assert result.failed_responses == ("few",)
    assert list(result.get_recipe()) == ["ok"]
    assert result.notes == {"few": "PFA needs at least 20 samples for 20 units, but there are 19."}
    shown = row(table(spec, acc), "few")
    assert (shown["state"], shown["needed"], shown["note"]) == ("few", 20, result.notes["few"])


@pytest.mark.parametrize(("samples", "state"), [(19, "few"), (20, "thin"), (39, "thin"), (40, "ok")])
def test_the_state_follows_the_number_of_samples(samples, state):
    spec = PFASpec()
    values = np.random.default_rng(0).standard_normal((samples, 20))
    acc = folded(spec, {"r": values})
    shown = row(table(spec, acc), "r")
    assert shown["state"] == state
    assert (shown["note"] == "") == (state == "ok")
    assert ("r" in spec.finish(acc).notes) == (state != "ok")


def test_one_sample_of_one_unit_works():
    result = finished(PFASpec(), {"score": np.array([3.0])})
    assert result.covariances["score"].covariances.tolist() == [[0.0]]
    assert result.get_recipe()["score"].recommended_output_count == 1


def test_each_layer_counts_its_own_samples():
    spec = PFASpec()
    rng = np.random.default_rng(0)
    acc = spec.update(spec.create(), Batch({"a": rng.standard_normal((9, 2)), "b": rng.standard_normal((9, 2))}))
    acc = spec.update(acc, Batch({"b": rng.standard_normal((4, 2))}))
    assert {name: item.samples for name, item in spec.finish(acc).covariances.items()} == {"a": 9, "b": 13}


def test_not_finite_can_stop_and_names_the_response():
    with pytest.raises(NonFiniteError, match=r"'dense'.*1 sample"):
        folded(PFASpec(on_nonfinite="raise"), {"dense": np.array([[1.0], [np.nan]])}, sizes=(2,))


def test_a_changed_shape_is_told():
    spec = PFASpec()
    acc = spec.update(spec.create(), Batch({"a": np.zeros((2, 3))}))
    with pytest.raises(ShapeChangedError, match=r"'a'.*\(3,\).*\(4,\)"):
        spec.update(acc, Batch({"a": np.zeros((2, 4))}))


def test_text_is_no_response():
    with pytest.raises(DeepViewException, match=r"'names'.*real numbers"):
        folded(PFASpec(), {"names": np.array(["x"])})


def test_equal_data_in_any_batch_size_gives_the_very_same_covariance():
    values = {"r": np.random.default_rng(0).standard_normal((700, 9)).astype(np.float32)}
    first = finished(PFASpec(), values, sizes=(1, 50, 300)).covariances["r"].covariances
    second = finished(PFASpec(), values, sizes=(32,) * 20).covariances["r"].covariances
    np.testing.assert_array_equal(first, second)


def test_memory_does_not_grow_with_the_samples():
    spec = PFASpec(pool="average")
    batch = Batch({"r": np.zeros((64, 3, 3, 40), dtype=np.float32)})
    acc = spec.create()
    for _ in range(20):
        acc = spec.update(acc, batch)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(200):
        acc = spec.update(acc, batch)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000  # the rows alone would be 4 MB
