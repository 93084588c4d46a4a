"""The stage that stores what comes out of the stages before it."""

from __future__ import annotations

import atexit
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MethodType
from typing import final

from deepview_lab.base import Batch, Pipeline, PipelineStage, Producer, ResponseInfo
from deepview_lab.base.cache.cached_producer import CachedProducer
from deepview_lab.base.cache.filling import filled, numbered
from deepview_lab.base.cache.index import FILES, LOCK, Index, read_index
from deepview_lab.base.cache.lock import FolderLock
from deepview_lab.base.cache.origin import Origin
from deepview_lab.base.cache.removal import PREFIX, caches_in, remove_cache
from deepview_lab.exceptions import CacheError, DeepViewException, DeepViewWarning
from deepview_lab.typing import PathOrStr, resolve_path_or_str
from deepview_lab.typing.numbers import whole_number

__all__ = ["Cacher"]


@final
class Cacher(PipelineStage):
    """Store batches in files at the first pass, and read them from there at every later one.

    What comes before a finished Cacher is not asked for anything: no data is read, no model runs. It can stand
    anywhere in a pipeline. An interrupted pass resumes where it stopped, by another process too; samples that
    are there already do not reach the model again. Batches without an identifier get running numbers.

    Parameters
    ----------
    storage_path : Path or str, optional
        Folder for the files; made when needed. A finished cache that is there is used, an interrupted one gone on with,
        if the same pipeline made them. By default a new folder in the system's temporary one, which is removed when the
        process ends.

    Raises
    ------
    NotADirectoryError
        when ``storage_path`` is a file.
    DeepViewException
        when the Cacher is put behind two different pipelines.
    CacheMismatchError
        (a DeepViewException) while batches pass, when another pipeline made the cache; it says what differs.
    CacheError
        while batches pass, for what a cache cannot hold: fields of objects, metadata of other types.
    ShapeChangedError
        while batches pass, when samples differ in shape.
    NoSpaceError
        (an OSError) when the disk is full, with the bytes needed and available. What was stored before stays.

    Warns
    -----
    DeepViewWarning
        when another pass is writing this cache at the moment. This one then goes on without it.

    Notes
    -----
    A batch counts when its line is in the journal, which is written after its arrays: killing the process loses at most
    the batch that was being written. Every 256 MiB and at the end the files are forced to the disk (fsync): a loss of
    power loses at most what came since.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.base import pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> cacher = Cacher()
    >>> cached = pipeline(StubProducer({"x": np.arange(5.0)}), cacher)
    >>> for batch in cached(2):
    ...     pass
    >>> cacher.cached, len(cacher.as_producer())
    (True, 5)
    >>> [batch.fields["x"].tolist() for batch in cached(4)]
    [[0.0, 1.0, 2.0, 3.0], [4.0]]
    >>> Cacher.clear(cacher.storage_path)
    """

    #: Batches leave it as they come, so that it is no part of a pipeline's fingerprint.
    passes_on = True

    def __init__(self, storage_path: PathOrStr | None = None) -> None:
        if storage_path is None:
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            atexit.register(_remove_own, self._folder, os.getpid())
        else:
            self._folder = resolve_path_or_str(storage_path)
        if self._folder.exists() and not self._folder.is_dir():
            raise NotADirectoryError(f"Cacher needs a folder for its files, but {self._folder} is a file.")
        self._behind: Pipeline | None = None
        self._served: CachedProducer | None = None

    @property
    def storage_path(self) -> Path:
        """Folder of the files."""
        return self._folder

    @property
    def cached(self) -> bool:
        """Whether the cache is complete."""
        index = read_index(self._folder)
        return index is not None and index.complete

    def as_producer(self) -> CachedProducer:
        """Return the finished cache as a producer.

        Raises
        ------
        CacheError
            (a DeepViewException) when it is not complete.
        """
        return CachedProducer(self._folder)

    @staticmethod
    def clear(storage_path: PathOrStr | None = None) -> None:
        """Remove caches: their files, and their folders if nothing else is in them.

        Parameters
        ----------
        storage_path : Path or str, optional
            A cache, or a folder of caches. By default all that ``Cacher()`` made in the system's temporary folder.

        Raises
        ------
        NotADirectoryError
            when ``storage_path`` is no folder.

        Warns
        -----
        DeepViewWarning
            for a cache that is being written; it stays.
        """
        for folder in list(caches_in(None if storage_path is None else resolve_path_or_str(storage_path))):
            try:
                remove_cache(folder)
            except CacheError as error:
                warnings.warn(error.message, DeepViewWarning, stacklevel=2)

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the same; what the cache knows when the stages before know nothing."""
        index = None if responses else self._readable_index()
        return {name: told.info(name) for name, told in index.responses.items()} if index else responses

    def count(self, samples: int | None) -> int | None:
        """Return how many samples the finished cache holds, else how many come."""
        index = self._readable_index()
        return index.samples if index is not None and index.complete else samples

    def _readable_index(self) -> Index | None:
        try:
            return read_index(self._folder)
        except CacheError:  # the batches will say so
            return None

    def _pipeline(self, producer: Producer) -> Producer:
        before = producer if isinstance(producer, Pipeline) else Pipeline(producer, ())
        if self._behind is None:
            self._behind = before
        elif not _same(self._behind, before):
            raise DeepViewException(
                f"This Cacher stores {self._behind!r} and cannot store {before!r} too. Give each pipeline its own "
                "Cacher."
            )
        return lambda batch_size: self._batches(before, batch_size)

    def _batches(self, before: Pipeline, batch_size: int) -> Iterator[Batch]:
        whole_number("batch_size", batch_size, write="batch_size=32")
        origin = Origin(before)
        finished = self._finished(origin)
        if finished is not None:
            yield from finished(batch_size)
            return
        lock = _locked(self._folder)
        if lock is None:
            who = FolderLock.holder(self._folder)
            own = "an unfinished loop of this process" if who == str(os.getpid()) else f"process {who}"
            warnings.warn(
                f"The cache in {self._folder} is being written by {own}. This pass continues without it.",
                DeepViewWarning,
                stacklevel=2,
            )
            yield from numbered(before(batch_size), 0)
            return
        with lock:
            finished = self._finished(origin)
            _check_free(self._folder)
            if finished is not None:  # in the moment before the lock was taken
                yield from finished(batch_size)
            else:
                yield from filled(self._folder, read_index(self._folder), origin, batch_size)

    def _finished(self, origin: Origin) -> CachedProducer | None:
        """Return the cache if it is complete. Its files stay mapped, so that a further pass finds them in memory."""
        index = read_index(self._folder)
        if index is None:
            return None
        origin.check(self._folder, index)
        if not index.complete:
            return None
        if self._served is None or not self._served.is_of(index):
            self._served = CachedProducer(self._folder)
        return self._served

    def __repr__(self) -> str:
        return f"Cacher({str(self._folder)!r})"


def _locked(folder: Path) -> FolderLock | None:
    """Return the lock of the folder, which is made when needed."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / ".dni_cache_dir").exists():
            raise CacheError(f"{folder} holds a cache of DeepView, which is not read here. Use another storage_path.")
        try:
            return FolderLock.take(folder)
        except FileNotFoundError:  # Cacher.clear removed the folder in this moment
            continue


def _check_free(folder: Path) -> None:
    """Refuse a folder with files in the way that are no cache's. Who calls holds its lock, so that nobody adds some."""
    if read_index(folder) is None:
        found = [path for pattern in FILES for path in sorted(folder.glob(pattern)) if path.name != LOCK]
        taken = [path.name for path in found if path.is_symlink() or path.is_dir() or path.lstat().st_size]
        if taken:
            raise CacheError(f"{folder} has no cache, but files called {', '.join(taken)}. Use another storage_path.")


def _remove_own(folder: Path, owner: int) -> None:
    """Remove a temporary cache when the process that made it ends; one that is forked off leaves it to that process."""
    if os.getpid() == owner:
        with suppress(CacheError, OSError):  # somebody else writes it, or has removed it
            remove_cache(folder)


def _same(first: Pipeline, second: Pipeline) -> bool:
    sources = (first.source, second.source)
    same = sources[0] is sources[1] or (all(isinstance(s, MethodType) for s in sources) and sources[0] == sources[1])
    return same and len(first.stages) == len(second.stages) and all(map(_is, first.stages, second.stages))


def _is(first: object, second: object) -> bool:
    return first is second
