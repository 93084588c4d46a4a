"""The face of PFA, in a script without Jupyter."""

import warnings

import numpy as np
import pytest

import deepview_lab
from deepview_lab.base import pipeline
from deepview_lab.exceptions import DeepViewException, DeepViewWarning, UnpooledResponseError
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.processors import Pooler
from deepview_lab.testing import producer_of

RNG = np.random.default_rng(4)
FIELDS = {
    "dense": RNG.standard_normal((60, 3)) @ RNG.standard_normal((3, 10)),
    "logits": RNG.standard_normal((60, 4)),
}
MAPS = {"conv": RNG.standard_normal((60, 3, 3, 5))}


@pytest.fixture(scope="module")
def pfa():
    return PFA.introspect(producer_of(FIELDS))


def test_recipes_by_every_strategy(pfa):
    strategies = [PFA.Strategy.KL(), PFA.Strategy.Energy(0.9, min_kept_count=2), PFA.Strategy.Size(0.5)]
    for strategy in strategies:
        for units in PFA.UnitSelectionStrategy.get_algos():
            recipe = pfa.get_recipe(strategy=strategy, unit_strategy=units)
            assert list(recipe) == ["dense", "logits"]
            for layer in recipe.values():
                assert len(layer.maximally_correlated_units) == (
                    layer.original_output_count - layer.recommended_output_count
                )
    assert pfa.get_recipe()["dense"].recommended_output_count <= 5


def test_pooling_in_the_spec_equals_pooling_in_the_pipeline():
    inside = PFA.introspect(producer_of(MAPS), pool=PFA.Pool.MAX)
    outside = PFA.introspect(pipeline(producer_of(MAPS), Pooler(dim=(1, 2), method=Pooler.Method.MAX)))
    np.testing.assert_array_equal(inside.covariances["conv"].covariances, outside.covariances["conv"].covariances)


def test_unpooled_maps_are_refused():
    with pytest.raises(UnpooledResponseError, match=r"'conv'.*pool='average'"):
        PFA.introspect(producer_of(MAPS))


def test_epsilon_decides_what_is_inactive():
    values = RNG.standard_normal((50, 3)) * [1, 1, 1e-2]
    assert PFA.introspect(producer_of({"r": values})).get_recipe()["r"].number_inactive_units == 0
    recipe = PFA.introspect(producer_of({"r": values}), epsilon_inactive=1e-3).get_recipe()
    assert recipe["r"].number_inactive_units == 1


def test_too_few_samples_warn_and_fail():
    with pytest.warns(DeepViewWarning, match=r"'few'.*at least 80 samples for 80 units, but there are 60"):
        pfa = PFA.introspect(producer_of({"few": RNG.standard_normal((60, 80)), **FIELDS}))
    assert list(pfa.failed_responses) == ["few"]
    assert list(pfa.get_recipe()) == ["dense", "logits"]


def test_fewer_than_twice_the_units_warn_and_are_computed():
    with pytest.warns(DeepViewWarning, match=r"'thin'.*60 samples for 40 units"):
        pfa = PFA.introspect(producer_of({"thin": RNG.standard_normal((60, 40))}))
    assert list(pfa.get_recipe()) == ["thin"]


def test_one_pass_serves_both_and_gives_the_faces():
    results = deepview_lab.start(producer_of(MAPS), IUA.spec(), PFA.spec(pool="average")).wait()
    assert isinstance(results["iua"], IUA)
    assert isinstance(results["pfa"], PFA)


def test_settings_reach_the_analysis():
    run = deepview_lab.start(producer_of(FIELDS), PFA.spec(max_units=3, on_nonfinite="raise", epsilon_inactive=0.1))
    with pytest.raises(DeepViewException, match="max_units=10"):
        run.wait()


def test_the_table_is_deepview_s(pfa):
    recipe = pfa.get_recipe()
    frame = PFA.show(recipe)
    assert list(frame.columns) == ["layer name", "original count", "recommended count", "units to keep"]
    row = frame.iloc[0]
    assert (row["layer name"], row["original count"]) == ("dense", 10)
    assert row["units to keep"] == set(recipe["dense"].units_to_keep)


def test_the_result_itself_shows_its_default_recipe(pfa):
    assert PFA.show(pfa).equals(PFA.show(pfa.get_recipe()))


def test_the_four_unit_strategies_are_deepview_s():
    algos = list(PFA.UnitSelectionStrategy.get_algos())
    assert [type(algo).__name__ for algo in algos] == ["AbsMax", "AbsMin", "L1Max", "L1Min"]
    assert algos[1] == PFA.UnitSelectionStrategy.AbsMin()
    assert algos[3] == PFA.UnitSelectionStrategy.L1Min()


def test_several_recipes_follow_each_other_with_their_number(pfa):
    energy = pfa.get_recipe(strategy=PFA.Strategy.Energy(0.8))
    frame = PFA.show([pfa, energy])
    assert list(frame.columns) == ["recipe", "layer name", "original count", "recommended count", "units to keep"]
    assert frame["recipe"].tolist() == [1, 1, 2, 2]
    assert frame.iloc[2:, 1:].reset_index(drop=True).equals(PFA.show(energy))
    assert "recipe" not in PFA.show([pfa, energy], exclude_columns=["recipe"])
    assert "recipe" not in PFA.show([energy])


def test_several_recipes_may_have_names(pfa):
    named = {"KL": pfa, "Energy": pfa.get_recipe(strategy=PFA.Strategy.Energy(0.8))}
    assert PFA.show(named)["recipe"].tolist() == ["KL", "KL", "Energy", "Energy"]
    only = PFA.show({"KL": pfa}, include_columns=["layer name", "recipe"])
    assert only.to_dict("list") == {"layer name": ["dense", "logits"], "recipe": ["KL", "KL"]}


