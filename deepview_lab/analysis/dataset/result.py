"""A dataset report: one row per sample, with what each analysis says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.dataset.columns import ColumnMeaning, ColumnNames
from deepview_lab.analysis.duplicates.result import DuplicatesResults
from deepview_lab.analysis.familiarity.result import FamiliarityResults, rarity_of
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.projection.result import ProjectionResults, axis_names, axis_role
from deepview_lab.analysis.sample_table import Categories, ColumnRole, SampleTable, is_split
from deepview_lab.analysis.samples import Samples

__all__ = ["DatasetParts", "DatasetResults", "LabelScores"]

_ROLES: Mapping[str, ColumnRole] = {"id": "id", "filename": "text", "duplicates": "set"}
# Roles of columns that need not be numbers.
_TEXTS = frozenset({"id", "label", "split", "text"})


@dataclass(frozen=True, eq=False)
class LabelScores:
    """How familiar all samples are among those of each label of one dimension.

    Attributes
    ----------
    labels : tuple of str
        The labels with enough samples.
    scores : numpy.ndarray
        float64 [samples, labels].
    """

    labels: tuple[str, ...]
    scores: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DatasetParts:
    """What the analyses have found so far.

    Attributes
    ----------
    responses : tuple of str
        The responses that are looked at.
    samples : Samples
        Who the samples are.
    duplicates : DuplicatesResults or None
        None when not asked for, or not there yet.
    familiarity : FamiliarityResults or None
        Likewise.
    by_label : mapping of (str, hashable) to LabelScores
        By response and label dimension.
    projection : ProjectionResults or None
        Likewise.
    reduced : mapping of str to (int, int)
        Of the responses that were reduced before all of these, the dimensions before and after.
    notes : tuple of str
        What is to be said of the report as a whole.
    failed : mapping of str to str
        Parts that were asked for and could not be made, and why.
    """

    responses: tuple[str, ...]
    samples: Samples
    duplicates: DuplicatesResults | None = None
    familiarity: FamiliarityResults | None = None
    by_label: Mapping[tuple[str, Hashable], LabelScores] = field(default_factory=dict)
    projection: ProjectionResults | None = None
    reduced: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)

    def results(self) -> DatasetResults:
        """Return the report of these parts."""
        names = ColumnNames(self.responses, tuple(self.samples.labels))
        columns = {names.of(meaning): values for meaning, values in self._columns()}
        labels = {
            names.of(self._scored("splitFamiliarity", response, dimension)): scored.labels
            for (response, dimension), scored in self.by_label.items()
        }
        meanings = {name: names.meanings[name] for name in columns}
        return DatasetResults(columns, meanings, labels, self._summary(), self)

    def _columns(self) -> Iterator[tuple[ColumnMeaning, NDArray[Any]]]:
        yield ColumnMeaning("id"), _text(self.samples.ids)
        for dimension, labels in self.samples.labels.items():
            yield ColumnMeaning("label", dimension=dimension), _text(labels)
        if self.samples.paths is not None:
            yield ColumnMeaning("filename"), _text(self.samples.paths)
        for name in self.responses:
            yield from self._of_response(name)

    def _of_response(self, name: str) -> Iterator[tuple[ColumnMeaning, NDArray[Any]]]:
        if self.duplicates is not None and name in self.duplicates.responses:
            yield ColumnMeaning("duplicates", response=name), self.duplicates.responses[name].cluster_of
        if self.projection is not None and name in self.projection.positions:
            for axis, positions in enumerate(self.projection.positions[name].T):
                yield ColumnMeaning("projection", response=name, axis=axis), positions
        if self.familiarity is not None and name in self.familiarity.scores:
            yield self._scored("familiarity", name), self.familiarity.scores[name]
        for (response, dimension), scored in self.by_label.items():
            if response == name:
                yield self._scored("splitFamiliarity", name, dimension), scored.scores

    def _scored(
        self, kind: Literal["familiarity", "splitFamiliarity"], response: str, dimension: Hashable = None
    ) -> ColumnMeaning:
        _, reduced_to = self.reduced.get(response, (None, None))
        return ColumnMeaning(kind, response=response, dimension=dimension, reduced_to=reduced_to)

    def _summary(self) -> str:
        said = [f"{len(self.samples.ids):,} samples."]
        for dimension, labels in self.samples.labels.items():
            said.append(f"{len(set(labels)):,} values of {dimension}.")
        if self.duplicates is not None:
            said.append(self.duplicates.findings().summary)
        for part in (self.familiarity, self.projection):
            said += [f"{name}: {note}" for name, note in part.notes.items() if note] if part is not None else []
        said += [
            f"Of {name}, the parts use {after:,} dimensions, reduced from {before:,}."
            for name, (before, after) in self.reduced.items()
        ]
        said += [f"No {name}: {why}" for name, why in self.failed.items()]
        return " ".join([*said, *self.notes])


@dataclass(frozen=True, eq=False)
class DatasetResults:
    """What is known of each sample: a table with one row per sample in the order of the producer.

    Attributes
    ----------
    columns : mapping of str to numpy.ndarray
        By name. ``id`` and labels are str, ``duplicates_R`` int64 (-1 for none), ``projection_R_x`` float32 and
        ``familiarity_R`` float64 (NaN for samples left out of R); ``splitFamiliarity_R_byAttr_D`` is 2-D [samples,
        labels].
    meanings : mapping of str to ColumnMeaning
        What each column holds; response names cannot always be read out of its name.
    split_labels : mapping of str to tuple of str
        The labels of each 2-D column.
    summary : str
        What was found, in a few sentences.
    parts : DatasetParts or None
        The results of the single analyses; None in a report that was read from a file.
    """

    columns: Mapping[str, NDArray[Any]]
    meanings: Mapping[str, ColumnMeaning]
    split_labels: Mapping[str, tuple[str, ...]]
    summary: str
    parts: DatasetParts | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.columns["id"])

    @property
    def responses(self) -> tuple[str, ...]:
        """The responses that any column is about."""
        known = (meaning.response for meaning in self.meanings.values())
        return tuple(dict.fromkeys(name for name in known if name is not None))

    def findings(self) -> Findings:
        """Return all samples with the columns of one value each, the rarest first."""
        scores = [self.columns[name] for name, meaning in self.meanings.items() if meaning.kind == "familiarity"]
        order = np.argsort(rarity_of(scores), kind="stable") if scores else np.arange(len(self))
        plain = {name: values[order] for name, values in self.columns.items() if values.ndim == 1}
        first = "The rarest come first. " if scores else ""
        return Findings(first + self.summary, len(self), plain)

    def sample_table(self) -> SampleTable:
        """Return all samples in the order of the producer.

        Of the familiarity by label it has one value a sample: that among the samples of its own label.
        """
        axes = Counter(meaning.response for meaning in self.meanings.values() if meaning.kind == "projection")
        table = SampleTable(len(self))
        for name, meaning in self.meanings.items():
            values = self._of_each(name, meaning)
            if values is not None:
                role, title = _role_and_title(meaning, axes[meaning.response])
                fits = role in _TEXTS or values.dtype.kind in "fiu"  # a file may hold anything
                shown = Categories.of(values, len(self)) if meaning.kind == "label" else values
                table = table.with_column(name, role if fits else "text", title, shown, meaning.response)
        return table.sorted_by("score")

    def _of_each(self, name: str, meaning: ColumnMeaning) -> NDArray[Any] | None:
        """Return a column of one value a sample, None where there is none."""
        values = self.columns[name]
        if values.ndim == 1:
            return values
        return self._own(name, meaning, values) if values.dtype.kind == "f" else None

    def _own(self, name: str, meaning: ColumnMeaning, scores: NDArray[Any]) -> NDArray[np.float64]:
        """Return each sample's score among those of its own label, NaN where that has no distribution."""
        wanted = ColumnMeaning("label", dimension=meaning.dimension)
        given = next((column for column, other in self.meanings.items() if other == wanted), None)
        if given is None:
            return np.full(len(self), np.nan)
        labels = Categories.of(self.columns[given], len(self))
        place = {label: number for number, label in enumerate(self.split_labels.get(name, ()))}
        # The place behind the last one stands for labels without a distribution, and for no label.
        places = np.array([*(place.get(word, len(place)) for word in labels.words), len(place)])[labels.codes]
        padded = np.column_stack([scores, np.full(len(self), np.nan)])
        return np.asarray(np.take_along_axis(padded, places[:, np.newaxis], axis=1)[:, 0])


def _role_and_title(meaning: ColumnMeaning, axes: int) -> tuple[ColumnRole, str]:
    """Return what a column is for, and what it is called beside its response."""
    match meaning.kind:
        case "label":
            return ("split" if is_split(meaning.dimension) else "label"), str(meaning.dimension)
        case "projection":
            axis = meaning.axis or 0
            named = axis_names(axes)
            return axis_role(axis, axes), f"projection {named[axis] if 0 <= axis < len(named) else axis}"
        case "splitFamiliarity":
            return "score", f"familiarity among its {meaning.dimension}{_space(meaning)}"
        case "familiarity":
            return "score", f"familiarity{_space(meaning)}"
        case kind:
            return _ROLES[kind], kind


def _space(meaning: ColumnMeaning) -> str:
    """Return in how many dimensions densities are: they cannot be compared with those in another number of them."""
    return "" if meaning.reduced_to is None else f" in {meaning.reduced_to:,} dimensions"


def _text(values: Any) -> NDArray[np.str_]:  # Any: anything hashable
    return np.array(["" if value is None else str(value) for value in values], dtype=np.str_)
