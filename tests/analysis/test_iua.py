"""IUA equals a float64 reference, and says what it leaves out."""

import tracemalloc

import numpy as np
import pytest

from deepview_lab.analysis import IUASpec
from deepview_lab.base import Batch, Layer, ResponseInfo
from deepview_lab.exceptions import DeepViewException, NonFiniteError, ShapeChangedError
from deepview_lab.numerics.inactivity import compiled as inactivity_compiled
from deepview_lab.testing import HARD_DATA
from tests.analysis.folding import finished, folded, row, table


def info(name, shape, unit_axis=-1):
    return ResponseInfo(name, np.dtype(np.float32), (None, *shape), Layer(name), unit_axis)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("kind", sorted(HARD_DATA))
def test_equals_a_plain_reference_on_hard_data(kind, compiled):
    values = HARD_DATA[kind](np.random.default_rng(5), 40)
    result = finished(IUASpec(compiled=compiled), {"r": values}).results["r"]
    flat = values.reshape(40, -1).astype(np.float64)
    kept = np.isfinite(flat).all(axis=1)
    zero = np.abs(flat[kept]) <= 1e-8
    per_sample = zero.sum(axis=1)
    assert (result.samples, result.nonfinite) == (kept.sum(), 40 - kept.sum())
    assert result.inactive == per_sample.tolist()
    assert result.mean_inactive == pytest.approx(per_sample.mean(), rel=1e-14)
    assert result.std_inactive == pytest.approx(per_sample.std(), rel=1e-12, abs=1e-12)
    expected = zero.sum(axis=0).reshape(values.shape[1:])
    assert result.unit_inactive_count == expected.tolist()
    np.testing.assert_allclose(result.unit_inactive_proportion, expected / kept.sum())


def test_a_unit_of_a_convolution_is_a_channel():
    maps = np.ones((4, 3, 3, 2))
    maps[..., 1] = 0
    maps[0, 0, 0, 0] = 0
    result = finished(IUASpec(), {"conv": maps}).results["conv"]
    np.testing.assert_allclose(result.unit_share, [1 / 36, 1])
    assert result.dead_units.tolist() == [1]


@pytest.fixture(params=["numpy", "compiled"])
def counts_with(request):
    """Whether to count with the compiled loop, which is loaded here: few values do not make it worth while."""
    if request.param == "compiled":
        assert inactivity_compiled.kernel() is not None
    return request.param == "compiled"


@pytest.mark.parametrize("unit_axis", [-1, 1])
def test_a_unit_is_dead_only_if_every_position_of_every_sample_is_inactive(unit_axis, counts_with):
    maps = np.ones((30, 4, 5, 3), np.float32)
    maps[:, 2, 3, 0] = 0  # one position of every sample
    maps[4, :, :, 0] = 0  # every position of one sample
    maps[..., 1] = 0
    maps[..., 2] = 0
    maps[29, 3, 4, 2] = 1e-6  # all but one position of the last sample
    maps = np.moveaxis(maps, -1, unit_axis)
    spec = IUASpec(compiled=counts_with)
    acc = folded(spec, {"conv": maps}, responses={"conv": info("conv", maps.shape[1:], unit_axis)})
    result, snapshot = spec.finish(acc).results["conv"], table(spec, acc)
    assert result.dead_units.tolist() == [1]
    shares = [(30 + 19) / 600, 1, 599 / 600]
    np.testing.assert_allclose(result.unit_share, shares, rtol=1e-14)
    np.testing.assert_allclose(snapshot.detail("conv")["share"], shares, rtol=1e-14)
    assert row(snapshot, "conv")["dead"] == 1
    assert row(snapshot, "conv")["strip"].tolist() == [255] * 22 + [253] * 21 + [20] * 21
    np.testing.assert_allclose(spec.key_figures(acc)["conv"], [sum(shares) / 3, 1 / 3], rtol=1e-14)


def test_channels_first_is_taken_from_the_response_info():
    maps = np.ones((4, 2, 3, 3))
    maps[:, 1] = 0
    responses = {"conv": info("conv", (2, 3, 3), unit_axis=1)}
    acc = folded(IUASpec(), {"conv": maps}, responses=responses)
    assert IUASpec().finish(acc).results["conv"].dead_units.tolist() == [1]
    assert row(table(IUASpec(), acc), "conv")["units"] == 2


def test_a_single_number_per_sample_is_one_unit():
    result = finished(IUASpec(), {"score": np.array([0.0, 1.0, 0.0])}).results["score"]
    assert (result.unit_inactive_count, result.unit_share.tolist()) == (2, [2 / 3])
    assert result.dead_units.tolist() == []


