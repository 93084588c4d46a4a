"""A report as a run that has ended, so that whatever shows runs shows it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.sample_table import SampleTable, ShowsSamples
from deepview_lab.analysis.settling import TellsStability
from deepview_lab.base import ResponseInfo
from deepview_lab.engine import Progress, ResponsesKnown, RunChanged, RunView, SnapshotTaken, Status, registry
from deepview_lab.exceptions import DeepViewException, PartialResultWarning, ReportFileError, UnknownNameError
from deepview_lab.report.file.atomic import replacing
from deepview_lab.report.file.damage import damaged
from deepview_lab.report.file.manifest import SUFFIX
from deepview_lab.report.report import Report
from deepview_lab.typing import PathOrStr, resolve_path_or_str
from deepview_lab.visible_text import visible_text

__all__ = ["OpenedRun", "opened_run"]

_Count = int | None
_MOST = 2**53  # what a page can count


class _Extra(msgspec.Struct, frozen=True):
    """What ``save_run`` writes about the run besides its results; other writers may leave it out."""

    started: float | None = None
    batch_size: int = 1
    batches: _Count = None
    total_batches: _Count = None
    total: _Count = None
    elapsed: float = 0.0
    stable_since: Mapping[str, Mapping[str, int]] = {}


class OpenedRun(RunView):
    """A run that was read from a file. It has ended: nothing of it changes any more.

    Attributes
    ----------
    report : Report
        The file with its results.

    Parameters
    ----------
    report : Report
        Its tables are read now.

    Raises
    ------
    ReportFileError
        when they are damaged.
    DeepViewException
        when there is nothing in it that a canvas could show.
    """

    def __init__(self, report: Report) -> None:
        manifest = report.file.manifest
        if not report.tables:
            raise DeepViewException(
                f"{report.file.path} has no results that can be shown; it has the tables {list(report.file.tables)}. "
                "Read one with report.file.table(name)."
            )
        extra = _extra(report)
        started = _seconds(manifest.created) if extra.started is None else extra.started
        super().__init__(manifest.name, batch_size=extra.batch_size, created=started)
        self.report = report
        self._path = report.file.path.absolute()  # the working directory may change
        self._stable_since = extra.stable_since
        self._tables = {name: _settled(table, extra.stable_since.get(name)) for name, table in report.tables.items()}
        self._sample_tables = {
            name: result.sample_table() for name, result in report.results.items() if isinstance(result, ShowsSamples)
        }
        samples = manifest.samples or 0
        self._progress = Progress(
            batches=-(-samples // extra.batch_size) if extra.batches is None else extra.batches,
            samples=samples,
            total_batches=extra.total_batches,
            total=extra.total,
            elapsed=extra.elapsed,
        )

    @property
    def status(self) -> Status:
        """`done`, or `cancelled` where the results are of a part of the data."""
        return "done" if self.report.file.manifest.complete else "cancelled"

    @property
    def progress(self) -> Progress:
        """How far it came."""
        return self._progress

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers."""
        return self.report.responses

    @property
    def made_of(self) -> Mapping[str, str]:
        """Fingerprint of the data, the stages and the model."""
        return self.report.file.manifest.provenance

    @property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names."""
        return self.report.results

    @property
    def file(self) -> str:
        """The file that it was read from."""
        return str(self._path)

    @property
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names, of those that have results."""
        kinds = self.report.file.manifest.introspectors
        return {name: kinds[name] for name in self._tables}

    @property
    def specs(self) -> Mapping[str, Any]:
        """Settings by the introspectors' names, as the file has them."""
        return self.report.file.manifest.parameters

    @property
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Samples since which a layer is stable, by introspector and layer, of those that are."""
        return self._stable_since

    @property
    def note(self) -> str | None:
        """What is not in the file, and why."""
        left_out = self.report.file.manifest.left_out
        return (
            " ".join(f"Not in the file: {visible_text(name)} ({visible_text(why)})." for name, why in left_out.items())
            or None
        )

    def snapshot(self, name: str) -> Table:
        """Return the table of an introspector.

        Raises
        ------
        UnknownNameError
            when the file has none of that name.
        """
        if name not in self._tables:
            raise UnknownNameError("introspector", name, self._tables)
        return self._tables[name]

    def latest(self, name: str) -> Table:
        """Return the table of an introspector."""
        return self.snapshot(name)

    def sample_table(self, name: str) -> SampleTable | None:
        """Return what the file has of each sample, None where it has only a table for people."""
        return self._sample_tables.get(name)

    def is_whole(self, name: str) -> bool:  # noqa: ARG002 - as every run has it
        """Return True: the file has all."""
        return True

    def complete_tables(self) -> None:
        """Do nothing: the file has all."""

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - as every run has it
        """Return the results at once, with a :class:`PartialResultWarning` where they are of a part of the data."""
        if self.status == "cancelled":
            said = f"Run {self.name!r} was stopped after {self.progress.samples} samples: its results are partial."
            warnings.warn(said, PartialResultWarning, stacklevel=2)
        return self.results

    def save(self, path: PathOrStr) -> Path:
        """Copy the file to ``path``; until it is whole there, what was there stays.

        Raises
        ------
        ReportFileError
            when ``path`` does not end in ``.dvreport``.
        NoSpaceError
            (an OSError) when the disk is full.
        """
        target = resolve_path_or_str(path, example="audit.dvreport")
        if target.suffix != SUFFIX:
            raise ReportFileError(f"A report is a file with the suffix {SUFFIX}, but {target.name!r} has another one.")
        content = self._path.read_bytes()
        with replacing(target) as file:
            file.write(content)
        return target


def opened_run(report: Report) -> OpenedRun:
    """Return the run of a report, which is from now on one of ``deepview_lab.runs()`` and told to all canvases.

    A file that was opened before, and has not changed, gives the same run again.

    Raises
    ------
    ReportFileError
        when the file is damaged.
    DeepViewException
        when there is nothing in it that a canvas could show.
    """
    path = str(report.file.path.absolute())
    for known in registry.runs():
        # The manifest has the checksums of all tables.
        if isinstance(known, OpenedRun) and known.file == path and known.report.file.manifest == report.file.manifest:
            return known
    run = OpenedRun(report)
    registry.add(run)
    registry.notify(RunChanged(run))
    registry.notify(ResponsesKnown(run, run.responses))
    for name in run.introspectors:
        registry.notify(SnapshotTaken(run, name, run.snapshot(name), final=True))
    return run


def _settled(table: Table, since: Mapping[str, int] | None) -> Table:
    return table.with_stability(since) if since and isinstance(table, TellsStability) else table


def _extra(report: Report) -> _Extra:
    try:
        extra = msgspec.convert(report.file.manifest.extra, _Extra)
    except (msgspec.ValidationError, RecursionError) as error:
        raise damaged(report.file.path, f"what it says of its run does not fit ({error})") from None
    counts = (extra.batches, extra.total_batches, extra.total)
    times = (extra.elapsed, 0.0 if extra.started is None else extra.started)
    fits = all(count is None or 0 <= count <= _MOST for count in counts) and all(map(math.isfinite, times))
    if not 1 <= extra.batch_size <= _MOST or not fits:
        raise damaged(report.file.path, f"it counts {extra.batches} batches of {extra.batch_size}")
    return extra


def _seconds(created: str) -> float:
    """Return a time of the manifest in seconds since the epoch, 0 for one that is none."""
    try:
        return datetime.fromisoformat(created).timestamp()
    except ValueError:
        return 0.0
