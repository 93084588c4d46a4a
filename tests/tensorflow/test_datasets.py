"""The data sets of Keras as producers: class names, and what is said when there is neither download nor file."""

import gzip

import keras
import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.exceptions import DownloadError, UnknownNameError
from deepview_lab.tensorflow import TFDatasetExamples
from deepview_lab.tensorflow.examples.class_names import (
    CIFAR10_CLASSES,
    CIFAR100_COARSE_CLASSES,
    CIFAR100_FINE_CLASSES,
    FASHION_CLASSES,
)

LABELS = Batch.StdKeys.LABELS
DATASETS = ["CIFAR10", "CIFAR100", "MNIST", "FashionMNIST"]


def arrays(classes=10, shape=(4, 4, 3)):
    """Return a data set as Keras loads it: ``classes`` samples of one class each, twice."""
    x, y = np.zeros((classes, *shape), np.uint8), np.arange(classes, dtype=np.uint8)[:, np.newaxis]
    return (x, y), (x, y)


def labels(producer):
    return [label for batch in producer(7) for label in batch.metadata[LABELS]["label"]]


@pytest.mark.parametrize("name", DATASETS)
def test_they_read_what_keras_loads(name, monkeypatch):
    module = {"CIFAR10": "cifar10", "CIFAR100": "cifar100", "MNIST": "mnist", "FashionMNIST": "fashion_mnist"}[name]
    given = arrays()
    monkeypatch.setattr(getattr(keras.datasets, module), "load_data", lambda **_: given)
    producer = getattr(TFDatasetExamples, name)(max_samples=12)
    assert type(producer).__name__ == name
    assert producer.split_dataset == given
    assert labels(producer) == [*range(10), 0, 1]


@pytest.mark.parametrize("name", DATASETS)
def test_arrays_of_one_s_own_need_no_download(name, offline):
    producer = getattr(TFDatasetExamples, name)(arrays(), attach_metadata=False, max_samples=3)
    (batch,) = producer(5)
    assert (batch.batch_size, bool(batch.metadata)) == (3, False)
    assert offline == []


@pytest.mark.parametrize("name", DATASETS)
def test_without_download_the_error_says_which_file_belongs_where(name, offline, capsys):
    with pytest.raises(DownloadError) as caught:
        getattr(TFDatasetExamples, name)()
    ((address, place),) = offline  # the very place where Keras looks
    for part in (address, str(place), "no route to host", f"TFDatasetExamples.{name}(split_dataset=((x_train, y_tra"):
        assert part in str(caught.value)
    assert isinstance(caught.value, OSError)
    assert address in capsys.readouterr().out


def test_files_that_are_there_are_not_asked_for(offline, keras_folder):
    folder = keras_folder / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name in ("train-labels-idx1-ubyte.gz", "train-images-idx3-ubyte.gz"):
        (folder / name).write_bytes(b"")
    with pytest.raises(DownloadError) as caught:
        TFDatasetExamples.FashionMNIST()
    assert "train-labels" not in str(caught.value)
    assert str(folder / "t10k-images-idx3-ubyte.gz") in str(caught.value)


@pytest.mark.usefixtures("offline")
def test_files_copied_by_hand_are_read(keras_folder):
    folder = keras_folder / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for part, count in (("train", 3), ("t10k", 2)):
        images, classes = np.full((count, 28, 28), 9, np.uint8), np.arange(count, dtype=np.uint8)
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + images.tobytes()))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(8) + classes.tobytes()))
    producer = TFDatasetExamples.FashionMNIST()
    assert labels(producer) == [0, 1, 2, 0, 1]
    assert labels(producer.subset(labels="Trouser")) == [1, 1]


class TestClassNames:
    def test_there_are_as_many_as_classes(self):
        sizes = map(len, (CIFAR10_CLASSES, CIFAR100_FINE_CLASSES, CIFAR100_COARSE_CLASSES, FASHION_CLASSES))
        assert list(sizes) == [10, 100, 20, 10]
        assert sorted(CIFAR100_FINE_CLASSES) == list(CIFAR100_FINE_CLASSES)
        assert sorted(CIFAR100_COARSE_CLASSES) == list(CIFAR100_COARSE_CLASSES)

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [("cat", [3, 3]), (["cat", "truck"], [3, 9, 3, 9]), ([3, "dog"], [3, 5, 3, 5]), (3, [3, 3])],
    )
    def test_a_subset_takes_them_and_numbers(self, chosen, expected):
        producer = TFDatasetExamples.CIFAR10(arrays())
        assert labels(producer.subset(labels=chosen)) == expected
        assert type(producer.subset(labels=chosen)) is TFDatasetExamples.CIFAR10

    def test_those_of_cifar100_are_of_the_granularity(self):
        fine, coarse = (TFDatasetExamples.CIFAR100(arrays(20), label_mode=mode) for mode in ("fine", "coarse"))
        assert labels(fine.subset(labels="baby")) == [2, 2]
        assert labels(coarse.subset(labels="flowers", datasets="test")) == [2]
        with pytest.raises(ValueError, match="'fine' or 'coarse', but is 'medium'"):
            TFDatasetExamples.CIFAR100(arrays(), label_mode="medium")

    def test_a_slip_shows_near_matches(self):
        with pytest.raises(UnknownNameError, match=r"Unknown class 'plane'.*'airplane'"):
            TFDatasetExamples.CIFAR10(arrays()).subset(labels=["cat", "plane"])

    def test_digits_have_no_names(self):
        with pytest.raises(UnknownNameError, match="Unknown label 'three'"):
            TFDatasetExamples.MNIST(arrays()).subset(labels="three")


def test_the_granularity_reaches_keras(monkeypatch):
    asked = []
    monkeypatch.setattr(keras.datasets.cifar100, "load_data", lambda **options: asked.append(options) or arrays())
    TFDatasetExamples.CIFAR100(label_mode="coarse")
    assert asked == [{"label_mode": "coarse"}]
