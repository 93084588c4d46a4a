"""A pass that fills a cache while its batches go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from deepview_lab.base import Batch
from deepview_lab.base.cache.index import Index
from deepview_lab.base.cache.origin import Origin
from deepview_lab.base.cache.reader import Reader
from deepview_lab.base.cache.writer import Writer
from deepview_lab.base.producer import sample_count

__all__ = ["filled", "numbered"]

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def filled(folder: Path, index: Index | None, origin: Origin, batch_size: int) -> Iterator[Batch]:
    """Yield what an interrupted cache holds, then what the pipeline has beyond it, which is stored on its way.

    Whoever iterates holds the lock of the folder.
    """
    begun = index or Index(origin.fingerprint, _boot(), responses=origin.responses())
    writer = Writer(folder, begun, boot=_boot(), expected=sample_count(origin.pipeline))
    try:
        if writer.samples:
            yield from Reader(folder, writer.index, writer.samples).batches(batch_size)
        told = bool(writer.index.first)
        for batch in numbered(origin.batches(folder, writer.index, batch_size, writer.samples), writer.samples):
            writer.append(batch)
            if not told:
                writer.sync(**origin.learned(writer.index))
                told = True
            yield batch
        writer.finish(origin.learned(writer.index))
    finally:
        writer.close()


def numbered(batches: Iterable[Batch], start: int) -> Iterator[Batch]:
    """Yield batches, with running numbers from ``start`` for those that have no identifiers."""
    passed = start
    for batch in batches:
        end = passed + batch.batch_size
        if Batch.StdKeys.IDENTIFIER in batch.metadata or not batch.batch_size:
            yield batch
        else:
            builder = Batch.Builder(base=batch)
            builder.metadata[Batch.StdKeys.IDENTIFIER] = range(passed, end)
            yield builder.make_batch()
        passed = end


def _boot() -> str:
    """Return which start of the machine this is, empty where the system does not tell."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""
