"""Runs to be saved, and what is compared of their results."""

from __future__ import annotations

import numpy as np

import deepview_lab
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer


def saved_run(*specs, **fields):
    """Return an ended run of ``specs``."""
    run = deepview_lab.start(StubProducer(fields or layers()), *specs, batch_size=16, name="audit")
    run.wait(300)
    return run


def layers():
    rng = np.random.default_rng(0)
    maps = np.maximum(rng.normal(size=(60, 4, 5, 7)), 0).astype(np.float32)
    maps[..., 2] = 0
    maps[3, 0, 0, 0] = np.nan
    wide = rng.normal(size=(60, 12)) @ rng.normal(size=(12, 12))
    wide[:, 5] = 1
    return {"maps: a/b": maps, "dense": wide, "many": rng.normal(size=(60, 90)), "one": rng.normal(size=60)}


def both():
    return IUA.spec(atol=1e-6), PFA.spec(pool="average")


def assert_same_iua(found, expected):
    assert (found.samples, list(found.results)) == (expected.samples, list(expected.results))
    for name, layer in expected.results.items():
        again = found.results[name]
        for attribute in ("samples", "nonfinite", "mean_inactive", "std_inactive", "unit_axis"):
            np.testing.assert_array_equal(getattr(again, attribute), getattr(layer, attribute))
        np.testing.assert_array_equal(again.counts, layer.counts)
        np.testing.assert_array_equal(again.per_sample, layer.per_sample)
        assert again.counts.dtype == layer.counts.dtype
        assert (again.per_sample is None) == (layer.per_sample is None)


def assert_same_pfa(found, expected, *, rtol=0.0, atol=0.0):
    """Compare results; eigenvalues of another machine differ in their last digits."""
    assert found.samples == expected.samples
    assert tuple(found.failed_responses) == tuple(expected.failed_responses)
    assert dict(found.notes) == dict(expected.notes)
    assert list(found.covariances) == list(expected.covariances)
    for name, layer in expected.covariances.items():
        again = found.covariances[name]
        np.testing.assert_allclose(again.eigenvalues, layer.eigenvalues, rtol=rtol, atol=atol)
        np.testing.assert_array_equal(again.inactive_units, layer.inactive_units)
        assert (again.samples, again.nonfinite) == (layer.samples, layer.nonfinite)
    strategies = (PFA.Strategy.KL(), PFA.Strategy.Energy(0.9), PFA.Strategy.Size(0.5))
    for strategy in strategies:
        for units in PFA.UnitSelectionStrategy.get_algos():
            recipe = expected.get_recipe(strategy=strategy, unit_strategy=units)
            again = found.get_recipe(strategy=strategy, unit_strategy=units)
            kept = {name: layer.units_to_keep for name, layer in recipe.items()}
            assert {name: layer.units_to_keep for name, layer in again.items()} == kept
            assert rtol or dict(again) == dict(recipe)
