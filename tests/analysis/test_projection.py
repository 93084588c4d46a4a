"""Linear projections: exact, a stream, the same however the data came; what is refused; strategies of one's own."""

from __future__ import annotations

import json
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.analysis.contract import Budget
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA, StandardPCA
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch
from deepview_lab.exceptions import (
    CancelledError,
    DeepViewException,
    ShapeChangedError,
    TooFewSamplesError,
    UnknownNameError,
    UnpooledResponseError,
)
from deepview_lab.testing.hard_data import cut
from tests.analysis.as_rows import as_rows
from tests.analysis.heard import Heard


def data(count=120, units=6, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((count, units)) * np.geomspace(9, 0.5, units) + 3).astype(np.float32)


def by_svd(rows, dimensions):
    centred = rows - rows.mean(axis=0, dtype=np.float64)
    _, _, vectors = np.linalg.svd(centred, full_matrices=False)
    return centred @ vectors[:dimensions].T


def folded(spec, fields, sizes=()):
    return reduce(spec.update, cut(fields, list(sizes)), spec.create())


def result(spec, fields, sizes=(), **about):
    return spec.finish(folded(spec, fields, sizes), Heard(as_rows(fields, **about)))


def assert_same_up_to_sign(actual, expected, *, atol=1e-3):
    signs = np.sign(np.nansum(actual * expected, axis=0))
    np.testing.assert_allclose(actual, expected * signs, atol=atol)


@pytest.mark.parametrize("strategy", [PCA(3), StandardPCA(3)], ids=repr)
def test_positions_equal_the_singular_value_decomposition_up_to_sign(strategy):
    values = data()
    found = result(ProjectionSpec(strategy), {"x": values})
    assert_same_up_to_sign(found.positions["x"], by_svd(values, 3))


@given(st.lists(st.integers(0, 50), max_size=6), st.sampled_from([1, 4096]))
def test_the_cut_into_batches_does_not_matter(sizes, max_exact_units):
    spec = ProjectionSpec(PCA(2, max_exact_units=max_exact_units), positions=False)
    whole, pieces = spec.finish(folded(spec, {"x": data()})), spec.finish(folded(spec, {"x": data()}, sizes))
    batch = Batch({"x": data(5, seed=1)})
    np.testing.assert_array_equal(whole.projected(batch).fields["x"], pieces.projected(batch).fields["x"])


@given(st.integers(0, 120), st.sampled_from([1, 4096]))
def test_merging_equals_seeing_all(at, max_exact_units):
    spec = ProjectionSpec(PCA(2, max_exact_units=max_exact_units), positions=False)
    values = data()
    first, second = folded(spec, {"x": values[:at]}), folded(spec, {"x": values[at:]})
    before = spec.finish(second).count if at < 119 else None
    merged = spec.finish(spec.merge(first, second))
    batch = Batch({"x": data(5, seed=1)})
    expected = spec.finish(folded(spec, {"x": values})).projected(batch).fields["x"]
    np.testing.assert_allclose(merged.projected(batch).fields["x"], expected, atol=1e-4)
    assert merged.count == 120
    if before is not None:
        assert spec.finish(second).count == before


def test_wide_responses_are_sketched_and_the_result_says_how_well():
    values = data(900, 40)
    found = result(ProjectionSpec(PCA(2, max_exact_units=20)), {"x": values})
    assert_same_up_to_sign(found.positions["x"], by_svd(values, 2), atol=0.1)
    assert "its 2 axes carry" in found.notes["x"].lower()
    exact = result(ProjectionSpec(PCA(2)), {"x": values})
    assert "approximate" not in exact.notes["x"]


def test_a_stream_without_positions_asks_for_no_rows():
    assert ProjectionSpec(PCA(2), positions=False).rows_wanted is None
    assert ProjectionSpec(PCA(2)).rows_wanted is not None
    assert ProjectionSpec(StandardPCA(2), positions=False).rows_wanted is not None
    assert ProjectionSpec({"a": PCA(2), "b": StandardPCA(2)}, positions=False).rows_wanted is not None


