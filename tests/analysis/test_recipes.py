"""Recipes equal the formulas of FEATURES.md, written out here once more."""

import logging
import math

import numpy as np
import pytest

from deepview_lab.analysis import KL, AbsMax, AbsMin, Energy, L1Max, L1Min, PFASpec, Size
from tests.analysis.folding import finished


@pytest.fixture(scope="module")
def result():
    rng = np.random.default_rng(11)
    mixed = rng.standard_normal((400, 8)) @ rng.standard_normal((8, 30)) + rng.standard_normal((400, 30))
    mixed[:, [2, 9]] = 4.0
    return finished(
        PFASpec(),
        {"mixed": mixed, "flat": rng.standard_normal((400, 12)), "zero": np.zeros((400, 3)), "one": mixed[:, 0]},
        sizes=(32,) * 12,
    )


def spectra(result):
    return {
        name: np.maximum(np.sort(np.linalg.eigvalsh(item.covariances))[::-1], 0)
        for name, item in result.covariances.items()
    }


def test_kl(result):
    recipe = result.get_recipe()
    for name, values in spectra(result).items():
        units = len(values)
        share = (values / values.sum() if values.sum() else values) + np.finfo(float).eps
        share = share / share.sum()
        divergence = sum(p * math.log(p * units) for p in share)
        ratio = 1 - divergence / math.log(units) if units > 1 else 1
        assert recipe[name].recommended_output_count == min(math.ceil(units * ratio), units)
        assert recipe[name].diagnostics.kl_divergence == pytest.approx(divergence, abs=1e-12)
        assert recipe[name].diagnostics.units_ratio == pytest.approx(ratio)


def test_kl_takes_another_interpolation(result):
    recipe = result.get_recipe(strategy=KL(lambda divergence, largest: 0.5))
    assert [item.recommended_output_count for item in recipe.values()] == [15, 6, 2, 1]
    assert KL.LinearInterpolation()(1.0, 4.0) == 0.75


@pytest.mark.parametrize("threshold", [0.0, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("least", [0, 5, 100])
def test_energy(result, threshold, least):
    recipe = result.get_recipe(strategy=Energy(threshold, least))
    for name, values in spectra(result).items():
        needed = len(values)
        for count in range(1, len(values) + 1):
            if values.sum() and values[:count].sum() / values.sum() >= threshold:
                needed = count
                break
        assert recipe[name].recommended_output_count == min(max(needed, least), len(values))
        assert recipe[name].diagnostics.total_kept_energy == pytest.approx(values[:needed].sum())


def test_energy_says_when_the_least_count_wins(result, caplog):
    with caplog.at_level(logging.WARNING, logger="deepview_lab.analysis.pfa.strategies"):
        Energy(0.1, 7)({"flat": result.covariances["flat"]})
    assert "min_kept_count=7" in caplog.text


@pytest.mark.parametrize("size", [0.0, 0.2, 0.5, 1.0])
def test_size(result, size):
    exclusive = []
    for values in spectra(result).values():
        total = values.sum()
        exclusive += [values[:index].sum() / total if total else 1.0 for index in range(len(values))]
    threshold = min(max(float(np.percentile(exclusive, 100 * size)), 1e-8), 1 - 1e-8)
    expected = result.get_recipe(strategy=Energy(threshold))
    found = result.get_recipe(strategy=Size(size))
    assert {n: r.recommended_output_count for n, r in found.items()} == {
        n: r.recommended_output_count for n, r in expected.items()
    }


def test_size_keeps_about_that_share_of_all_units(result):
    active = {name: result.covariances[name] for name in ("mixed", "flat")}
    kept = sum(recipe.recommended_output_count for recipe in Size(0.5)(active).values())
    assert abs(kept - 21) <= 2


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_shares_outside_0_to_1_are_refused(share):
    with pytest.raises(ValueError, match="energy_threshold must be from 0 to 1"):
        Energy(share)
    with pytest.raises(ValueError, match="relative_size must be from 0 to 1"):
        Size(share)


@pytest.mark.parametrize("unit_strategy", [AbsMax(), AbsMin(), L1Max(), L1Min()])
def test_inactive_units_go_first_and_the_order_does_not_depend_on_the_count(result, unit_strategy):
    longest = result.get_recipe(strategy=Energy(0.0), unit_strategy=unit_strategy)["mixed"]
    assert longest.recommended_output_count == 1
    assert longest.maximally_correlated_units[:2] == [2, 9]
    assert longest.number_inactive_units == 2
    assert len(longest.maximally_correlated_units) == 29
    for threshold in (0.3, 0.6, 0.9):
        recipe = result.get_recipe(strategy=Energy(threshold), unit_strategy=unit_strategy)["mixed"]
        count = len(recipe.maximally_correlated_units)
        assert count == 30 - recipe.recommended_output_count
        assert recipe.maximally_correlated_units == longest.maximally_correlated_units[:count]
        np.testing.assert_array_equal(recipe.removal_order, longest.removal_order)
        assert len(recipe.units_to_keep) == recipe.recommended_output_count
        assert not set(recipe.units_to_keep) & set(recipe.maximally_correlated_units)
    assert sorted(longest.removal_order.tolist()) == list(range(30))


def test_the_unit_strategies_differ(result):
    removed = [
        tuple(result.get_recipe(strategy=Energy(0.5), unit_strategy=units)["mixed"].maximally_correlated_units)
        for units in (AbsMax(), AbsMin(), L1Max(), L1Min())
    ]
    assert len(set(removed)) == 4


def test_only_inactive_units_go_when_fewer_are_active_than_to_keep(result, caplog):
    with caplog.at_level(logging.WARNING, logger="deepview_lab.analysis.pfa.units"):
        units = L1Max()(result.covariances["mixed"], num_units_to_keep=29)
    assert units.tolist() == [2, 9]
    assert "Only 28 units are active" in caplog.text


@pytest.mark.parametrize("unit_strategy", [AbsMax(), AbsMin(), L1Max(), L1Min()])
def test_at_least_one_unit_must_stay(result, unit_strategy):
    with pytest.raises(ValueError, match="num_units_to_keep is 0"):
        unit_strategy(result.covariances["flat"], num_units_to_keep=0)


def test_a_unit_strategy_may_be_any_callable(result):
    def first_ones(covariances, *, num_units_to_keep):
        return np.arange(covariances.original_output_count - num_units_to_keep)

    recipe = result.get_recipe(strategy=Energy(0.5), unit_strategy=first_ones)["flat"]
    assert recipe.maximally_correlated_units == list(range(12 - recipe.recommended_output_count))
    assert recipe.removal_order is None


def test_a_recipe_is_a_mapping_that_can_be_compared(result):
    recipe = result.get_recipe()
    assert list(recipe) == ["mixed", "flat", "zero", "one"]
    assert recipe == result.get_recipe()
    assert recipe != result.get_recipe(strategy=Energy(0.2))
    assert "one: 1/1" in repr(recipe)
    assert "two" not in recipe
    with pytest.raises(KeyError, match=r"'mixd'.*Did you mean 'mixed'"):
        _ = recipe["mixd"]
