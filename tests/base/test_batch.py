"""A Batch holds samples that belong together, checks them once, and leaves the caller's arrays alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.base import Batch
from deepview_lab.exceptions import BatchFieldError, BatchSizeError, DeepViewException, UnknownNameError

IDENTIFIER, LABELS = Batch.StdKeys.IDENTIFIER, Batch.StdKeys.LABELS


def labelled(size=4):
    builder = Batch.Builder({"x": np.arange(size * 2.0).reshape(size, 2), "y": np.arange(size)})
    builder.metadata[IDENTIFIER] = [f"s{i}" for i in range(size)]
    builder.metadata[LABELS]["digit"] = list(range(size))
    builder.metadata[LABELS]["split"] = ["train"] * size
    builder.snapshots["before"] = Batch({"raw": np.arange(size) * 10})
    return builder.make_batch()


def rows(batch):
    return (
        {name: array.tolist() for name, array in batch.fields.items()},
        list(batch.metadata[IDENTIFIER]),
        {name: list(values) for name, values in batch.metadata[LABELS].items()},
        batch.snapshots["before"].fields["raw"].tolist(),
    )


def test_the_callers_array_is_neither_frozen_nor_copied():
    array = np.zeros((3, 2))
    batch = Batch({"x": array})
    assert array.flags.writeable
    array[0, 0] = 5
    assert batch.fields["x"][0, 0] == 5


def test_the_batchs_own_view_is_read_only():
    batch = Batch({"x": np.zeros((3, 2))})
    with pytest.raises(ValueError, match="read-only"):
        batch.fields["x"][0, 0] = 1
    with pytest.raises(TypeError):
        batch.fields["x"] = np.ones(3)


def test_lists_become_arrays():
    assert Batch({"x": [[1, 2], [3, 4]]}).fields["x"].shape == (2, 2)


def test_fields_of_different_sizes_are_named_with_their_sizes():
    with pytest.raises(BatchSizeError, match=r"field 'a' has 2, field 'b' has 3.*Slice or pad") as caught:
        Batch({"a": np.zeros(2), "b": np.zeros((3, 4))})
    assert isinstance(caught.value, ValueError)


def test_metadata_of_another_size_is_named():
    builder = Batch.Builder({"a": np.zeros(2)})
    builder.metadata[LABELS]["digit"] = [1, 2, 3]
    with pytest.raises(BatchSizeError, match=r"LABELS\['digit'\] has 3"):
        builder.make_batch()


def test_a_snapshot_of_another_size_is_named():
    builder = Batch.Builder({"a": np.zeros(2)})
    builder.snapshots["before"] = Batch({"raw": np.zeros(5)})
    with pytest.raises(BatchSizeError, match="snapshot 'before' has 5"):
        builder.make_batch()


@pytest.mark.parametrize("fields", [{}, None])
def test_a_batch_without_fields_is_refused(fields):
    with pytest.raises(ValueError, match="at least one field"):
        Batch(fields)


@pytest.mark.parametrize("value", [np.float64(1), [[1, 2], [3]]])
def test_what_is_no_array_of_samples_is_named(value):
    with pytest.raises(BatchFieldError, match="Field 'x' must be an array whose dimension 0 counts samples"):
        Batch({"x": value})


def test_a_wrong_field_name_shows_near_matches_and_a_mask_is_no_index():
    batch = Batch({"images": np.arange(2)})
    with pytest.raises(KeyError, match=r"Unknown field 'image'\. Did you mean 'images'"):
        batch.fields["image"]
    with pytest.raises(TypeError, match="not by a mask"):
        batch.elements[np.array([True, False])]
    with pytest.raises(TypeError, match="float"):
        batch.elements[0.7]


def test_fields_are_equal_by_names_and_values():
    assert Batch({"x": np.arange(3)}).fields == Batch({"x": [0, 1, 2]}).fields
    assert Batch({"x": np.arange(3)}).fields != Batch({"x": [0, 1, 3]}).fields
    assert Batch({"x": np.arange(3)}).fields != Batch({"y": np.arange(3)}).fields


def test_an_element_has_no_batch_dimension():
    element = labelled().elements[1]
    assert element.fields["x"].tolist() == [2, 3]
    assert element.fields["y"] == 1
    assert element.metadata[IDENTIFIER] == "s1"
    assert dict(element.metadata[LABELS]) == {"digit": 1, "split": "train"}
    assert element.snapshots["before"].fields["raw"] == 10


def test_iterating_gives_every_element():
    assert [element.metadata[IDENTIFIER] for element in labelled().elements] == ["s0", "s1", "s2", "s3"]


def test_index_minus_n_is_the_first_sample():
    batch = labelled(4)
    assert batch.elements[-4].metadata[IDENTIFIER] == "s0"
    assert rows(batch.elements[[-4]]) == rows(batch.elements[[0]])


@pytest.mark.parametrize("index", [4, -5, [0, 4], [-5]])
def test_an_index_out_of_range_says_the_range(index):
    with pytest.raises(IndexError, match=r"out of range: this batch has 4 samples \(-4 to 3\)"):
        labelled(4).elements[index]


@pytest.mark.parametrize("index", [[], (), slice(2, 2)])
def test_an_empty_selection_is_an_empty_batch(index):
    batch = labelled().elements[index]
    assert batch.batch_size == 0
    assert batch.fields["x"].shape == (0, 2)
    assert list(batch.metadata[IDENTIFIER]) == []


@given(st.integers(1, 6), st.data())
def test_slices_and_lists_take_the_same_samples(size, data):
    batch = labelled(size)
    window = data.draw(st.slices(size))
    assert rows(batch.elements[window]) == rows(batch.elements[list(range(size))[window]])


@given(st.lists(st.integers(-4, 3), max_size=6))
def test_a_list_takes_fields_metadata_and_snapshots_together(indices):
    taken = labelled(4).elements[indices]
    assert rows(taken)[1:] == (
        [f"s{i % 4}" for i in indices],
        {"digit": [i % 4 for i in indices], "split": ["train"] * len(indices)},
        [i % 4 * 10 for i in indices],
    )


def test_a_slice_shares_memory():
    batch = labelled()
    assert np.shares_memory(batch.elements[1:3].fields["x"], batch.fields["x"])


def test_an_index_array_works():
    assert labelled().elements[np.array([2, 0])].metadata[IDENTIFIER] == ("s2", "s0")


def test_a_builder_copies_a_batch_without_changing_it():
    batch = labelled()
    builder = Batch.Builder(base=batch)
    builder.fields["x"] = np.zeros((4, 1))
    builder.metadata[LABELS]["digit"] = [9, 9, 9, 9]
    del builder.metadata[IDENTIFIER]
    del builder.snapshots["before"]
    made = builder.make_batch()
    assert made.fields["x"].shape == (4, 1)
    assert made.metadata[LABELS]["digit"] == (9, 9, 9, 9)
    assert IDENTIFIER not in made.metadata
    assert rows(batch) == rows(labelled())


def test_what_a_builder_gives_to_read_can_be_changed_and_the_base_stays():
    batch = labelled()
    builder = Batch.Builder(base=batch)
    builder.metadata[IDENTIFIER][0] = "other"
    builder.metadata[LABELS]["digit"][1] = 9
    made = builder.make_batch()
    assert made.metadata[IDENTIFIER][0] == "other"
    assert made.metadata[LABELS]["digit"][1] == 9
    assert rows(batch) == rows(labelled())


def test_what_is_given_to_a_builder_is_copied():
    given, nested = ["a", "b"], {"digit": [1, 2]}
    builder = Batch.Builder()
    builder.metadata[IDENTIFIER], builder.metadata[LABELS] = given, nested
    given[0], nested["digit"][0] = "changed", 7
    made = builder.make_batch()
    assert made.metadata[IDENTIFIER] == ("a", "b")
    assert made.metadata[LABELS]["digit"] == (1, 2)


def test_a_builder_takes_fields_or_a_base():
    batch = Batch({"x": np.zeros(2)})
    with pytest.raises(ValueError, match="either fields or base"):
        Batch.Builder({"x": np.zeros(2)}, base=batch)
    with pytest.raises(ValueError, match="base=batch"):
        Batch.Builder(batch)


def test_metadata_alone_makes_a_batch():
    builder = Batch.Builder()
    builder.metadata[IDENTIFIER] = ["a", "b"]
    assert builder.make_batch().batch_size == 2


def test_a_builder_with_nothing_says_so():
    with pytest.raises(DeepViewException, match="both are empty"):
        Batch.Builder().make_batch()


def test_empty_metadata_is_left_out():
    builder = Batch.Builder({"x": np.zeros(2)})
    assert len(builder.metadata[LABELS]) == 0
    assert not builder.make_batch().metadata


def test_a_snapshot_loses_its_own_snapshots():
    builder = Batch.Builder({"x": np.zeros(4)})
    builder.snapshots["outer"] = labelled()
    assert not builder.make_batch().snapshots["outer"].snapshots


def test_a_missing_metadata_key_shows_those_that_are_there():
    with pytest.raises(UnknownNameError, match=r"Unknown metadata key .*PATH.*IDENTIFIER") as caught:
        labelled().metadata[Batch.StdKeys.PATH]
    assert isinstance(caught.value, KeyError)


def test_metadata_reads_as_a_mapping():
    metadata = labelled().metadata
    assert IDENTIFIER in metadata
    assert Batch.StdKeys.PATH not in metadata
    assert set(metadata.keys()) == {IDENTIFIER, LABELS}
    assert not Batch({"x": np.zeros(1)}).metadata


def test_keys_with_equal_names_are_equal():
    key = Batch.MetaKey("mine")
    builder = Batch.Builder({"x": np.zeros(1)})
    builder.metadata[key] = [3]
    assert builder.make_batch().metadata[Batch.MetaKey("mine")] == (3,)


def test_std_keys_cannot_be_made():
    with pytest.raises(DeepViewException, match="only holds keys"):
        Batch.StdKeys()
