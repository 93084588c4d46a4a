"""Sample producers give the same samples at every pass and in any batch size."""

import numpy as np
import pytest

from deepview_lab.base import Batch, peek_first_batch
from deepview_lab.exceptions import BatchSizeError
from deepview_lab.samples import StubGatedAdditionDataset, StubImageDataset, StubProducer


def joined(producer, batch_size):
    batches = list(producer(batch_size))
    assert all(batch.batch_size == batch_size for batch in batches[:-1])
    return {name: np.concatenate([batch.fields[name] for batch in batches]) for name in batches[0].fields}


@pytest.mark.parametrize(
    "producer",
    [
        StubImageDataset(7, 5, 4, 2),
        StubGatedAdditionDataset(7, 3, 9),
        StubProducer({"x": np.arange(7), "y": np.eye(7)}),
    ],
    ids=lambda producer: type(producer).__name__,
)
def test_every_pass_in_any_batch_size_gives_the_same_samples(producer):
    whole = joined(producer, 7)
    assert len(producer) == 7
    for batch_size in (1, 3, 7, 100):
        again = joined(producer, batch_size)
        assert all(np.array_equal(again[name], whole[name]) for name in whole)
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        list(producer(0))


def test_images_have_height_before_width():
    images = peek_first_batch(StubImageDataset(2, image_width=5, image_height=4), 2).fields["images"]
    assert (images.shape, images.dtype) == ((2, 4, 5, 3), np.float32)
    assert len(np.unique(images)) == images.size


def test_gated_addition_adds_the_two_marked_numbers():
    fields = joined(StubGatedAdditionDataset(50, 2, 6), 50)
    x, lengths = fields["x"], fields["sequence_length"]
    values, gates = x[..., 0], x[..., 1]
    assert x.shape == (50, 6, 2)
    assert set(lengths) == {2, 3, 4, 5, 6}
    assert (gates.sum(axis=1) == 2).all()
    assert np.allclose(fields["target"], 0.5 + (values * gates).sum(axis=1) / 4)
    assert (np.abs(values) <= 1).all()
    behind = np.arange(6) >= lengths[:, None]
    assert not x[behind].any()


def test_metadata_is_cut_with_the_arrays():
    labels = Batch.StdKeys.LABELS
    producer = StubProducer({"x": np.arange(3)}, {Batch.StdKeys.IDENTIFIER: "abc", labels: {"digit": [7, 8, 9]}})
    first, last = producer(2)
    assert first.metadata[Batch.StdKeys.IDENTIFIER] == ("a", "b")
    assert last.metadata[labels]["digit"] == (9,)


def test_metadata_of_another_length_is_refused():
    with pytest.raises(BatchSizeError, match="IDENTIFIER has 2"):
        StubProducer({"x": np.arange(3)}, {Batch.StdKeys.IDENTIFIER: ["a", "b"]})


def test_no_fields_are_refused():
    with pytest.raises(ValueError, match="StubProducer needs at least one field"):
        StubProducer({})


@pytest.mark.parametrize("sizes", [{"dataset_size": 0}, {"dataset_size": 1, "channel_count": -1}])
def test_image_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="must be at least 1"):
        StubImageDataset(**sizes)


@pytest.mark.parametrize("lengths", [(1, 5), (6, 5)])
def test_lengths_that_hold_no_two_gates_are_refused(lengths):
    with pytest.raises(ValueError, match="must be at least 2 and the minimum not above the maximum"):
        StubGatedAdditionDataset(3, *lengths)