def test_a_mapping_reduces_its_fields_only():
    fields = {"a": data(), "b": data(seed=1), "images": np.zeros((120, 2, 2, 3))}
    spec = ProjectionSpec({"a": PCA(2), "b": PCA(1)}, positions=False)
    found = spec.finish(folded(spec, fields))
    projected = found.projected(Batch(fields)).fields
    assert {name: array.shape for name, array in projected.items()} == {
        "a": (120, 2),
        "b": (120, 1),
        "images": (120, 2, 2, 3),
    }


def test_a_name_that_never_came_is_an_error():
    spec = ProjectionSpec({"dense": PCA(2)}, positions=False)
    with pytest.raises(UnknownNameError, match=r"look at the response 'dense', but the data has 'x', 'y'\."):
        folded(spec, {"x": data(), "y": data()})


def test_samples_with_nan_are_left_out_and_have_no_position():
    values = data()
    values[4, 1], values[7, 0] = np.nan, np.inf
    found = result(ProjectionSpec(PCA(2)), {"x": values})
    assert np.flatnonzero(np.isnan(found.positions["x"]).any(axis=1)).tolist() == [4, 7]
    clean = result(ProjectionSpec(PCA(2)), {"x": np.delete(values, [4, 7], axis=0)})
    np.testing.assert_array_equal(np.delete(found.positions["x"], [4, 7], axis=0), clean.positions["x"])


def test_findings_have_ids_coordinates_labels_and_paths():
    found = result(
        ProjectionSpec({"a": PCA(2), "b": PCA(1)}),
        {"a": data(3), "b": data(3)},
        ids=["p", "q", "r"],
        labels={"kind": ["u", None, "v"]},
        paths=["p.png", "q.png", "r.png"],
    )
    table = found.findings().table
    assert list(table) == ["id", "x of a", "y of a", "x of b", "kind", "path"]
    assert table["kind"].tolist() == ["u", "", "v"]
    np.testing.assert_array_equal(table["y of a"], found.positions["a"][:, 1])


def test_a_response_narrower_than_the_target_is_refused_by_name():
    with pytest.raises(DeepViewException, match=r"Response 'x' has 2 unit\(s\), fewer than the 3 target_dimensions"):
        folded(ProjectionSpec(PCA(3)), {"x": data(units=2)})


def test_feature_maps_are_refused_unless_pooled():
    maps = np.random.default_rng(0).standard_normal((30, 2, 2, 4))
    with pytest.raises(UnpooledResponseError, match="DimensionReduction needs one value"):
        folded(ProjectionSpec(PCA(2)), {"x": maps})
    spec = ProjectionSpec(PCA(2), pool="average", positions=False)
    flat = ProjectionSpec(PCA(2), positions=False)
    pooled = maps.mean(axis=(1, 2))
    by_maps = spec.finish(folded(spec, {"x": maps})).projected(Batch({"x": maps})).fields["x"]
    by_rows = flat.finish(folded(flat, {"x": pooled})).projected(Batch({"x": pooled})).fields["x"]
    np.testing.assert_allclose(by_maps, by_rows, atol=1e-5)


def test_a_changed_shape_is_an_error_and_counts_nothing():
    spec = ProjectionSpec(PCA(2), positions=False)
    acc = folded(spec, {"x": data()})
    with pytest.raises(ShapeChangedError):
        spec.update(acc, Batch({"x": data(3, units=5)}))
    assert acc.samples == 120


def test_projecting_another_width_or_a_missing_field_is_refused_by_name():
    found = result(ProjectionSpec(PCA(2)), {"x": data()})
    with pytest.raises(DeepViewException, match=r"Field 'x' of shape .*as many units"):
        found.projected(Batch({"x": data(3, units=5)}))
    with pytest.raises(KeyError, match="Unknown field 'x'"):
        found.projected(Batch({"y": data(3)}))