def test_each_layer_counts_its_own_samples():
    spec = IUASpec()
    acc = spec.update(spec.create(), Batch({"a": np.zeros((3, 2)), "b": np.zeros((3, 1))}))
    acc = spec.update(acc, Batch({"a": np.ones((5, 2))}))
    result = spec.finish(acc)
    assert result.samples == 8
    assert {name: layer.samples for name, layer in result.results.items()} == {"a": 8, "b": 3}
    assert result.results["b"].unit_inactive_proportion == [1.0]


def test_the_tolerance_changes_what_counts():
    values = {"r": np.array([[0.0, 0.01, -0.2]])}
    assert finished(IUASpec(atol=0.01), values).results["r"].mean_inactive == 2
    assert finished(IUASpec(), values).results["r"].mean_inactive == 1


def test_counts_of_samples_can_be_left_out():
    result = finished(IUASpec(per_sample=False), {"r": np.zeros((3, 2))}).results["r"]
    assert (result.per_sample, result.mean_inactive) == (None, 2.0)
    with pytest.raises(DeepViewException, match="per_sample=True"):
        _ = result.inactive


def test_samples_left_out_keep_their_place():
    values = np.array([[0.0, 1.0], [np.nan, 0.0], [0.0, 0.0]])
    result = finished(IUASpec(), {"r": values}).results["r"]
    assert result.per_sample.tolist() == [1, -1, 2]
    assert row(table(IUASpec(), folded(IUASpec(), {"r": values})), "r")["note"] == (
        "1 sample was left out: NaN, infinite or above 3.4e+38."
    )


def test_merging_puts_the_samples_of_the_second_behind_those_of_the_first():
    spec = IUASpec()
    acc = spec.merge(folded(spec, {"r": np.eye(3)[:1]}), folded(spec, {"r": np.zeros((2, 3))}))
    acc = spec.merge(acc, folded(spec, {"new": np.ones((1, 2))}))
    results = spec.finish(acc).results
    assert {name: result.inactive for name, result in results.items()} == {"r": [2, 3, 3], "new": [0]}


def test_a_layer_that_is_never_finite_has_no_numbers():
    spec = IUASpec()
    acc = folded(spec, {"r": np.full((3, 2), np.nan)})
    result = spec.finish(acc).results["r"]
    assert (result.samples, result.nonfinite, result.dead_units.tolist()) == (0, 3, [])
    assert np.isnan([result.mean_inactive, result.std_inactive, *result.unit_share]).all()
    shown = row(table(spec, acc), "r")
    assert (shown["dead"], np.isnan(shown["inactive_mean"])) == (0, True)


def test_not_finite_can_stop_and_names_the_response():
    with pytest.raises(NonFiniteError, match=r"'dense'.*1 sample.*on_nonfinite='skip'"):
        folded(IUASpec(on_nonfinite="raise"), {"dense": np.array([[1.0], [np.inf]])}, sizes=(2,))


def test_a_changed_shape_is_told_before_anything_is_counted():
    spec = IUASpec()
    acc = spec.update(spec.create(), Batch({"a": np.zeros((2, 3)), "b": np.zeros((2, 3))}))
    with pytest.raises(ShapeChangedError, match=r"'b'.*\(3,\).*\(4,\)"):
        spec.update(acc, Batch({"a": np.zeros((2, 3)), "b": np.zeros((2, 4))}))
    assert {name: layer.samples for name, layer in spec.finish(acc).results.items()} == {"a": 2, "b": 2}


def test_merging_different_shapes_is_told():
    spec = IUASpec()
    with pytest.raises(ShapeChangedError, match="'a'"):
        spec.merge(folded(spec, {"a": np.zeros((2, 3))}), folded(spec, {"a": np.zeros((2, 4))}))


@pytest.mark.parametrize(
    ("values", "says"),
    [(np.array(["x", "y"]), "real numbers.*<U1.*FieldRemover"), (np.zeros((2, 0)), r"\(0,\).*no value")],
    ids=["text", "nothing"],
)
def test_a_field_that_cannot_be_counted_is_named(values, says):
    with pytest.raises(DeepViewException, match=f"'odd'.*{says}"):
        folded(IUASpec(), {"odd": values})


@pytest.mark.parametrize("settings", [{"atol": -1.0}, {"atol": np.nan}, {"on_nonfinite": "ignore"}])
def test_bad_settings_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        IUASpec(**settings)


def test_known_layers_have_a_row_before_any_data():
    spec = IUASpec()
    acc = spec.create({"b": info("b", (4, 4, 8)), "a": info("a", (10,))})
    snapshot = table(spec, acc)
    assert snapshot.layers == ("b", "a")
    assert row(snapshot, "b")["units"] == 8
    assert np.isnan(snapshot.columns()["inactive_mean"]).all()
    assert spec.finish(acc).results == {}


