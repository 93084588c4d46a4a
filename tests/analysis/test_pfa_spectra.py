"""The spectra of many layers: computed several at a time, once, in steps between which others may work."""

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from deepview_lab.analysis import PFASpec
from deepview_lab.analysis.pfa import covariances as pfa_covariances
from deepview_lab.analysis.pfa.covariances import PFACovariancesResult, PFASpectrumResult, compute_spectra, spectra_of
from deepview_lab.exceptions import CancelledError
from deepview_lab.numerics import UnitRemoval
from tests.analysis.folding import finished, folded, table
from tests.analysis.heard import Heard


def layer(units, seed=0):
    rows = np.random.default_rng(seed).normal(size=(3 * units, units)) * np.linspace(0.1, 3, units)
    return PFACovariancesResult(np.cov(rows, rowvar=False), np.array([], np.intp), 3 * units, 0)


@pytest.fixture
def small_steps(monkeypatch):
    """Two layers a step; layers of 20 units and more are wide."""
    monkeypatch.setattr(pfa_covariances, "processors", lambda: 2)
    monkeypatch.setattr(pfa_covariances, "_AT_ONCE", 1)
    monkeypatch.setattr(pfa_covariances, "_WIDE", 20)


def blas_threads():
    return [library.num_threads for library in ThreadpoolController().select(user_api="blas").lib_controllers]


@pytest.mark.usefixtures("small_steps")
def test_they_are_those_of_lapack_whatever_the_step():
    layers = {f"layer {i}": layer(units, i) for i, units in enumerate([3, 30, 5, 8, 20, 7, 2])}
    for name, values in spectra_of(layers).items():
        covariance = layers[name].covariances
        np.testing.assert_allclose(values, np.linalg.eigvalsh(covariance)[::-1], rtol=1e-12)
        assert layers[name].eigenvalues is values


@pytest.mark.usefixtures("small_steps")
def test_between_the_steps_all_threads_are_free_and_nothing_is_computed_twice():
    layers = [layer(units, units) for units in (3, 30, 5, 8, 7, 2)]
    before, known = blas_threads(), layers[2].eigenvalues
    computed = []
    for done in compute_spectra(layers):
        assert blas_threads() == before
        computed.append((done, sum("eigenvalues" in vars(layer) for layer in layers) - 1))
    assert computed == [(0, 0), (2, 2), (4, 4)]
    assert layers[2].eigenvalues is known
    assert list(compute_spectra(layers)) == []


@pytest.mark.usefixtures("small_steps")
def test_stopped_between_two_steps_the_rest_is_not_computed():
    fields = {f"layer {i}": np.random.default_rng(i).normal(size=(20, 5)) for i in range(7)}
    spec = PFASpec()
    result, last = finished(spec, fields), table(spec, folded(spec, fields))
    none = type(last)(last.samples, tuple(type(row)(**{**vars(row), "spectrum": None}) for row in last.rows))
    with pytest.raises(CancelledError):
        spec.completed(none, result, Heard(None, stop_at="Computing spectra", stop_after=0.5))
    assert sum("eigenvalues" in vars(layer) for layer in result.covariances.values()) == 4


def test_those_of_a_file_are_the_kept_ones():
    removal = UnitRemoval(np.arange(4), constant=1)
    kept = PFASpectrumResult.of(np.array([4.0, 3.0, 2.0, 0.0]), {"L1Max": removal}, samples=9, nonfinite=0)
    assert spectra_of({"a": kept})["a"] is kept.spectrum
