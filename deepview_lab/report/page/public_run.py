"""A run as strangers may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.sample_table import Categories, SampleTable
from deepview_lab.base import ResponseInfo
from deepview_lab.engine import Progress, RunError, RunView, Status
from deepview_lab.typing import PathOrStr

__all__ = ["PublicRun"]

# Any: settings and results of all kinds.


@dataclass(frozen=True)
class _PublicError(RunError):
    """An error in one sentence, without the traceback, which holds code and paths."""

    said: str = ""

    @property
    def message(self) -> str:
        return self.said

    @property
    def traceback(self) -> str:
        return ""


class PublicRun(RunView):
    """An ended run without what tells of the machine: its files, its code, and what ``clean`` takes out of texts.

    Names (of the run, its layers, columns and labels) stay: without them a page says nothing.

    Parameters
    ----------
    run : RunView
        What is shown.
    clean : callable
        Returns a text as strangers may read it.
    """

    def __init__(self, run: RunView, clean: Callable[[str], str]) -> None:
        super().__init__(run.name, batch_size=run.batch_size, created=run.created)
        self._run = run
        self._clean = clean

    @property
    def status(self) -> Status:
        """That of the run."""
        return self._run.status

    @property
    def progress(self) -> Progress:
        """How far it came."""
        return self._run.progress

    @property
    def note(self) -> str | None:
        """What there is to say besides errors."""
        return None if self._run.note is None else self._clean(self._run.note)

    @property
    def introspectors(self) -> Mapping[str, str]:
        """Kinds of analysis by the introspectors' names."""
        return self._run.introspectors

    @property
    def specs(self) -> Mapping[str, Any]:
        """None: settings may be any objects."""
        return {}

    @property
    def stable_since(self) -> Mapping[str, Mapping[str, int]]:
        """Samples since which a layer is stable, by introspector and layer."""
        return self._run.stable_since

    @property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers."""
        return self._run.responses

    @property
    def made_of(self) -> Mapping[str, str]:
        """None: a fingerprint names the files."""
        return {}

    @property
    def results(self) -> Mapping[str, Any]:
        """None: tables are shown, not results."""
        return {}

    @property
    def errors(self) -> tuple[RunError, ...]:
        """What went wrong, in one sentence each."""
        return tuple(
            _PublicError(error.introspector, error.exception, self._clean(error.message)) for error in self._run.errors
        )

    def snapshot(self, name: str) -> Table:
        """Return the table of an introspector."""
        return self._table(self._run.snapshot(name))

    def latest(self, name: str) -> Table | None:
        """Return the table of an introspector, None where there is none."""
        table = self._run.latest(name)
        return None if table is None else self._table(table)

    def sample_table(self, name: str) -> SampleTable | None:
        """Return what is known of each sample, None where there is nothing."""
        table = self._run.sample_table(name)
        if table is None:
            return None
        return replace(
            table, columns=tuple(replace(column, values=self._values(column.values)) for column in table.columns)
        )

    def is_whole(self, name: str) -> bool:
        """Return whether the table of an introspector is complete."""
        return self._run.is_whole(name)

    def complete_tables(self) -> None:
        """Make what the last tables lack."""
        self._run.complete_tables()

    def wait(self, timeout: float | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - as every run has it
        """Return no results: it has ended."""
        return {}

    def save(self, path: PathOrStr) -> Path:
        """Save the run itself."""
        return self._run.save(path)

    def _table(self, table: Table) -> Table:
        if not isinstance(table, Findings):
            return table
        columns = {name: self._array(column) for name, column in table.table.items()}
        return replace(table, summary=self._clean(table.summary), table=columns)

    def _values(self, values: NDArray[Any] | Categories) -> NDArray[Any] | Categories:
        if isinstance(values, Categories):
            return Categories(values.codes, tuple(map(self._clean, values.words)))
        return self._array(values)

    def _array(self, values: NDArray[Any]) -> NDArray[Any]:
        if values.dtype.kind not in "OU":
            return values
        return np.array([self._clean(value) if isinstance(value, str) else value for value in values], dtype=object)
