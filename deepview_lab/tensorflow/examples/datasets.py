"""The data sets that Keras offers, as producers. They are downloaded, or read from Keras' folder, when one is made."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, ClassVar, Final, final

from deepview_lab.base import TrainTestSplitProducer
from deepview_lab.exceptions import UnknownNameError
from deepview_lab.tensorflow.examples.class_names import (
    CIFAR10_CLASSES,
    CIFAR100_COARSE_CLASSES,
    CIFAR100_FINE_CLASSES,
    FASHION_CLASSES,
)
from deepview_lab.tensorflow.examples.downloads import fetching_dataset
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.typing import OneOrMany, TrainTestSplitType

__all__ = ["CIFAR10", "CIFAR100", "MNIST", "FashionMNIST", "KerasDataset", "TFDatasetExamples"]

_CIFAR: Final = "https://www.cs.toronto.edu/~kriz/"
_KERAS: Final = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_GRANULARITIES: Final = {"fine": CIFAR100_FINE_CLASSES, "coarse": CIFAR100_COARSE_CLASSES}


class KerasDataset(TrainTestSplitProducer):
    """A data set of ``keras.datasets``, see the classes derived from it.

    Everything is as in :class:`deepview_lab.base.TrainTestSplitProducer`; ``subset`` takes names of classes, too.
    Labels in batches are numbers.

    Parameters
    ----------
    split_dataset : tuple, optional
        ``((x_train, y_train), (x_test, y_test))`` in place of what Keras offers; then nothing is downloaded, and
        TensorFlow is not needed.
    attach_metadata : bool
        Whether batches carry metadata.
    max_samples : int
        How many samples are served; negative means all.
    write_to_folder : bool
        Whether samples are written as PNG files.

    Raises
    ------
    DownloadError
        (an OSError) when the data can neither be downloaded nor found; it says which file is missing and where it
        belongs.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.
    """

    _module: ClassVar[str]  # in keras.datasets
    _files: ClassVar[Mapping[str, str]]  # address of each file: where Keras expects it
    class_names: Sequence[str] = ()

    def __init__(
        self,
        split_dataset: TrainTestSplitType | None = None,
        attach_metadata: bool = True,  # noqa: FBT001, FBT002 - DeepView's signature
        max_samples: int = -1,
        write_to_folder: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        given = self._loaded() if split_dataset is None else split_dataset
        super().__init__(given, attach_metadata, max_samples, write_to_folder)

    def _loaded(self, **options: str) -> TrainTestSplitType:
        source = getattr(require_keras().datasets, self._module)
        with fetching_dataset(type(self).__name__, self._files):
            loaded: Any = source.load_data(**options)  # Keras has no usable types
        return loaded  # type: ignore[no-any-return]

    def _resolved(self, labels: OneOrMany[Hashable]) -> Collection[Hashable]:
        return [self._label(label) for label in super()._resolved(labels)]

    def _label(self, label: Hashable) -> Hashable:
        if not isinstance(label, str) or not self.class_names:
            return label
        if label not in self.class_names:
            raise UnknownNameError("class", label, self.class_names)
        return self.class_names.index(label)


@final
class CIFAR10(KerasDataset):
    """60,000 colour photographs of 32 x 32 pixels, 10 classes (``airplane`` to ``truck``), 10,000 of them for testing.

    Examples
    --------
    >>> import numpy as np
    >>> photos, labels = np.zeros((4, 32, 32, 3), np.uint8), np.array([[3], [3], [5], [9]])
    >>> data = CIFAR10(split_dataset=((photos[:2], labels[:2]), (photos[2:], labels[2:])))
    >>> len(data), len(data.subset(labels="cat")), len(data.subset(labels=["cat", "truck"], datasets="test"))
    (4, 2, 1)
    """

    _module = "cifar10"
    _files: ClassVar = {f"{_CIFAR}cifar-10-python.tar.gz": "cifar-10-batches-py-target_archive"}
    class_names = CIFAR10_CLASSES


@final
class CIFAR100(KerasDataset):
    """60,000 colour photographs of 32 x 32 pixels, 100 classes in 20 groups, 10,000 of them for testing.

    Parameters
    ----------
    split_dataset, attach_metadata, max_samples, write_to_folder
        As in :class:`KerasDataset`.
    label_mode : {'fine', 'coarse'}
        Whether labels are classes (``apple`` to ``worm``) or groups (``aquatic_mammals`` to ``vehicles_2``).
    """

    _module = "cifar100"
    _files: ClassVar = {f"{_CIFAR}cifar-100-python.tar.gz": "cifar-100-python-target_archive"}

    def __init__(
        self,
        split_dataset: TrainTestSplitType | None = None,
        attach_metadata: bool = True,  # noqa: FBT001, FBT002 - DeepView's signature
        max_samples: int = -1,
        label_mode: str = "fine",
        *,
        write_to_folder: bool = False,
    ) -> None:
        if label_mode not in _GRANULARITIES:
            raise ValueError(f"label_mode must be 'fine' or 'coarse', but is {label_mode!r}.")
        self.label_mode = label_mode
        self.class_names = _GRANULARITIES[label_mode]
        given = self._loaded(label_mode=label_mode) if split_dataset is None else split_dataset
        super().__init__(given, attach_metadata, max_samples, write_to_folder)


@final
class MNIST(KerasDataset):
    """70,000 handwritten digits, grey, 28 x 28 pixels without an axis for channels, 10,000 of them for testing."""

    _module = "mnist"
    _files: ClassVar = {f"{_KERAS}mnist.npz": "mnist.npz"}


@final
class FashionMNIST(KerasDataset):
    """70,000 pictures of clothes, grey, 28 x 28 pixels without an axis for channels, 10,000 of them for testing.

    The 10 classes are ``T-shirt/top`` to ``Ankle boot``.
    """

    _module = "fashion_mnist"
    _files: ClassVar = {
        f"{_KERAS}{part}-ubyte.gz": f"fashion-mnist/{part}-ubyte.gz"
        for part in ("train-labels-idx1", "train-images-idx3", "t10k-labels-idx1", "t10k-images-idx3")
    }
    class_names = FASHION_CLASSES


@final
class TFDatasetExamples:
    """The data sets that Keras offers, as producers: ``TFDatasetExamples.CIFAR10()``."""

    CIFAR10 = CIFAR10
    CIFAR100 = CIFAR100
    MNIST = MNIST
    FashionMNIST = FashionMNIST
