"""A data set of two splits, train and test, as a producer."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from copy import copy
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.batch import Batch
from deepview_lab.base.images.folder import ImageFolder
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.typing import OneManyOrNone, OneOrMany, TrainTestSplitType
from deepview_lab.typing.numbers import whole_number

__all__ = ["TrainTestSplitProducer"]

_SPLITS: Final = ("train", "test")
_FORM: Final = "((x_train, y_train), (x_test, y_test)), four NumPy arrays"


class TrainTestSplitProducer:
    """Serve a data set of two splits: first the training samples, then the test samples.

    Batches have the field ``samples``. Their metadata are ``IDENTIFIER``, the row of the sample in the whole data set
    (training samples first), which subsets and shuffled data keep, and ``LABELS``: ``label``, and ``dataset``, which is
    ``train`` or ``test``.

    Parameters
    ----------
    split_dataset : tuple
        ``((x_train, y_train), (x_test, y_test))``, as the ``load_data`` functions of ``keras.datasets`` return it:
        samples x any shape, and one label per sample, samples or samples x 1. One split may be empty. No copy is taken.
    attach_metadata : bool
        Whether batches carry metadata.
    max_samples : int
        How many samples are served, after shuffling if that is asked for; negative means all.
    write_to_folder : bool
        Whether each sample is written once, as a PNG file, to a folder ``deepview-dataset-...`` in the working
        directory, when it is first served. ``IDENTIFIER`` is then the path of that file from there, and ``PATH`` the
        absolute path. The files stay until :meth:`cleanup` is called.

    Raises
    ------
    TypeError
        when ``split_dataset`` is of another form.
    DeepViewException
        when both splits are empty, their samples differ in shape, or a split does not have one label per sample.
    ValueError
        when ``max_samples`` is 0, when labels are no single values, or when samples cannot be written as images.

    Examples
    --------
    >>> x, y = np.arange(6.0).reshape(3, 2), np.array([7, 8, 9])
    >>> data = TrainTestSplitProducer(((x[:2], y[:2]), (x[2:], y[2:])))
    >>> len(data), len(data.subset(datasets="test")), len(data.subset(labels=[7, 9]))
    (3, 1, 2)
    """

    def __init__(
        self,
        split_dataset: TrainTestSplitType,
        attach_metadata: bool = True,  # noqa: FBT001, FBT002 - DeepView's signature
        max_samples: int = -1,
        write_to_folder: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        self.split_dataset = _checked(split_dataset)
        self.attach_metadata = attach_metadata
        self._limit = _limit(max_samples)
        filled = [x for x, _ in self.split_dataset if len(x)]
        self._shape, self._dtype = filled[0].shape[1:], np.result_type(*filled)
        self._labels = _labels(self.split_dataset)
        self._order = np.arange(len(self._labels))
        self._folder = ImageFolder(self._shape, self._dtype) if write_to_folder else None

    @property
    def max_samples(self) -> int:
        """How many samples are served."""
        return len(self)

    @property
    def write_to_folder(self) -> bool:
        """Whether samples are written as images."""
        return self._folder is not None

    def __len__(self) -> int:
        available = len(self._order)
        return available if self._limit is None else min(self._limit, available)

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the samples in batches of ``batch_size``; the last may be shorter."""
        whole_number("batch_size", batch_size, write="batch_size=32")
        # Shuffling replaces the order, so that a pass that is under way keeps its own.
        return self._batches(self._order[: len(self)], batch_size)

    def shuffle(self, seed: int | None = None) -> None:
        """Put the samples in a random order, which subsets made from now on keep.

        Parameters
        ----------
        seed : int, optional
            Equal seeds give equal orders, however often the data was shuffled before. None gives another each time.
        """
        self._order = np.random.default_rng(seed).permutation(np.sort(self._order))

    def subset(
        self,
        labels: OneManyOrNone[Hashable] = None,
        datasets: OneManyOrNone[str] = None,
        max_samples: int | None = None,
    ) -> Self:
        """Return a producer of some of the samples, in the order they have now.

        Parameters
        ----------
        labels : None, a label or collection of labels
            The labels to keep; None means all.
        datasets : None, str or collection of str
            The splits to keep, ``train`` and ``test``; None means both.
        max_samples : int, optional
            How many samples are served; negative means all, None as many as here.

        Raises
        ------
        ValueError
            when ``labels`` or ``datasets`` is empty, or ``max_samples`` is 0.
        UnknownNameError
            (a KeyError) when no sample has a label, or when there is no such split.
        DeepViewException
            when no sample is left.
        """
        rows = self._order
        if datasets is not None:
            splits = _chosen("datasets", [datasets] if isinstance(datasets, str) else datasets, _SPLITS)
            rows = _kept(rows, self._splits(rows), splits)
        if labels is not None:
            wanted = _chosen("labels", self._resolved(labels), dict.fromkeys(self._labels[self._order].tolist()))
            rows = _kept(rows, self._labels[rows].tolist(), wanted)
        if not len(rows):
            raise DeepViewException(f"No sample of the splits {datasets!r} has one of the labels {labels!r}.")
        part = copy(self)
        part._order = rows  # noqa: SLF001 - a copy of this
        part._limit = self._limit if max_samples is None else _limit(max_samples)  # noqa: SLF001 - a copy of this
        return part

    def cleanup(self) -> None:
        """Delete the images that were written, by this producer, its subsets, and the one that it is a subset of."""
        if self._folder is not None:
            self._folder.cleanup()

    def _resolved(self, labels: OneOrMany[Hashable]) -> Collection[Hashable]:
        """Return the labels that ``subset`` was asked for, as the data has them."""
        one = isinstance(labels, str | bytes) or not isinstance(labels, Collection | np.ndarray)
        return [labels] if one else list(labels)  # type: ignore[list-item, arg-type]  # one, or many

    def _splits(self, rows: NDArray[np.intp]) -> list[str]:
        trained = len(self.split_dataset[0][0])
        return [_SPLITS[row >= trained] for row in rows.tolist()]

    def _batches(self, order: NDArray[np.intp], batch_size: int) -> Iterator[Batch]:
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            samples = self._samples(rows)
            builder = Batch.Builder({"samples": samples})
            if self.attach_metadata:
                self._annotate(builder, samples, rows)
            yield builder.make_batch()

    def _samples(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        (train, _), (test, _) = self.split_dataset
        trained = rows < len(train)
        samples = np.empty((len(rows), *self._shape), self._dtype)
        # One of them may be empty, and then has no shape of samples.
        if trained.any():
            samples[trained] = train[rows[trained]]
        if not trained.all():
            samples[~trained] = test[rows[~trained] - len(train)]
        return samples

    def _annotate(self, builder: Batch.Builder, samples: NDArray[Any], rows: NDArray[np.intp]) -> None:
        splits, labels = self._splits(rows), self._labels[rows].tolist()
        identifiers: Sequence[Hashable] = rows.tolist()
        if self._folder is not None:
            paths = [self._folder.write(*item) for item in zip(rows.tolist(), splits, labels, samples, strict=True)]
            identifiers = [path.relative_to(self._folder.parent).as_posix() for path in paths]
            builder.metadata[Batch.StdKeys.PATH] = paths
        builder.metadata[Batch.StdKeys.IDENTIFIER] = identifiers
        builder.metadata[Batch.StdKeys.LABELS] = {"label": labels, "dataset": splits}


def _checked(split_dataset: Any) -> TrainTestSplitType:
    train, test = _pair(split_dataset, "a pair of splits")
    splits = (_pair(train, "x_train and y_train"), _pair(test, "x_test and y_test"))
    for name, (x, y) in zip(_SPLITS, splits, strict=True):
        for part in (x, y):
            if not isinstance(part, np.ndarray):
                raise TypeError(f"split_dataset must be {_FORM}, but the {name} split holds a {type(part).__name__}.")
        if len(x) != len(y):
            raise DeepViewException(
                f"x_{name} has {len(x)} samples, but y_{name} has {len(y)} labels: one each is needed."
            )
    shapes = {x.shape[1:] for x, _ in splits if len(x)}
    if not shapes:
        raise DeepViewException("x_train and x_test are both empty, but at least one sample is needed.")
    if len(shapes) > 1:
        (x_train, _), (x_test, _) = splits
        raise DeepViewException(
            f"Samples of x_train have shape {x_train.shape[1:]}, of x_test {x_test.shape[1:]}: all must be alike."
        )
    return splits


def _pair(value: Any, what: str) -> tuple[Any, Any]:
    if not isinstance(value, tuple | list) or len(value) != 2:  # noqa: PLR2004 - a pair
        size = f" of {len(value)}" if isinstance(value, tuple | list) else ""
        raise TypeError(
            f"split_dataset must be {_FORM}, but instead of {what} it holds a {type(value).__name__}{size}."
        )
    return value[0], value[1]


def _labels(split_dataset: TrainTestSplitType) -> NDArray[Any]:
    parts = [_single(f"y_{name}", y) for name, (_, y) in zip(_SPLITS, split_dataset, strict=True) if len(y)]
    if len({part.dtype.kind for part in parts}) > 1:  # NumPy would make 3 and "cat" one type: text
        parts = [part.astype(object) for part in parts]
    return np.concatenate(parts)


def _single(name: str, labels: NDArray[Any]) -> NDArray[Any]:
    if labels.shape[1:] == (1,):  # as in CIFAR
        return labels[:, 0]
    if labels.ndim != 1:
        raise ValueError(
            f"{name} must hold one label per sample, but has shape {labels.shape}. Of one-hot labels pass "
            f"{name}.argmax(axis=1)."
        )
    return labels


def _limit(max_samples: int) -> int | None:
    if max_samples == 0:
        raise ValueError("max_samples must be at least 1, or negative for all, but is 0.")
    return max_samples if max_samples > 0 else None


def _kept(rows: NDArray[np.intp], values: Sequence[Hashable], wanted: Collection[Hashable]) -> NDArray[np.intp]:
    return np.asarray(rows[np.fromiter((value in wanted for value in values), bool, len(rows))])


def _chosen(name: str, given: Collection[Hashable], known: Collection[Hashable]) -> frozenset[Hashable]:
    if not len(given):
        raise ValueError(f"{name} is empty, so that nothing would be left. Leave it out to keep all.")
    for item in given:
        if item not in known:
            raise UnknownNameError(name.removesuffix("s"), item, known)
    return frozenset(given)
