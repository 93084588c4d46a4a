"""Moments equal a two-pass float64 reference, whatever the offset and however the rows arrive."""

import numpy as np
import pytest

from deepview_lab.numerics import Moments


def reference(rows):
    rows = rows.astype(np.longdouble)
    mean = rows.mean(axis=0)
    centred = rows - mean
    return mean.astype(float), (centred.T @ centred / max(len(rows) - 1, 1)).astype(float)


def folded(rows, size):
    moments = Moments(rows.shape[1])
    for start in range(0, len(rows), size):
        moments.add(rows[start : start + size])
    return moments


@pytest.mark.parametrize("size", [1, 7, 600, 9000])
@pytest.mark.parametrize("rows", [1, 2, 2047, 2048, 2049, 5000])
def test_equal_the_reference_in_any_batch_size(rows, size):
    data = np.random.default_rng(rows).standard_normal((rows, 6)) * np.arange(1, 7) + 5
    moments = folded(data, size)
    mean, covariance = reference(data)
    assert moments.count == rows
    np.testing.assert_allclose(moments.mean(), mean, rtol=1e-13)
    np.testing.assert_allclose(moments.covariance(), covariance, rtol=1e-12, atol=1e-12)


def test_float32_of_mean_1e4_and_std_1_gives_the_variance_to_1e_6():
    data = (np.random.default_rng(0).standard_normal((4000, 3)) + 1e4).astype(np.float32)
    variance = np.diagonal(folded(data, 32).covariance())
    np.testing.assert_allclose(variance, data.astype(np.float64).var(axis=0, ddof=1), rtol=1e-6)


def test_float32_of_mean_1000_and_std_0_01_gives_a_positive_variance():
    data = (np.random.default_rng(0).standard_normal((4000, 3)) * 0.01 + 1000).astype(np.float32)
    variance = np.diagonal(folded(data, 32).covariance())
    assert (variance > 0).all()
    np.testing.assert_allclose(variance, data.astype(np.float64).var(axis=0, ddof=1), rtol=1e-6)


def test_merge_equals_one_pass_and_leaves_the_other_alone():
    data = np.random.default_rng(1).standard_normal((3000, 5)) + np.linspace(0, 1e6, 3000)[:, None]
    first, second = folded(data[:700], 32), folded(data[700:], 32)
    before = second.covariance()
    first.merge(second)
    _, covariance = reference(data)
    np.testing.assert_allclose(first.covariance(), covariance, rtol=1e-10)
    np.testing.assert_array_equal(second.covariance(), before)
    assert (first.count, second.count) == (3000, 2300)


def test_a_copy_goes_its_own_way():
    moments = folded(np.eye(3), 2)
    twin = moments.copy()
    twin.add(np.ones((5, 3)))
    np.testing.assert_allclose(moments.covariance(), reference(np.eye(3))[1], atol=1e-15)
    assert twin.count == 8


def test_the_scatter_is_exactly_symmetric():
    data = np.random.default_rng(2).standard_normal((2000, 37)).astype(np.float32) + 100
    scatter = folded(data, 32).scatter()
    np.testing.assert_array_equal(scatter, scatter.T)


def test_no_row_and_one_row_give_zeros():
    moments = Moments(2)
    np.testing.assert_array_equal(moments.covariance(), np.zeros((2, 2)))
    moments.add(np.array([[3.0, 4.0]]))
    np.testing.assert_array_equal(moments.covariance(), np.zeros((2, 2)))
    np.testing.assert_array_equal(moments.mean(), [3.0, 4.0])


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.float16, np.float32, np.float64])
def test_any_real_dtype_is_folded_as_float64(dtype):
    data = np.random.default_rng(3).integers(0, 2, (2500, 4)).astype(dtype)
    np.testing.assert_allclose(folded(data, 100).covariance(), reference(data.astype(np.float64))[1], rtol=1e-12)


def test_rows_of_another_dtype_lose_nothing():
    rng = np.random.default_rng(5)
    single, double = rng.standard_normal((30, 3)).astype(np.float32), rng.standard_normal((40, 3)) + 1e9
    moments = Moments(3)
    for rows in (single, double, single):
        moments.add(rows)
    _, covariance = reference(np.concatenate([single, double, single]).astype(np.float64))
    np.testing.assert_allclose(moments.covariance(), covariance, rtol=1e-12)