def test_chosen_columns_come_as_chosen_also_of_several_recipes(pfa):
    energy = pfa.get_recipe(strategy=PFA.Strategy.Energy(0.8))
    columns = ["layer name", "PFA strategy", "KL divergence", "units ratio", "kept energy"]
    frame = PFA.show([pfa.get_recipe(), energy], include_columns=columns)
    assert list(frame.columns) == columns
    assert frame["PFA strategy"].tolist() == ["PFA KL"] * 2 + ["PFA Energy"] * 2
    assert frame["kept energy"].tolist()[:2] == ["N/A", "N/A"]
    assert frame["kept energy"].tolist()[2] == pytest.approx(energy["dense"].diagnostics.total_kept_energy)
    assert frame["KL divergence"].tolist()[2:] == ["N/A", "N/A"]


def test_columns_can_be_left_out(pfa):
    assert list(PFA.show(pfa, exclude_columns=["units to keep"]).columns) == [
        "layer name",
        "original count",
        "recommended count",
    ]


def test_the_chart_compares_both_counts_by_layer(pfa):
    recipe = pfa.get_recipe()
    figure = PFA.show(recipe, vis_type=PFA.VisType.CHART)
    assert {trace.name: list(trace.y) for trace in figure.data} == {
        "compressed": [item.recommended_output_count for item in recipe.values()],
        "original": [10, 4],
    }
    assert list(figure.data[0].x) == ["dense", "logits"]


def test_a_chart_compares_several_recipes(pfa):
    recipes = {"KL": pfa.get_recipe(), "<b>Energy</b>": pfa.get_recipe(strategy=PFA.Strategy.Energy(0.8))}
    figure = PFA.show(recipes, vis_type="chart")
    assert {trace.name: list(trace.y) for trace in figure.data} == {
        "compressed, KL": [item.recommended_output_count for item in recipes["KL"].values()],
        "compressed, &lt;b&gt;Energy&lt;/b&gt;": [
            item.recommended_output_count for item in recipes["<b>Energy</b>"].values()
        ],
        "original": [10, 4],
    }
    assert len({trace.marker.symbol for trace in figure.data[:2]}) == 2
    numbered = PFA.show(list(recipes.values()), vis_type="chart")
    assert [trace.name for trace in numbered.data] == ["compressed, recipe 1", "compressed, recipe 2", "original"]


def test_a_chart_of_recipes_of_different_layers_has_gaps(pfa):
    recipe = pfa.get_recipe()
    other = PFA.introspect(producer_of({"extra": FIELDS["dense"], "logits": FIELDS["logits"]})).get_recipe()
    figure = PFA.show([recipe, other], vis_type="chart")
    assert [list(trace.x) for trace in figure.data] == [["dense", "logits", "extra"]] * 3
    assert figure.data[0].y[2] is None
    assert figure.data[1].y[0] is None
    assert list(figure.data[2].y) == [10, 4, 10]


def test_a_chart_of_two_models_has_the_original_counts_of_both(pfa):
    pruned = PFA.introspect(producer_of({"dense": FIELDS["dense"][:, :6], "logits": FIELDS["logits"]})).get_recipe()
    figure = PFA.show({"before": pfa, "after": pruned}, vis_type="chart")
    assert {trace.name: list(trace.y) for trace in figure.data[2:]} == {
        "original, before": [10, 4],
        "original, after": [6, 4],
    }


def test_no_recipe_is_a_value_error():
    for nothing in ({}, [], [{}], {"KL": {}}):
        with pytest.raises(ValueError, match=r"no recipe to show.*failed_responses"):
            PFA.show(nothing)


def test_an_unknown_kind_of_figure_is_a_value_error(pfa):
    with pytest.raises(ValueError, match=r"PFA\.VisType\.TABLE"):
        PFA.show(pfa, vis_type="pie")


def test_no_column_left_is_told(pfa):
    with pytest.raises(DeepViewException, match="No column is left"):
        PFA.show(pfa, include_columns=["layer name"], exclude_columns=["layer name"])


def test_an_unknown_column_is_told_with_near_matches(pfa):
    with pytest.raises(DeepViewException, match="Did you mean 'layer name'"):
        PFA.show(pfa, include_columns=["layer names"])


def test_enough_samples_give_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        PFA.introspect(producer_of(FIELDS))


def test_a_strategy_class_instead_of_an_object_is_told():
    pfa = PFA.introspect(producer_of({"x": np.random.default_rng(0).normal(size=(50, 4))}))
    with pytest.raises(DeepViewException, match=r"write KL\(\.\.\.\), not KL"):
        pfa.get_recipe(strategy=PFA.Strategy.KL)


def test_a_layer_that_is_too_wide_is_refused_alone_and_a_message_says_why():
    rng = np.random.default_rng(0)
    data = producer_of({"narrow": rng.normal(size=(50, 4)), "wide": rng.normal(size=(50, 40))})
    run = deepview_lab.start(data, PFA.spec(max_units=10))
    pfa = run.wait(300)["pfa"]
    assert set(pfa.get_recipe()) == {"narrow"}
    assert pfa.failed_responses == ("wide",)
    assert "allow it with max_units=40" in pfa.notes["wide"]
    table = run.snapshot("pfa").columns()
    assert dict(zip(table["layer"], table["state"], strict=True)) == {"narrow": "ok", "wide": "refused"}
