"""Data sets of TensorFlow and Keras are data."""

import numpy as np
import pytest

from deepview_lab import as_producer
from deepview_lab.exceptions import DataError
from deepview_lab.introspectors import IUA
from tests.data.reading import whole

tf = pytest.importorskip("tensorflow", reason="an extra")
keras = pytest.importorskip("keras", reason="an extra")

X = np.maximum(np.random.default_rng(1).standard_normal((11, 3)), 0).astype(np.float32)
Y = np.arange(11) % 3


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data,
        lambda data: data.batch(3),
        lambda data: data.batch(5).prefetch(2),
        lambda data: data.batch(2).unbatch(),
        lambda data: data.batch(11, drop_remainder=True).prefetch(1),
        lambda data: data.map(lambda x, y: (x, tf.one_hot(y, 3))),
    ],
)
def test_a_tf_data_set_is_served_in_any_batch_size_however_it_was_batched(change):
    producer = as_producer(change(tf.data.Dataset.from_tensor_slices((X, Y))))
    for batch_size in (1, 4, 20):
        fields, ids, labels = whole(producer, batch_size)
        np.testing.assert_array_equal(fields["data"], X)
        assert (ids, labels) == (list(range(11)), {"label": Y.tolist()})


def test_the_size_of_a_tf_data_set_is_known_where_it_yields_samples():
    data = tf.data.Dataset.from_tensor_slices(X)
    assert len(as_producer(data)) == 11
    with pytest.raises(TypeError, match="does not say how many samples"):
        len(as_producer(data.batch(4)))
    assert repr(as_producer(data.batch(4))) == "Samples of tf.data.Dataset."


def test_a_guess_about_batches_is_said_and_overruled():
    data = tf.data.Dataset.from_tensor_slices(np.zeros((6, 2, 3), np.float32))
    assert "its elements are single samples (batched=False)" in repr(as_producer(data))
    assert whole(as_producer(data))[0]["data"].shape == (6, 2, 3)
    assert whole(as_producer(data, batched=True))[0]["data"].shape == (12, 3)


def test_dicts_have_fields_and_labels_by_name():
    data = tf.data.Dataset.from_tensor_slices({"image": X, "label": Y, "text": [b"t"] * 11})
    fields, _, labels = whole(as_producer(data))
    assert (list(fields), labels) == (["image"], {"label": Y.tolist()})


def test_labels_beside_a_data_set_are_matched_by_position():
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
    _, ids, labels = whole(as_producer(data, labels=list("abcdefghijk"), ids=range(20, 31), split="test"), 3)
    assert labels == {"label": list("abcdefghijk"), "dataset": ["test"] * 11}
    assert ids == list(range(20, 31))
    with pytest.raises(DataError, match="11 samples, but labels 'label' has 3 values"):
        as_producer(tf.data.Dataset.from_tensor_slices(X), labels=[1, 2, 3])
    with pytest.raises(DataError, match="repeats without end"):
        as_producer(data.repeat())


def test_a_keras_data_set_is_served_in_any_batch_size():
    class Mine(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            rows = slice(index * 4, index * 4 + 4)
            return X[rows], np.eye(3)[Y[rows]]

    producer = as_producer(Mine())
    for batch_size in (1, 4, 5):
        fields, _, labels = whole(producer, batch_size)
        np.testing.assert_array_equal(fields["data"], X)
        assert labels == {"label": Y.tolist()}
    assert repr(producer) == "Samples of Keras PyDataset; labels from the second part."
    assert IUA.introspect(Mine()).results["data"].unit_inactive_count == (X == 0).sum(axis=0).tolist()


def test_tensors_are_arrays():
    np.testing.assert_array_equal(whole(as_producer(tf.constant(X), labels=tf.constant(Y)))[0]["data"], X)
