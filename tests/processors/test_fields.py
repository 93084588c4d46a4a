"""Stages that rename and drop fields."""

import numpy as np
import pytest

from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException
from deepview_lab.processors import FieldRemover, FieldRenamer
from deepview_lab.samples import StubProducer

from .running import assert_described, run

FIELDS = {"a": np.array([1.0]), "b": np.array([2.0]), "c": np.array([3.0])}


def scalars(stage):
    described, out = assert_described(stage, FIELDS)
    assert list(described) == list(out)
    return {name: array.item() for name, array in out.items()}


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({"a": "x"}, {"x": 1, "b": 2, "c": 3}),
        ({"a": "b", "b": "a"}, {"b": 1, "a": 2, "c": 3}),
        ({"a": "b"}, {"b": 1, "c": 3}),
        ({"a": "b", "b": "x"}, {"b": 1, "x": 2, "c": 3}),
        ({"absent": "b"}, {"a": 1, "b": 2, "c": 3}),
        ({}, {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_renaming(mapping, expected):
    assert scalars(FieldRenamer(mapping)) == expected


def test_two_fields_cannot_get_one_name():
    with pytest.raises(ValueError, match=r"would give the fields \['a', 'b'\] one name, 'x'"):
        FieldRenamer({"a": "x", "b": "x"})


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (FieldRemover(fields="a"), {"b": 2, "c": 3}),
        (FieldRemover(fields=["a", "c"]), {"b": 2}),
        (FieldRemover(fields=["a", "c"], keep=True), {"a": 1, "c": 3}),
        (FieldRemover(fields="absent"), {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_removing(stage, expected):
    assert scalars(stage) == expected


def test_removing_everything_says_what_was_there():
    with pytest.raises(DeepViewException, match=r"leaves nothing of a batch with the fields 'a', 'b', 'c'.*keep \['x'"):
        run(FieldRemover(fields="x", keep=True), **FIELDS)


def test_metadata_may_be_all_that_is_left():
    producer = StubProducer({"a": np.zeros(2)}, {Batch.StdKeys.IDENTIFIER: [1, 2]})
    batch = peek_first_batch(pipeline(producer, FieldRemover(fields="a")), 2)
    assert (len(batch.fields), batch.batch_size) == (0, 2)
