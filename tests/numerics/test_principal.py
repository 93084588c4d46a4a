"""Principal axes, against the singular value decomposition."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from deepview_lab.numerics.covariance.moments import Moments
from deepview_lab.numerics.covariance.principal import principal_axes
from deepview_lab.numerics.covariance.sketch import ScatterSketch


def rows_of(count, units, *, offset=0.0):
    rng = np.random.default_rng(3)
    return rng.standard_normal((count, units)) * np.geomspace(10, 0.1, units) + offset


def moments_of(rows):
    moments = Moments(rows.shape[1])
    moments.add(rows)
    return moments


@pytest.mark.parametrize("offset", [0.0, 1e4])
@pytest.mark.parametrize("shape", [(200, 12), (6, 12), (2, 3)])
def test_axes_are_those_of_the_singular_value_decomposition_up_to_sign(shape, offset):
    rows = rows_of(*shape, offset=offset)
    wanted = min(shape[0] - 1, 5, shape[1])
    basis = principal_axes(moments_of(rows), wanted)
    _, singular, vectors = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(basis.variances, singular[:wanted] ** 2 / (len(rows) - 1), rtol=1e-7)
    np.testing.assert_allclose(np.abs((basis.axes * vectors[:wanted].T).sum(axis=0)), 1, atol=1e-6)
    np.testing.assert_allclose(basis.total_variance, rows.var(axis=0, ddof=1).sum(), rtol=1e-7)


@pytest.mark.parametrize("wanted", [1, 5, 12])
def test_axes_are_the_same_without_scipy(monkeypatch, wanted):
    moments = moments_of(rows_of(200, 12, offset=1e4))
    with_it = principal_axes(moments, wanted)
    monkeypatch.setitem(sys.modules, "scipy.linalg", None)
    without = principal_axes(moments, wanted)
    np.testing.assert_allclose(with_it.variances, without.variances, rtol=1e-9)
    np.testing.assert_allclose(with_it.axes, without.axes, atol=1e-7)


def test_the_largest_coefficient_of_each_axis_is_positive():
    for rows in (rows_of(50, 6), -rows_of(50, 6)):
        axes = principal_axes(moments_of(rows), 6).axes
        assert (axes[np.abs(axes).argmax(axis=0), np.arange(6)] > 0).all()


def test_positions_are_coordinates_about_the_mean():
    rows = rows_of(100, 5, offset=1e4).astype(np.float32)
    basis = principal_axes(moments_of(rows), 5)
    exact = (rows - rows.mean(axis=0, dtype=np.float64)) @ basis.axes
    np.testing.assert_allclose(basis.positions(rows), exact, atol=1e-4)
    np.testing.assert_allclose(basis.positions(rows).var(axis=0, ddof=1), basis.variances, rtol=1e-4)


def test_rows_that_are_not_finite_have_no_position():
    basis = principal_axes(moments_of(rows_of(20, 3)), 2)
    found = basis.positions(np.array([[0.0, np.nan, 0.0], [np.inf, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_array_equal(np.isnan(found), [[True, True], [True, True], [False, False]])


def test_more_axes_than_the_rank_complete_an_orthonormal_basis():
    rows = np.outer(np.arange(5.0), [1.0, 2.0, 2.0])
    sketch = ScatterSketch(3, size=8)
    sketch.add(rows)
    for seen in (moments_of(rows), sketch):
        basis = principal_axes(seen, 3)
        np.testing.assert_allclose(basis.axes.T @ basis.axes, np.eye(3), atol=1e-9)
        np.testing.assert_allclose(basis.variances, [22.5, 0, 0], atol=1e-9)
        np.testing.assert_allclose(np.abs(basis.axes[:, 0]), [1 / 3, 2 / 3, 2 / 3], atol=1e-9)
