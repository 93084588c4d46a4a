"""Columns of a report have DeepView's names, and map back whatever responses and labels are called."""

from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.analysis.dataset.columns import ColumnMeaning, ColumnNames


def meanings(responses, dimensions):
    for response in responses:
        yield ColumnMeaning("duplicates", response=response)
        yield ColumnMeaning("familiarity", response=response)
        for axis in range(3):
            yield ColumnMeaning("projection", response=response, axis=axis)
        for dimension in dimensions:
            yield ColumnMeaning("splitFamiliarity", response=response, dimension=dimension)


def test_plain_names_are_those_of_deepview():
    names = ColumnNames(["conv pw 13/Relu:0"], ["label", "dataset"])
    wanted = [names.of(meaning) for meaning in meanings(["conv pw 13/Relu:0"], ["label"])]
    assert wanted == [
        "duplicates_conv_pw_13Relu0",
        "familiarity_conv_pw_13Relu0",
        "projection_conv_pw_13Relu0_x",
        "projection_conv_pw_13Relu0_y",
        "projection_conv_pw_13Relu0_z",
        "splitFamiliarity_conv_pw_13Relu0_byAttr_label",
    ]


def test_a_response_called_like_our_own_separators_maps_back():
    names = ColumnNames(["a", "a_byAttr_label"], ["label"])
    first = names.of(ColumnMeaning("splitFamiliarity", response="a_byAttr_label", dimension="label"))
    second = names.of(ColumnMeaning("familiarity", response="a_byAttr_label"))
    assert names.meanings[first].response == names.meanings[second].response == "a_byAttr_label"


@given(
    responses=st.lists(st.text(max_size=6), unique=True, max_size=5),
    dimensions=st.lists(st.one_of(st.text(max_size=4), st.integers(), st.just("id")), unique=True, max_size=4),
)
def test_every_column_has_one_name_and_every_name_one_meaning(responses, dimensions):
    names = ColumnNames(responses, dimensions)
    asked = list(meanings(responses, dimensions))
    given_names = [names.of(meaning) for meaning in asked]
    assert len(set(given_names)) == len(asked)
    assert [names.meanings[name] for name in given_names] == asked
    labels = [meaning.dimension for meaning in names.meanings.values() if meaning.kind == "label"]
    assert labels == dimensions