@pytest.mark.parametrize("strategy", [PCA(2), StandardPCA(2)], ids=repr)
@pytest.mark.parametrize("count", [0, 1])
def test_too_few_samples_are_an_error_that_names_field_needed_and_got(strategy, count):
    values = np.full((4, 3), np.nan)
    values[:count] = 1
    with pytest.raises(TooFewSamplesError, match=rf"at least 2 samples of response 'x' .* got {count}"):
        result(ProjectionSpec(strategy), {"x": values})


def test_one_response_that_fails_does_not_take_the_others_along():
    found = result(ProjectionSpec(PCA(1)), {"bad": np.full((9, 2), np.nan), "good": data(9)})
    assert list(found.positions) == ["good"]
    assert "at least 2 samples" in found.notes["bad"]


@pytest.mark.parametrize("values", [np.zeros((9, 3)), np.full((9, 3), 1e4), np.hstack([data(9)] * 2)])
def test_data_of_low_rank_has_finite_positions(values):
    assert np.isfinite(result(ProjectionSpec(PCA(3)), {"x": values}).positions["x"]).all()


def test_it_can_be_stopped_and_keeps_the_responses_that_are_done():
    fields = {"a": data(), "b": data()}
    spec = ProjectionSpec({"a": PCA(2), "b": StandardPCA(2)})
    context = Heard(as_rows(fields), stop_at="Finding principal axes")
    with pytest.raises(CancelledError):
        spec.finish(folded(spec, fields), context)
    spec = ProjectionSpec(PCA(2))
    context = Heard(as_rows(fields))
    spec.finish(folded(spec, fields), context)
    assert [list(partial.positions) for partial in context.partials] == [["a"]]


def test_library_settings_reach_the_library_and_its_errors_name_the_response():
    white = result(ProjectionSpec(StandardPCA(2, whiten=True)), {"x": data()}).positions["x"]
    np.testing.assert_allclose(white.std(axis=0, ddof=1), 1, rtol=1e-4)
    with pytest.raises(DeepViewException, match=r"cannot project response 'x'.*colour"):
        result(ProjectionSpec(StandardPCA(2, colour=1)), {"x": data()})


@pytest.mark.parametrize("given_strategy", [PCA, "pca", {}, {"x": 3}])
def test_what_is_no_strategy_is_refused(given_strategy):
    with pytest.raises(DeepViewException, match="strateg"):
        ProjectionSpec(given_strategy)


def test_target_dimensions_are_checked():
    with pytest.raises(ValueError, match="target_dimensions must be at least 1"):
        PCA(0)


def test_there_is_nothing_to_show_before_the_end():
    spec = ProjectionSpec(PCA(1))
    assert spec.snapshot(spec.create(), Budget.unlimited()) is None


@pytest.mark.parametrize(
    ("at", "max_exact_units"), [(0, 1), (255, 1), (600, 1), (2100, 1), (1, 4096), (2048, 4096), (2100, 4096)]
)
def test_restored_between_blocks_or_within_one_it_has_the_same_axes(at, max_exact_units):
    spec = ProjectionSpec(PCA(2, max_exact_units=max_exact_units), positions=False)
    values = data(2100)
    state = spec.state(folded(spec, {"x": values[:at]}))
    read = State(dict(state.arrays), json.loads(json.dumps(state.facts)))
    acc = spec.restore(read, {})
    if at < 2100:
        acc = spec.update(acc, Batch({"x": values[at:]}))
    again, whole = spec.finish(acc), spec.finish(folded(spec, {"x": values}))
    assert again.count == whole.count == 2100
    np.testing.assert_array_equal(again.reducers["x"].basis.axes, whole.reducers["x"].basis.axes)
    assert again.notes == whole.notes


def test_a_state_of_other_strategies_is_refused():
    state = ProjectionSpec(PCA(2)).state(folded(ProjectionSpec(PCA(2)), {"x": data()}))
    for other in (ProjectionSpec(StandardPCA(2)), ProjectionSpec({"y": PCA(2)})):
        with pytest.raises(ValueError, match="no state of"):
            other.restore(state, {})
