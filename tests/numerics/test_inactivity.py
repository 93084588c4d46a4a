"""Counts equal a plain comparison, compiled or not."""

import numpy as np
import pytest

from deepview_lab.numerics import InactivityCounter
from deepview_lab.numerics.inactivity import compiled as inactivity_compiled

COMPILED = pytest.param(
    True, id="compiled", marks=pytest.mark.skipif(inactivity_compiled.kernel() is None, reason="numba is not installed")
)


def relu(rows, columns, dtype, seed=0):
    return np.maximum(np.random.default_rng(seed).standard_normal((rows, columns)), 0).astype(dtype)


def counted(values, *, atol=1e-8, compiled=False):
    totals = np.zeros(values.shape[1], dtype=np.int64)
    counts = InactivityCounter(atol, compiled=compiled, pays_from=0).count(values, totals)
    return counts, totals


@pytest.mark.parametrize("compiled", [False, COMPILED])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 17), (300, 40), (2, 40_000), (130, 9000)])
def test_equal_a_plain_comparison(rows, columns, dtype, compiled):
    values = relu(rows, columns, dtype)
    expected = np.abs(values) <= dtype(1e-8)
    counts, totals = counted(values, compiled=compiled)
    np.testing.assert_array_equal(counts.inactive, expected.sum(axis=1))
    np.testing.assert_array_equal(totals, expected.sum(axis=0))
    assert counts.finite is None


@pytest.mark.parametrize("compiled", [False, COMPILED])
@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_told_and_not_added(odd, compiled):
    values = relu(200, 50, np.float32)
    values[[3, 150], [7, 49]] = odd
    counts, totals = counted(values, compiled=compiled)
    assert np.flatnonzero(~counts.finite).tolist() == [3, 150]
    np.testing.assert_array_equal(totals, (values[counts.finite] == 0).sum(axis=0))


@pytest.mark.parametrize("compiled", [False, COMPILED])
def test_the_tolerance_is_inclusive(compiled):
    values = np.array([[-0.5, 0.5, 0.25, -0.75, 0.0]])
    counts, totals = counted(values, atol=0.5, compiled=compiled)
    assert counts.inactive.tolist() == [4]
    assert totals.tolist() == [1, 1, 1, 0, 1]


def test_totals_are_added_to():
    values = np.zeros((2, 3))
    totals = np.array([1, 2, 3])
    InactivityCounter(0.0).count(values, totals)
    assert totals.tolist() == [3, 4, 5]


def test_the_lowest_integer_is_active():
    values = np.array([[-128, 0, 127]], dtype=np.int8)
    assert counted(values)[1].tolist() == [0, 1, 0]


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8])
def test_unsigned_values_and_booleans_count(dtype):
    assert counted(np.array([[0, 1, 1]], dtype=dtype))[1].tolist() == [1, 0, 0]


@pytest.mark.parametrize("compiled", [False, COMPILED])
def test_values_need_not_be_contiguous(compiled):
    values = relu(40, 60, np.float32)
    counts, totals = counted(values[::2, ::3], compiled=compiled)
    np.testing.assert_array_equal(totals, (values[::2, ::3] == 0).sum(axis=0))
    assert len(counts.inactive) == 20


def test_numba_is_loaded_when_it_pays(monkeypatch):
    asked = []
    monkeypatch.setattr(inactivity_compiled, "is_loaded", lambda: bool(asked))
    monkeypatch.setattr(inactivity_compiled, "kernel", lambda: asked.append(True))
    counter = InactivityCounter(0.0, pays_from=100)
    totals = np.zeros(40, dtype=np.int64)
    used = []
    for _ in range(4):
        counter.count(np.zeros((1, 40)), totals)
        used.append(len(asked))
    assert used == [0, 0, 1, 2]
    assert totals.tolist() == [4] * 40
    InactivityCounter(0.0, pays_from=0, compiled=False).count(np.zeros((1, 40)), totals)
    assert len(asked) == 2


def test_without_numba_there_is_no_compiled_loop(monkeypatch):
    monkeypatch.setattr(inactivity_compiled.importlib.util, "find_spec", lambda name: None)
    assert inactivity_compiled.kernel.__wrapped__() is None
