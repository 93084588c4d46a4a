"""The table of samples has a row per sample and says what each column is for."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.analysis.sample_table import Categories, SampleColumn, SampleTable
from deepview_lab.analysis.samples import Samples

SAMPLES = Samples((10, 11, 12), False, {"label": ("cat", None, "cat"), "dataset": ("train", "test", "train")}, None)


def test_samples_have_ids_labels_and_the_split():
    table = SampleTable.of(SAMPLES)
    assert [(column.name, column.role, column.type) for column in table.columns] == [
        ("id", "id", "int"),
        ("label", "label", "category"),
        ("dataset", "split", "category"),
    ]
    arrays = {name: values.tolist() for name, values in table.arrays().items()}
    assert arrays == {"id": [10, 11, 12], "label": ["cat", "", "cat"], "dataset": ["train", "test", "train"]}


def test_paths_are_text():
    table = SampleTable.of(Samples(("a", "b"), False, {}, ("a.png", "b.png")))
    assert [(column.name, column.type) for column in table.columns] == [("id", "text"), ("path", "text")]


def test_ids_that_a_browser_cannot_count_are_text():
    table = SampleTable.of(Samples((2**53, 1), False, {}, None))
    assert table.columns[0].array().tolist() == [str(2**53), "1"]


def test_a_column_whose_name_is_taken_gets_a_number():
    table = SampleTable.of(Samples((1,), False, {"id": ("a",), "id_2": ("b",)}, None))
    assert [column.name for column in table.columns] == ["id", "id_2", "id_2_2"]


def test_columns_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match=r"with 3 values each, got .*\('score', 2\)"):
        SampleTable.of(SAMPLES).with_column("score", "score", "score", np.zeros(2))


def test_equal_values_are_known_as_equal_with_nan_and_in_categories():
    def column(values):
        return SampleColumn("a", "score", "a", values)

    assert column(np.array([1.0, np.nan])).has_values_of(column(np.array([1.0, np.nan])))
    assert not column(np.array([1.0, np.nan])).has_values_of(column(np.array([1.0, 2.0])))
    assert not column(np.array([1.0])).has_values_of(column(np.array([1])))
    assert column(np.array(["a"])).has_values_of(column(np.array(["a"])))
    one, two = Categories.of(["a", "b"], 2), Categories.of(["a", "c"], 2)
    assert column(one).has_values_of(column(Categories.of(["a", "b"], 2)))
    assert not column(one).has_values_of(column(two))
    assert not column(one).has_values_of(column(np.array(["a", "b"])))


def test_without_a_column_of_the_role_no_sample_is_the_most_telling():
    assert SampleTable.of(SAMPLES).sorted_by("score").sort_by is None
    scored = SampleTable.of(SAMPLES).with_column("s", "score", "s", np.zeros(3)).sorted_by("score", descending=True)
    assert (scored.sort_by, scored.descending) == ("s", True)
