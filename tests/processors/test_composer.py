"""Functions of batches as stages, and what is left of the samples."""

from itertools import chain

import numpy as np
import pytest

from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException, EmptyProducerError
from deepview_lab.introspectors import IUA
from deepview_lab.processors import Composer, Processor
from deepview_lab.samples import StubProducer

LABELS = Batch.StdKeys.LABELS
DATA = StubProducer({"x": np.arange(7.0)}, {LABELS: {"parity": [i % 2 for i in range(7)]}})


def values(*stages, batch_size=3):
    return [batch.fields["x"].tolist() for batch in pipeline(DATA, *stages)(batch_size)]


def test_a_function_of_a_batch_is_applied():
    assert values(Composer(lambda batch: batch.elements[::2])) == [[0, 2], [3, 5], [6]]


def test_batches_of_which_nothing_is_left_are_not_passed_on():
    seen = []
    stages = [
        Composer(lambda batch: batch if batch.fields["x"][0] == 3 else None),
        Processor(lambda x: seen.append(x) or x),
    ]
    assert values(*stages) == [[3, 4, 5]]
    assert len(seen) == 1


@pytest.mark.parametrize("batch_size", [1, 2, 3, 10])
def test_samples_are_chosen_one_by_one(batch_size):
    chosen = Composer.from_element_filter(lambda element: element.fields["x"] > 2)
    assert list(chain.from_iterable(values(chosen, batch_size=batch_size))) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("key", "dimension", "label", "expected"),
    [
        (LABELS, "parity", 1, [1, 3, 5]),
        (LABELS, "parity", 2, []),
        (LABELS, "absent", 1, []),
        (Batch.DictMetaKey("absent"), "parity", 1, []),
    ],
)
def test_samples_are_chosen_by_a_label(key, dimension, label, expected):
    assert list(chain.from_iterable(values(Composer.from_dict_metadata(key, dimension, label)))) == expected


def test_what_returns_no_batch_is_told():
    with pytest.raises(DeepViewException, match="must return a Batch or None, but returned a ndarray"):
        values(Composer(lambda batch: batch.fields["x"]))
    with pytest.raises(TypeError, match="needs a function of a batch, but got a str"):
        Composer("x > 2")


def test_the_number_of_samples_is_not_promised():
    filtered = pipeline(DATA, Composer.from_element_filter(lambda element: element.fields["x"] > 2))
    with pytest.raises(TypeError):
        len(filtered)
    assert len(pipeline(DATA, Processor(np.negative))) == 7


def test_an_introspector_sees_what_is_left():
    odd = Composer.from_dict_metadata(LABELS, "parity", 1)
    assert len(IUA.introspect(pipeline(DATA, odd), batch_size=2).results["x"].inactive) == 3


def test_nothing_left_at_all_is_an_empty_producer():
    with pytest.raises(EmptyProducerError):
        peek_first_batch(pipeline(DATA, Composer(lambda _: None)))
