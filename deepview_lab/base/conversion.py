"""Whatever the user has, as a producer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deepview_lab.base.data_source import DataOptions, Unreadable, source_of
from deepview_lab.base.producer import Producer, check_producer, is_callable_producer
from deepview_lab.exceptions import DataError

__all__ = ["as_producer"]


def as_producer(
    data: Any,  # Any: whatever the user has
    *,
    labels: Any = None,  # Any: a sequence, an array, a column's name, or a mapping of these
    ids: Any = None,
    split: Any = None,
    field: str | Sequence[str] | None = None,
    image_size: tuple[int, int] | None = None,
    unreadable: Unreadable = "raise",
    batched: bool | None = None,
) -> Producer:
    """Return a producer of data that you have: arrays, tables, data sets of frameworks, folders of pictures.

    What is told by the data itself (labels, identifiers, splits, paths) is carried as metadata; the result's text says
    what was guessed. Each keyword overrules a guess. A producer is returned as it is.

    Parameters
    ----------
    data : object
        See ``docs/bring.md`` for everything that is recognised.
    labels : sequence, array, str, or mapping of these
        One label per sample; of several kinds as ``{"digit": [...], "writer": [...]}``. A str names a column.
    ids : sequence, array or str
        What tells the samples apart. A str names a column. By default samples are counted.
    split : str, sequence or array
        The split of all samples (``"train"``), of each, or the column that says it.
    field : str or sequence of str
        What to use as data: the columns of a table, the arrays of a dict; of a single array, the name that it gets.
    image_size : tuple of int
        Width and height in pixels to which pictures are resized while they are read, needed where they differ in size.
    unreadable : 'raise' or 'skip'
        What to do with pictures that cannot be read.
    batched : bool
        Whether the elements of a ``tf.data.Dataset`` are batches, where that cannot be told.

    Raises
    ------
    NotAProducerError
        (a TypeError) when it is nothing that is recognised. The message says what to write.
    DataError
        (a ValueError) when the data does not fit these options.
    MissingExtraError
        (an ImportError) when a library is needed that is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> as_producer(np.zeros((5, 8, 8, 3)), labels=[0, 0, 1, 1, 1])
    5 samples of NumPy array; labels: label; field 'images'.
    """
    options = DataOptions(labels, ids, split, field, image_size, unreadable, batched)
    if is_callable_producer(data):
        check_producer(data)
        if options.given:
            raise DataError(
                f"{options.given[0]} cannot be given for {type(data).__name__}, which makes batches already. Set the "
                "metadata where it makes them, or pass the data that it reads."
            )
        producer: Producer = data
        return producer
    found = source_of(data)
    if found is None:
        check_producer(data)  # raises, and says what to write
        return data  # type: ignore[no-any-return]
    source, _ = found
    made: Producer = source.producer(data, options)
    return made
