"""A table of the user's own as a run that has ended, so that whatever shows runs shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.sample_table import Categories, SampleColumn, SampleTable
from deepview_lab.base import ResponseInfo
from deepview_lab.data.thumbnails import PictureCells
from deepview_lab.engine import Progress, RunChanged, RunView, SnapshotTaken, Status, registry
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.lab.frames.frame import Frame
from deepview_lab.typing import PathOrStr

__all__ = ["TABLE", "TableRun", "table_run"]

# The only introspector of such a run, and its kind.
TABLE = "table"
_HEAD_ROWS = 20
_HEAD_COLUMNS = 20
_LONGEST_CELL = 200


class TableRun(RunView):
    """A table to look at. Nothing of it changes any more.

    Parameters
    ----------
    frame : Frame
        The user's table.
    table : SampleTable
        The same as a table of samples.
    name : str
        For people.
    pictures : mapping of str to PictureCells
        The columns of media.
    """

    # Any: results and settings, of which there are none.

    def __init__(
        self, frame: Frame, table: SampleTable, name: str, pictures: Mapping[str, PictureCells] = MappingProxyType({})
    ) -> None:
        super().__init__(name, batch_size=max(1, table.rows), created=time.time())
        self._frame = frame
        self._table = table
        self._progress = Progress(batches=1, samples=table.rows, total_batches=1, total=table.rows, elapsed=0.0)
        self._head = _head(table)
        self._pictures = pictures

    @property
    def status(self) -> Status:
        """`done`."""
        return "done"

    @property
    def progress(self) -> Progress:
        """All of it."""
        return self._progress

    @property
    def note(self) -> str | None:
        """Nothing."""
        return None

    @property
    def introspectors(self) -> Mapping[str, str]:
        """The table alone."""
        return {TABLE: TABLE}

    @property
    def specs(self) -> Mapping[str, Any]:
        """No settings."""
        return {}

    @property
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Of no layer."""
        return {}

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """No layers."""
        return {}

    @property
    def made_of(self) -> Mapping[str, str]:
        """No fingerprints."""
        return {}

    @property
    def results(self) -> Mapping[str, Any]:
        """No results."""
        return {}

    @property
    def nbytes(self) -> int:
        """Bytes of the table of samples."""
        return sum(_bytes(column) for column in self._table.columns)

    def frame_of(self, rows: NDArray[np.intp]) -> Any:
        """Return some rows as the user's table has them, as a DataFrame of pandas."""
        return self._frame.at(rows)

    def snapshot(self, name: str) -> Table:
        """Return the first rows.

        Raises
        ------
        UnknownNameError
            when ``name`` is not ``table``.
        """
        if name != TABLE:
            raise UnknownNameError("introspector", name, [TABLE])
        return self._head

    def latest(self, name: str) -> Table:
        """Return the first rows."""
        return self.snapshot(name)

    def sample_table(self, name: str) -> SampleTable | None:
        """Return the whole table."""
        return self._table if name == TABLE else None

    def pictures(self, name: str, column: str) -> Callable[[int], Any] | None:
        """Return what opens the pictures of a column."""
        known = self._pictures.get(column) if name == TABLE else None
        return None if known is None else known.opened

    def is_whole(self, name: str) -> bool:  # noqa: ARG002 - as every run has it
        """Return True."""
        return True

    def complete_tables(self) -> None:
        """Do nothing: there is nothing to complete."""

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - as every run has it
        """Return no results, at once."""
        return {}

    def save(self, path: PathOrStr) -> NoReturn:
        """Refuse: a table is saved as tables are.

        Raises
        ------
        DeepViewException
            always.
        """
        raise DeepViewException(
            f"This canvas shows a table, which has no results to be saved in {Path(path).name}. Save the table itself, "
            "for example with df.to_parquet(path), and tags with canvas.selection_frame()."
        )


def table_run(
    frame: Frame, table: SampleTable, name: str, pictures: Mapping[str, PictureCells] = MappingProxyType({})
) -> TableRun:
    """Return a table as a run, which is from now on one of ``deepview_lab.runs()`` and told to all canvases."""
    run = TableRun(frame, table, name, pictures)
    registry.add(run)
    registry.notify(RunChanged(run))
    registry.notify(SnapshotTaken(run, TABLE, run.latest(TABLE), final=True))
    return run


def _head(table: SampleTable) -> Findings:
    columns = table.columns[:_HEAD_COLUMNS]
    left = len(table.columns) - len(columns)
    summary = f"{table.rows:,} samples, {len(table.columns):,} columns"
    summary += f", the first {len(columns)} of them here." if left else "."
    return Findings(summary, table.rows, {column.name: _first_values(column) for column in columns})


def _first_values(column: SampleColumn) -> NDArray[Any]:
    values = column.values
    if isinstance(values, Categories):
        first = [values.words[code] if code >= 0 else "" for code in values.codes[:_HEAD_ROWS].tolist()]
    elif column.type == "text":
        first = [str(text) for text in values[:_HEAD_ROWS].tolist()]
    else:
        return values[:_HEAD_ROWS]
    return np.array([text[:_LONGEST_CELL] for text in first], dtype=np.str_)


def _bytes(column: SampleColumn) -> int:
    values = column.values
    return values.codes.nbytes if isinstance(values, Categories) else values.nbytes
