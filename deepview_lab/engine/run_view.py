"""What everybody may read of a run, whether it is at work here or was read from a file."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.lifecycle import Status
from deepview_lab.engine.origin import Origin
from deepview_lab.engine.progress import Progress
from deepview_lab.exceptions import NotCopiedError
from deepview_lab.run_saver import page_saver
from deepview_lab.typing import PathOrStr
from deepview_lab.visible_text import visible_text

if TYPE_CHECKING:
    from deepview_lab.engine.checkpoint.folder import Kept
    from deepview_lab.engine.work.task import RunError

__all__ = ["RunView"]

# Any: settings and results of all kinds.


class RunView(ABC):
    """A run to read: its state, its layers, its tables and its results.

    Attributes
    ----------
    id : str
        Unique in all kernels and for ever.
    name : str
        For people.
    batch_size : int
        Samples per batch.
    created : float
        Seconds since the epoch.
    origin : Origin or None
        The code that started it, as far as the kernel knows it.
    """

    def __init__(self, name: str, *, batch_size: int, created: float, origin: Origin | None = None) -> None:
        self.id: Final = uuid.uuid4().hex[:8]
        self.name: Final = name
        self.batch_size: Final = batch_size
        self.created: Final = created
        self.origin: Final = origin

    @property
    @abstractmethod
    def status(self) -> Status:
        """`pending`, `running`, `paused`, `cancelling`, `done`, `failed` or `cancelled`."""

    @property
    @abstractmethod
    def progress(self) -> Progress:
        """How far it is."""

    @property
    def checkpoint(self) -> str | None:
        """The folder in which it is kept, None without."""
        return None

    @property
    def on_disk(self) -> Kept | None:
        """What is kept on disk: how many batches, in how many bytes, and since when; None as of :attr:`kept`."""
        return None

    @property
    def kept(self) -> int | None:
        """Batches whose results are kept on disk; None without a checkpoint, and before it is written."""
        return self.on_disk.batches if self.on_disk else None

    @property
    def file(self) -> str | None:
        """The report file that it was read from; None of a run that was at work here."""
        return None

    @property
    @abstractmethod
    def note(self) -> str | None:
        """What there is to say besides errors."""

    @property
    @abstractmethod
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names."""

    @property
    @abstractmethod
    def specs(self) -> Mapping[str, Any]:
        """Settings by the introspectors' names."""

    @property
    @abstractmethod
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Samples since which a layer is stable, by introspector and layer, of those that are."""

    @property
    @abstractmethod
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers; before the first batch already when the producer is a pipeline with a model."""

    @property
    @abstractmethod
    def made_of(self) -> Mapping[str, str]:
        """Fingerprint of the data, the stages and the model; empty until the run has begun."""

    @property
    @abstractmethod
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names; empty until the run has ended."""

    @property
    def nbytes(self) -> int:
        """Bytes of those results that take much: covariance matrices."""
        return sum(getattr(result, "nbytes", 0) for result in self.results.values())

    @property
    def errors(self) -> tuple[RunError, ...]:
        """All that went wrong: the producer's error, and those of single introspectors."""
        return ()

    @property
    def error(self) -> BaseException | None:
        """What made the run fail, else None."""
        return self.errors[0].exception if self.status == "failed" and self.errors else None

    @abstractmethod
    def snapshot(self, name: str) -> Table:
        """Return the table of an introspector up to now.

        Raises
        ------
        UnknownNameError
            when the run has no such introspector.
        """

    @abstractmethod
    def latest(self, name: str) -> Table | None:
        """Return the newest table of an introspector that was made, None if there was none; costs nothing."""

    @abstractmethod
    def sample_table(self, name: str) -> SampleTable | None:
        """Return what an introspector knows of each sample so far, None where it knows nothing of single samples."""

    def pictures(self, name: str, column: str) -> Callable[[int], Any] | None:  # noqa: ARG002 - few runs have any
        """Return what opens the picture of a sample by its row in a column of media, None of a column that has none.

        The function returns a picture of Pillow, or None where the sample has none; it raises an ImageFileError.
        """
        return None

    @abstractmethod
    def is_whole(self, name: str) -> bool:
        """Return whether :meth:`latest` is the last table, and nothing is missing that was too costly so far."""

    @abstractmethod
    def complete_tables(self) -> None:
        """Make what the last tables of an ended run lack, and tell its watchers."""

    @abstractmethod
    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:
        """Wait for the end and return the results by the introspectors' names."""

    @abstractmethod
    def save(self, path: PathOrStr) -> Path:
        """Write the results of an ended run into a ``.dvreport`` file, which ``deepview_lab.open_report`` reads."""

    def to_html(
        self,
        path: PathOrStr,
        *,
        include_code: bool = False,
        include_paths: bool = False,
        include_samples: bool = True,
    ) -> Path:
        """Write the results of an ended run as one HTML page, which opens from disk in any browser.

        It shows the same canvas, read-only: filters, selections, details and charts work without a kernel, a server or
        the internet. Until the page is whole, what was at ``path`` stays. The page lists what it contains.

        Parameters
        ----------
        path : Path or str
            It ends in ``.html``.
        include_code : bool
            Whether the code that started the run is in the page.
        include_paths : bool
            Whether absolute paths of this machine stay in texts; else the last part of each stays, as in ``cats.npz``.
        include_samples : bool
            Whether the values of single samples are in the page: most of its size.

        Raises
        ------
        DeepViewException
            when the run has not ended.
        ReportFileError
            when ``path`` does not end in ``.html``.
        NoSpaceError
            (an OSError) when the disk is full.

        Warns
        -----
        DeepViewWarning
            before a page of more than 50 MB is written.
        """
        return page_saver()(
            self,
            path,
            include_code=include_code,
            include_paths=include_paths,
            include_samples=include_samples,
        )

    # What anyone may ask of it. Runs that have ended, those of files among them, take no notice.

    def cancel(self) -> None:
        """Stop after the current batch and keep what was computed. Returns at once."""
        return

    def pause(self) -> None:
        """Pause after the current batch, so that other runs can work. Returns at once; only a running run pauses."""
        return

    def resume(self) -> None:
        """Continue when it is this run's turn. Returns at once; does nothing to a run that is not paused."""
        return

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled or copied, and say what can be."""
        raise NotCopiedError(self.name)

    def __repr__(self) -> str:
        progress = self.progress
        total = f" of {progress.total}" if progress.total is not None else ""
        return f"<Run {self.id} {visible_text(repr(self.name))}: {self.status}, {progress.samples}{total} samples>"
