"""The row store: what it keeps, what it refuses, and that a file gives the same rows as memory."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.base import Batch, Layer, ResponseInfo
from deepview_lab.engine.work.row_store import RowStore
from deepview_lab.exceptions import DeepViewException, ShapeChangedError, UnpooledResponseError

from .rowing import batch

RNG = np.random.default_rng(8)


def store_of(*batches, pool=None, responses=None, **options):
    store = RowStore(pool, responses or {}, **options)
    for item in batches:
        put(store, item, RowsWanted(pool, analysis="Rowing"))
    return store


def put(store, batch, *wishes):
    for wanted in wishes:
        store.check(batch, wanted)
    store.add(batch, wishes)


@pytest.mark.parametrize("in_memory", [2**30, 0, 50])
def test_a_file_gives_the_same_rows_as_memory_at_any_time(in_memory):
    values = RNG.standard_normal((30, 3)).astype(np.float32)
    store = RowStore(None, {}, in_memory=in_memory)
    for start in range(0, 30, 7):
        put(store, Batch({"x": values[start : start + 7]}), RowsWanted())
        rows = store.rows()
        np.testing.assert_array_equal(rows.fields["x"], values[: start + 7])
        assert rows.fields["x"].dtype == np.float32
        assert not rows.fields["x"].flags.writeable
        assert len(rows) == min(start + 7, 30)
    store.close()
    np.testing.assert_array_equal(rows.fields["x"], values)


def test_ids_labels_and_paths_follow_the_samples():
    rows = store_of(batch(0, 2, path=True), batch(2, 5, path=True)).rows()
    assert (list(rows.ids), rows.made_ids) == (["s0", "s1", "s2", "s3", "s4"], False)
    assert rows.labels == {"odd": [0, 1, 0, 1, 0]}
    assert rows.paths == ["0.png", "1.png", "2.png", "3.png", "4.png"]


def test_without_ids_samples_are_numbered():
    rows = store_of(batch(0, 2, ids=False), batch(2, 5, ids=False)).rows()
    assert (list(rows.ids), rows.made_ids) == ([0, 1, 2, 3, 4], True)
    assert rows.paths is None


@pytest.mark.parametrize("first", [True, False])
def test_ids_of_some_batches_only_are_refused(first):
    store = store_of(batch(0, 2, ids=first))
    with pytest.raises(DeepViewException, match="give every sample one, or none"):
        put(store, batch(2, 4, ids=not first), RowsWanted())
    assert len(store.rows()) == 2


def test_labels_and_paths_that_appear_late_or_go_away_leave_gaps():
    rows = store_of(
        batch(0, 1, labels=()), batch(1, 3, labels=("odd",), path=True), batch(3, 4, labels=("late",)), batch(4, 5)
    ).rows()
    assert rows.labels == {"odd": [None, 1, 0, None, 0], "late": [None, None, None, 1, None]}
    assert rows.paths == ["", "1.png", "2.png", "", ""]


def test_rows_that_are_not_finite_are_kept_and_not_usable():
    values = np.array([[1.0, 2.0], [np.nan, 0.0], [np.inf, 1.0], [1e300, 0.0], [3.0, 4.0]])
    rows = store_of(Batch({"x": values})).rows()
    assert rows.usable["x"].tolist() == [True, False, False, False, True]
    assert rows.fields["x"].shape == (5, 2)


def test_maps_are_pooled_over_their_positions_along_the_known_unit_axis():
    maps = RNG.standard_normal((4, 5, 3, 3))
    info = ResponseInfo("x", np.dtype(np.float32), (None, 5, 3, 3), Layer("x"), unit_axis=1)
    average = store_of(Batch({"x": maps}), pool=Pool.AVERAGE, responses={"x": info}).rows()
    largest = store_of(Batch({"x": maps}), pool=Pool.MAX, responses={"x": info}).rows()
    np.testing.assert_allclose(average.fields["x"], maps.mean(axis=(2, 3)), rtol=1e-6)
    np.testing.assert_allclose(largest.fields["x"], maps.max(axis=(2, 3)), rtol=1e-6)


@pytest.mark.parametrize(
    ("added", "error", "message"),
    [
        (Batch({"x": np.ones((2, 3))}), ShapeChangedError, "had samples of shape"),
        (Batch({"y": np.ones((2, 2))}), DeepViewException, "'y' is not in the batches before"),
        (Batch({"x": np.ones((2, 2)), "y": np.ones((2, 2))}), DeepViewException, "'y' is not in the batches before"),
        (Batch({"x": np.array([["a", "b"]])}), DeepViewException, "must hold real numbers"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_of_it_is_kept(added, error, message):
    store = store_of(Batch({"x": np.ones((2, 2))}))
    with pytest.raises(error, match=message):
        put(store, added, RowsWanted())
    assert store.rows().fields["x"].shape == (2, 2)
    assert len(store) == 2


def test_a_missing_response_is_named():
    store = store_of(Batch({"x": np.ones((2, 2)), "y": np.ones((2, 1))}))
    with pytest.raises(DeepViewException, match="A batch lacks 'y'"):
        put(store, Batch({"x": np.ones((2, 2))}), RowsWanted())


def test_unpooled_maps_are_refused_in_the_name_of_who_asks():
    with pytest.raises(UnpooledResponseError, match="Rowing needs one value per unit"):
        store_of(Batch({"x": np.ones((2, 3, 3, 2))}))


def test_nothing_added_is_no_rows():
    assert len(store_of().rows()) == 0
    rows = store_of(Batch({"x": np.ones((0, 2))})).rows()
    assert rows.fields["x"].shape == (0, 2)
    assert rows.usable["x"].shape == (0,)
