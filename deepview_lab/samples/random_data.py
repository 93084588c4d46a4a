"""Seeded random data. Every pass, in any batch size, gives the same samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import numpy as np

from deepview_lab.base import Batch
from deepview_lab.typing.numbers import whole_number

__all__ = ["StubGatedAdditionDataset", "StubImageDataset"]

_SEED = 751994
_GATES = 2


@final
class StubImageDataset:
    """Images of normally distributed noise: field ``images``, samples x height x width x channels, float32.

    Parameters
    ----------
    dataset_size : int
        Number of images.
    image_width, image_height : int
        Size in pixels.
    channel_count : int
        Number of channels.

    Raises
    ------
    ValueError
        when one of them is below 1.

    Examples
    --------
    >>> [batch.fields["images"].shape for batch in StubImageDataset(3, 8, 6)(2)]
    [(2, 6, 8, 3), (1, 6, 8, 3)]
    """

    def __init__(
        self, dataset_size: int, image_width: int = 640, image_height: int = 480, channel_count: int = 3
    ) -> None:
        _require_positive(
            dataset_size=dataset_size,
            image_width=image_width,
            image_height=image_height,
            channel_count=channel_count,
        )
        self._size = dataset_size
        self._shape = (image_height, image_width, channel_count)

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the images in batches; the last may be shorter."""
        rng = np.random.default_rng(_SEED)
        for count in _batch_sizes(self._size, batch_size):
            yield Batch({"images": rng.standard_normal((count, *self._shape), dtype=np.float32)})

    def __len__(self) -> int:
        return self._size


@final
class StubGatedAdditionDataset:
    """The gated addition task: sequences of numbers, two of which are marked and to be added.

    Fields are ``x`` (samples x longest length x 2, float32: numbers in [-1, 1] and gates of 0 or 1, zeros behind the
    end), ``sequence_length`` (int64) and ``target`` (float32: 0.5 plus a quarter of the sum of the marked numbers).

    Parameters
    ----------
    dataset_size : int
        Number of sequences.
    minimum_sequence_length, maximum_sequence_length : int
        Bounds of the lengths, both included.

    Raises
    ------
    ValueError
        when the size is below 1, the shortest length is below 2, or the bounds are swapped.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9(8), 1997, section 5.4.
    """

    def __init__(
        self, dataset_size: int, minimum_sequence_length: int = 100, maximum_sequence_length: int = 100
    ) -> None:
        _require_positive(dataset_size=dataset_size)
        if not _GATES <= minimum_sequence_length <= maximum_sequence_length:
            raise ValueError(
                f"Sequence lengths must be at least {_GATES} and the minimum not above the maximum, but they are "
                f"{minimum_sequence_length} and {maximum_sequence_length}."
            )
        self._size = dataset_size
        self._lengths = (minimum_sequence_length, maximum_sequence_length)

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the sequences in batches; the last may be shorter."""
        rng = np.random.default_rng(_SEED)
        for count in _batch_sizes(self._size, batch_size):
            yield self._batch(rng, count)

    def _batch(self, rng: np.random.Generator, count: int) -> Batch:
        shortest, longest = self._lengths
        x = np.zeros((count, longest, 2), np.float32)
        lengths = np.zeros(count, np.int64)
        for row in range(count):
            length = int(rng.integers(shortest, longest, endpoint=True))
            lengths[row] = length
            x[row, :length, 0] = rng.uniform(-1, 1, length)
            x[row, rng.choice(length, _GATES, replace=False), 1] = 1
        target = 0.5 + np.sum(x[..., 0] * x[..., 1], axis=1) / 4
        return Batch({"x": x, "target": target.astype(np.float32), "sequence_length": lengths})

    def __len__(self) -> int:
        return self._size


def _batch_sizes(total: int, batch_size: int) -> Iterator[int]:
    whole_number("batch_size", batch_size, write="batch_size=32")
    yield from (min(batch_size, total - start) for start in range(0, total, batch_size))


def _require_positive(**sizes: int) -> None:
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, but is {value}.")
