"""Which pipeline a cache belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from deepview_lab.base import Batch, Pipeline, Producer
from deepview_lab.base.cache.index import Index, Response
from deepview_lab.base.digest import Digest
from deepview_lab.base.fingerprint import data_fingerprint, differences, fingerprint
from deepview_lab.base.producer import batches_of
from deepview_lab.exceptions import CacheMismatchError

__all__ = ["Origin"]


class Origin:
    """A pipeline as a cache knows it. Its fingerprint is taken before it works.

    Attributes
    ----------
    pipeline : Pipeline
        The pipeline.
    fingerprint : mapping of str to str
        What it is made of.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.fingerprint = fingerprint(pipeline)
        self._first = ""

    def check(self, folder: Path, index: Index) -> None:
        """Refuse a cache that another pipeline made.

        Raises
        ------
        CacheMismatchError
            saying what differs.
        """
        found = [item for item in differences(index.fingerprint, self.fingerprint) if item[0] not in index.moving]
        if found:
            raise CacheMismatchError(folder, found)

    def learned(self, index: Index) -> dict[str, Any]:
        """Return what its work has shown, as attributes of the index.

        What changes in the source while it works, such as a count of calls, says nothing about its data.
        """
        now = data_fingerprint(self.pipeline)
        before = {name: text for name, text in self.fingerprint.items() if name.startswith("source")}
        moving = {*index.moving, *(name for name, _, _ in differences(before, now))}
        return {"moving": tuple(sorted(moving)), "first": self._first or index.first}

    def responses(self) -> Mapping[str, Response]:
        """Return what is known of the fields."""
        return {name: Response.of(info) for name, info in self.pipeline.responses.items()}

    def batches(self, folder: Path, index: Index, batch_size: int, skip: int) -> Iterator[Batch]:
        """Yield the batches behind the first ``skip`` samples, which do not reach the model.

        Raises
        ------
        CacheMismatchError
            when the first sample of the source is another one than before.
        """

        def check(batch: Batch) -> None:
            self._first = _sample_text(batch)
            if skip and index.first and self._first != index.first:
                raise CacheMismatchError(folder, [("the source's first sample", index.first, self._first)])

        tapped = self.pipeline.tapped(lambda producer: _behind(producer, skip, check))
        return batches_of(tapped, batch_size)


def _behind(producer: Producer, skip: int, check: Callable[[Batch], None]) -> Producer:
    def produce(batch_size: int) -> Iterator[Batch]:
        passed = 0
        checked = False
        for batch in batches_of(producer, batch_size):
            if batch.batch_size and not checked:
                check(batch)
                checked = True
            end = passed + batch.batch_size
            if passed >= skip:
                yield batch
            elif end > skip:
                yield batch.elements[skip - passed :]
            passed = end

    return produce


def _sample_text(batch: Batch) -> str:
    return Digest().text(batch.elements[:1])
