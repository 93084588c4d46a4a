"""What is chosen on the dataset page of a canvas, in Python: to read, to set and to observe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from deepview_lab.analysis.sample_table import SampleTable
from deepview_lab.engine import RunView, registry
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.lab.expression_table import rows_of
from deepview_lab.lab.session import session
from deepview_lab.transport.feeds.choices import Choice, Rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ChosenSamples"]

_MOST_GROUPED = 2
_LONGEST_TAG = 200
_MOST_SEARCHED = 1000
# Any: ids are numbers or texts.


class _Values(traitlets.TraitType[tuple[Any, ...], Any]):
    """A tuple, set from whatever can be gone through: lists, arrays, columns of DataFrames."""

    default_value = ()
    info_text = "a list of ids or names"

    def validate(self, obj: Any, value: Any) -> tuple[Any, ...]:
        """Return the values as a tuple."""
        if isinstance(value, str | bytes):
            self.error(obj, value)
        try:
            return tuple(value.tolist() if hasattr(value, "tolist") else value)
        except TypeError:
            self.error(obj, value)


class ChosenSamples(traitlets.HasTraits):
    """The samples that are filtered, selected, grouped and tagged. The page follows what is set; both can be observed.

    A run with several analyses has a table for each: this is about that of its report, else of its first analysis.

    Attributes
    ----------
    selected : tuple
        Ids of the selected samples, in the order of the data.
    filter : str
        An expression such as ``familiarity < q(0.05)``; empty for none. It has what the page filters by columns too.
    group_by : tuple of str
        At most two columns.
    tags : dict of str to tuple
        Ids by tag.
    excluded : tuple
        Ids of the samples that are set aside. Nothing deletes samples.

    Notes
    -----
    Observers run on the thread that hears the page, which is not that of the cells while one runs.

    Raises
    ------
    UnknownNameError
        when an id, a column or a tag is set that the table does not have.
    ExpressionError
        (a ValueError) when a filter is set that is wrong.
    DeepViewException
        when something is set before the run knows its samples.
    """

    selected = _Values()
    filter = traitlets.Unicode("")
    group_by = _Values()
    tags: traitlets.Dict[str, tuple[Any, ...]] = traitlets.Dict()
    excluded = _Values()

    _follows = False
    _run_id = ""

    def selection_frame(self) -> pd.DataFrame:
        """Return the selected samples with all their columns and tags, one row each, in the order of the data."""
        run, name, table = self._samples()
        choice = session().hub.choices.of(run.id, name, table.rows)
        return _frame(run, table, choice)

    def _follow(self, run: str) -> None:
        """Follow what is chosen among the samples of a run from now on."""
        self._run_id = run
        self._unfollow = session().hub.choices.watch(self._on_choice)
        if self._found() is not None:
            self._read()

    def _leave(self) -> None:
        self._unfollow()

    def _on_choice(self, run: str, _: str) -> None:
        if run == self._run_id:
            self._read()

    def _read(self) -> None:
        _, table, choice = self._chosen()
        ids = table.ids()
        self._follows = True
        try:
            with self.hold_trait_notifications():
                self.selected = tuple(ids[choice.selected].tolist())
                self.excluded = tuple(ids[choice.excluded].tolist())
                self.tags = {tag: tuple(ids[rows].tolist()) for tag, rows in choice.tags.items()}
                self.filter = choice.filter
                self.group_by = choice.group_by
        finally:
            self._follows = False

    @traitlets.validate("selected", "excluded")
    def _check_ids(self, proposal: Any) -> tuple[Any, ...]:
        value = tuple(proposal["value"])
        if not self._follows:
            name = proposal["trait"].name
            _, table, choice = self._chosen()
            rows = _rows_of(table, value)
            self._put(replace(choice, selected=rows) if name == "selected" else replace(choice, excluded=rows))
            value = tuple(table.ids()[rows].tolist())
        return value

    @traitlets.validate("tags")
    def _check_tags(self, proposal: Any) -> dict[str, tuple[Any, ...]]:
        tags: Mapping[str, Iterable[Any]] = proposal["value"]
        if self._follows:
            return dict(proposal["value"])
        _, table, choice = self._chosen()
        ids = table.ids()
        marked: dict[str, Rows] = {}
        for tag, tagged in tags.items():
            if not isinstance(tag, str) or not 0 < len(tag.strip()) <= _LONGEST_TAG:
                raise DeepViewException(f"A tag is a text of 1 to {_LONGEST_TAG} characters, but {tag!r} is none.")
            marked[tag.strip()] = _rows_of(table, tagged)
        marked = {tag: rows for tag, rows in marked.items() if rows.any()}
        self._put(replace(choice, tags=marked))
        return {tag: tuple(ids[rows].tolist()) for tag, rows in marked.items()}

    @traitlets.validate("filter")
    def _check_filter(self, proposal: Any) -> str:
        text = str(proposal["value"]).strip()
        if not self._follows:
            _, table, choice = self._chosen()
            rows_of(text, table, choice.tags)
            self._put(replace(choice, filter=text))
        return text

    @traitlets.validate("group_by")
    def _check_groups(self, proposal: Any) -> tuple[str, ...]:
        names = tuple(proposal["value"])
        if not self._follows:
            _, table, choice = self._chosen()
            for name in names:
                if table.column(name) is None:
                    raise UnknownNameError("column", name, [column.name for column in table.columns])
            if len(names) > _MOST_GROUPED:
                raise DeepViewException(f"Group by at most {_MOST_GROUPED} columns, not by {len(names)}.")
            self._put(replace(choice, group_by=names))
        return names

    def _put(self, choice: Choice) -> None:
        run, name, _ = self._samples()
        session().hub.choices.put(run.id, name, choice)

    def _chosen(self) -> tuple[RunView, SampleTable, Choice]:
        run, name, table = self._samples()
        return run, table, session().hub.choices.of(run.id, name, table.rows)

    def _samples(self) -> tuple[RunView, str, SampleTable]:
        found = self._found()
        if found is None:
            raise DeepViewException(
                "This canvas has no table of samples: its run looks at layers only, does not know its samples yet, or "
                "is forgotten. Runs of DatasetReport, Familiarity, Duplicates, LabelProblems and DimensionReduction "
                "have one once they know their samples."
            )
        return found

    def _found(self) -> tuple[RunView, str, SampleTable] | None:
        run = next((known for known in registry.runs() if known.id == self._run_id), None)
        if run is None:
            return None
        # As the page: a report first, which has all that the others have.
        for name in sorted(run.introspectors, key=lambda one: run.introspectors[one] != "report"):
            table = run.sample_table(name)
            if table is not None:
                return run, name, table
        return None


def _rows_of(table: SampleTable, ids: Iterable[Any]) -> Rows:
    """Return the rows of all samples that have these ids."""
    wanted = dict.fromkeys(ids)
    own = table.ids().tolist()
    rows = np.fromiter((one in wanted for one in own), dtype=bool, count=table.rows)
    found = {one for one, chosen in zip(own, rows.tolist(), strict=True) if chosen}
    missing = next((one for one in wanted if one not in found), None)
    if missing is not None:
        raise UnknownNameError("id", missing, own[:_MOST_SEARCHED])
    return rows


def _frame(run: RunView, table: SampleTable, choice: Choice) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - importing deepview_lab stays quick

    rows = np.flatnonzero(choice.selected)
    of_rows = getattr(run, "frame_of", None)
    if of_rows is None:
        frame = pd.DataFrame({column.name: column.array()[rows] for column in table.columns})
    else:
        frame = of_rows(rows)
    marks = {f"tag {tag}": tagged[rows] for tag, tagged in choice.tags.items()}
    if choice.excluded.any():
        marks["excluded"] = choice.excluded[rows]
    for name, values in marks.items():
        free = name
        while free in frame.columns:
            free += "_"
        frame[free] = values
    return frame