def test_the_table_gives_shares_and_the_network_s_order():
    spec = IUASpec()
    acc = spec.create({"z": info("z", (2,)), "a": info("a", (4,))})
    acc = spec.update(acc, Batch({"a": np.array([[0.0, 0, 0, 1], [0, 1, 1, 1]]), "z": np.zeros((2, 2))}))
    snapshot = table(spec, acc)
    columns = snapshot.columns()
    assert snapshot.layers == ("z", "a")
    np.testing.assert_allclose(columns["inactive_mean"], [1.0, 0.5])
    np.testing.assert_allclose(columns["inactive_std"], [0.0, 0.25])
    assert columns["dead"].tolist() == [2, 1]
    assert {name: column.dtype.str for name, column in columns.items()} == {
        "layer": "|O",
        "samples": "<i8",
        "nonfinite": "<i8",
        "units": "<i4",
        "inactive_mean": "<f8",
        "inactive_std": "<f8",
        "dead": "<i4",
        "strip": "|u1",
        "stable_since": "<i8",
        "note": "|O",
    }


def test_the_strip_is_sorted_and_one_dead_unit_among_many_shows():
    values = np.ones((1000, 300))
    values[:, 17] = 0
    values[:999, 200] = 0
    values[:500, 250] = 0
    strip = row(table(IUASpec(), folded(IUASpec(), {"r": values})), "r")["strip"]
    assert strip.shape == (64,)
    assert strip[0] == 255
    assert (np.diff(strip.astype(int)) <= 0).all()


def test_the_strip_of_few_units_repeats_them():
    values = np.ones((10, 2))
    values[:, 0] = 0
    values[:5, 1] = 0
    strip = row(table(IUASpec(), folded(IUASpec(), {"r": values})), "r")["strip"]
    assert strip.tolist() == [255] * 32 + [127] * 32


def test_nearly_dead_is_not_dead():
    values = np.zeros((1000, 1))
    values[3] = 1
    shown = row(table(IUASpec(), folded(IUASpec(), {"r": values})), "r")
    assert (shown["dead"], shown["strip"][0]) == (0, 253)


@pytest.mark.parametrize("per_sample", [True, False])
def test_memory_does_not_grow_with_the_samples_but_for_4_bytes_each(per_sample):
    spec = IUASpec(per_sample=per_sample, compiled=False)
    batch = Batch({"r": np.zeros((64, 500), dtype=np.float32)})
    acc = spec.create()
    for _ in range(20):
        acc = spec.update(acc, batch)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(1000):
        acc = spec.update(acc, batch)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    # An array grows by an eighth more than it needs.
    assert grown < (64_000 * 4 * 1.2 if per_sample else 0) + 20_000


@pytest.mark.parametrize(
    ("scale", "atol", "note"),
    [
        (1e-9, 1e-8, "All values are below 1e-6: check the scale or `atol`."),
        (1e-7, 1e-8, "All values are below 1e-6: check the scale or `atol`."),
        (0.5, 0.1, "All values are below 10: check the scale or `atol`."),
        (2e-6, 1e-8, ""),  # above 100 tolerances
        (0.0, 1e-8, ""),  # exact zeros are zero on any scale
        (1e-9, 0.0, ""),
    ],
)
def test_units_are_not_called_dead_where_all_values_are_near_the_tolerance(scale, atol, note):
    spec = IUASpec(atol=atol)
    values = np.array([[0.5, 0.0, -1.0], [1.0, 0.0, 0.25]]) * scale
    result = finished(spec, {"r": values}).results["r"]
    columns = table(spec, folded(spec, {"r": values})).columns()
    zeros = [] if note else np.flatnonzero((np.abs(values) <= atol).all(axis=0)).tolist()
    assert result.dead_units.tolist() == zeros
    assert (result.note, *columns["note"]) == (note, note)
    assert columns["dead"].tolist() == [-1 if note else len(zeros)]
    assert bool(columns["strip"].max() == 255) == bool(zeros)
    assert result.counts.tolist() == (np.abs(values) <= atol).sum(axis=0).tolist()


def test_one_large_value_of_a_sample_that_counts_makes_units_dead_again():
    spec = IUASpec()
    small, large = np.full((3, 2), 1e-9), np.array([[0.0, 1.0]])
    acc = folded(spec, {"r": small})
    assert spec.finish(acc).results["r"].all_below == pytest.approx(1e-6)
    left_out = spec.update(acc, Batch({"r": np.array([[np.nan, 1.0]])}))
    assert spec.finish(left_out).results["r"].dead_units.tolist() == []
    assert spec.finish(spec.update(acc, Batch({"r": large}))).results["r"].dead_units.tolist() == [0]
