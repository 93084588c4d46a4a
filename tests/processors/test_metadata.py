"""Stages that drop and rename metadata."""

import pytest

from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException
from deepview_lab.processors import FieldRemover, MetadataRemover, MetadataRenamer
from deepview_lab.samples import StubProducer

ID, LABELS = Batch.StdKeys.IDENTIFIER, Batch.StdKeys.LABELS
NOTE, SCORES = Batch.MetaKey("note"), Batch.DictMetaKey("scores")
DATA = StubProducer(
    {"x": [1.0]},
    {ID: ["i"], NOTE: ["n"], LABELS: {"digit": [3], "split": ["test"]}, SCORES: {"digit": [0.5], "sum": [2.0]}},
)


def left(*stages):
    """Return what is left of the metadata: names of MetaKeys, and of sub keys as (key, sub key)."""
    batch = peek_first_batch(pipeline(DATA, *stages))
    assert list(batch.fields) == ["x"]
    names = {ID: "id", NOTE: "note", LABELS: "labels", SCORES: "scores"}
    found = set()
    for key, value in batch.metadata.items():
        found |= {f"{names[key]}.{sub}" for sub in value} if isinstance(key, Batch.DictMetaKey) else {names[key]}
    return found


FLAT, NESTED = {"id", "note"}, {"labels.digit", "labels.split", "scores.digit", "scores.sum"}
ALL = FLAT | NESTED


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        ({}, ALL),
        ({"meta_keys": ID}, {"id"}),
        ({"meta_keys": [ID, NOTE]}, {"id", "note"}),
        ({"meta_keys": LABELS}, {"labels.digit", "labels.split"}),
        ({"meta_keys": [ID, SCORES]}, {"id", "scores.digit", "scores.sum"}),
        ({"keys": "digit"}, {"labels.digit", "scores.digit"}),
        ({"keys": ["digit", "sum"]}, {"labels.digit", "scores.digit", "scores.sum"}),
        ({"meta_keys": LABELS, "keys": "digit"}, {"labels.digit"}),
        ({"meta_keys": ID, "keys": "digit"}, {"id", "labels.digit", "scores.digit"}),
        ({"meta_keys": Batch.MetaKey("absent")}, set()),
        ({"keys": "absent"}, set()),
    ],
)
def test_the_selection_is_dropped_or_kept(selection, selected):
    assert left(MetadataRemover(**selection)) == ALL - selected
    assert left(MetadataRemover(**selection, keep=True)) == selected


def test_keys_of_metadata_are_no_sub_keys():
    for keys in (LABELS, [ID]):
        with pytest.raises(ValueError, match="Pass it as meta_keys"):
            MetadataRemover(keys=keys)


@pytest.mark.parametrize(
    "stage", [lambda keys: MetadataRemover(meta_keys=keys), lambda keys: MetadataRenamer({}, meta_keys=keys)]
)
def test_names_are_no_keys_of_metadata(stage):
    with pytest.raises(ValueError, match="one is 'labels'"):
        stage("labels")


def test_nothing_at_all_cannot_be_left():
    with pytest.raises(DeepViewException, match="needs at least one field or some metadata"):
        peek_first_batch(pipeline(DATA, FieldRemover(fields="x"), MetadataRemover()))


@pytest.mark.parametrize(
    ("mapping", "meta_keys", "expected"),
    [
        ({"digit": "number"}, None, {"labels.number", "labels.split", "scores.number", "scores.sum"}),
        ({"digit": "number"}, LABELS, {"labels.number", "labels.split", "scores.digit", "scores.sum"}),
        ({"digit": "split"}, [LABELS], {"labels.split", "scores.digit", "scores.sum"}),
        ({"absent": "x"}, None, NESTED),
    ],
)
def test_sub_keys_are_renamed(mapping, meta_keys, expected):
    assert left(MetadataRenamer(mapping, meta_keys=meta_keys)) == expected | FLAT


def test_values_move_with_their_names():
    batch = peek_first_batch(pipeline(DATA, MetadataRenamer({"digit": "split", "split": "digit"})))
    assert dict(batch.metadata[LABELS]) == {"split": (3,), "digit": ("test",)}


def test_two_sub_keys_cannot_get_one_name():
    with pytest.raises(ValueError, match=r"would give the sub keys \['a', 'b'\] one name, 'x'"):
        MetadataRenamer({"a": "x", "b": "x"})


def test_a_meta_key_has_no_sub_keys_to_rename():
    with pytest.raises(ValueError, match="must be DictMetaKey"):
        MetadataRenamer({}, meta_keys=ID)
