"""A report file with its results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final, final

from deepview_lab.analysis.contract import Table
from deepview_lab.base import Layer, LayerKind, ResponseInfo
from deepview_lab.base.plain_values import plain_dtype
from deepview_lab.base.response import ChannelGroup
from deepview_lab.exceptions import DeepViewException, ReportFileError
from deepview_lab.report.codecs.kinds import Codec, codec_of_file
from deepview_lab.report.file.archive import ReportFile
from deepview_lab.report.file.damage import damaged
from deepview_lab.report.file.parquet import UNREADABLE
from deepview_lab.typing import PathOrStr
from deepview_lab.typing.named import Named
from deepview_lab.visible_text import visible_text

__all__ = ["Report"]

_LAYER_TYPES = {
    **dict.fromkeys(("layer", "made_by", "kind", "type", "dtype"), "string"),
    "shape": "list<int64>",
    "unit_axis": "int32",
}
_GROUP_TYPES = {
    "group": "string",
    "group_parameters": "int64",
    "linked": "list<string>",
    "linked_parameters": "list<int64>",
}
_LONGEST = 2**31 - 1
_MOST_PARAMETERS = 2**53  # what a page can count

# Any: results of all kinds.
Faces = Mapping[str, Callable[[Any], Any]]


@final
class Report:
    """A saved run. Made by :func:`deepview_lab.open_report`; results are read from the file when asked for.

    Parameters
    ----------
    file : ReportFile
        The file, checked.
    faces : mapping of str to callable
        What to make of a result of each kind.

    Attributes
    ----------
    file : ReportFile
        The file: ``file.manifest`` says where it came from, ``file.table(name)`` reads a table.
    """

    def __init__(self, file: ReportFile, faces: Faces) -> None:
        self.file: Final = file
        self._faces = faces

    @cached_property
    def results(self) -> Mapping[str, Any]:
        """Results by the introspectors' names, as those of the run.

        Raises
        ------
        ReportFileError
            when the tables of one are damaged.
        """
        kinds = self.file.manifest.introspectors
        return Named(
            "introspector",
            {name: self._faces.get(kinds[name], _unchanged)(found) for name, found in self._found.items()},
        )

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The last tables that the run told, by the introspectors' names: what a canvas shows.

        Raises
        ------
        ReportFileError
            when the tables of one are damaged.
        """
        tables = {}
        for name, found in self._found.items():
            with self._blamed(name):
                shown = self._codecs[name].shown(found, self.responses)
                shown.columns()  # what does not fit is told here, not when somebody looks at it
                tables[name] = shown
        return tables

    @cached_property
    def _found(self) -> Mapping[str, Any]:
        found = {}
        for name, codec in self._codecs.items():
            with self._blamed(name):
                found[name] = codec.result(self.file, name, self.file.manifest.samples or 0)
        return found

    @cached_property
    def _codecs(self) -> Mapping[str, Codec]:
        """How the result of each introspector is read, of those that have one."""
        kinds = self.file.manifest.introspectors
        codecs = {name: codec_of_file(kind, name, self.file.tables) for name, kind in kinds.items()}
        return {name: codec for name, codec in codecs.items() if codec is not None}

    @contextmanager
    def _blamed(self, name: str) -> Iterator[None]:
        """Take what goes wrong with the tables of ``name`` for damage of the file."""
        try:
            yield
        except ReportFileError:
            raise
        except UNREADABLE as error:
            raise damaged(self.file.path, f"the tables of {name} do not fit ({str(error)[:400]})") from error

    @property
    def iua(self) -> Any:
        """The first result of IUA."""
        return self._first("iua")

    @property
    def pfa(self) -> Any:
        """The first result of PFA. It has spectra and removal orders, from which recipes are made, but no matrices."""
        return self._first("pfa")

    def _first(self, kind: str) -> Any:
        for name, own in self.file.manifest.introspectors.items():
            if own == kind and name in self.results:
                return self.results[name]
        why = "".join(f" {name}: {reason}." for name, reason in self.file.manifest.left_out.items())
        raise DeepViewException(
            f"{self.file.path} has no result of {kind}; it has {list(self.results) or 'none'}.{why}"
        )

    @cached_property
    def responses(self) -> Mapping[str, ResponseInfo]:
        """What is known of the layers.

        Raises
        ------
        ReportFileError
            when their table is damaged.
        """
        if "layers" not in self.file.tables:
            return {}
        with self._blamed("the layers"):
            return {
                row["layer"]: _info(row)
                for row in self.file.rows("layers", _LAYER_TYPES, nullable=_GROUP_TYPES, added=_GROUP_TYPES)
            }

    def to_html(self, path: PathOrStr, *, include_paths: bool = False, include_samples: bool = True) -> Path:
        """Write the report as one HTML page, which opens from disk in any browser. See ``run.to_html``.

        A report holds no code, so a page of one has none either.

        Raises
        ------
        DeepViewException
            when there is nothing in it that a canvas could show.
        ReportFileError
            when ``path`` does not end in ``.html``, or the report is damaged.
        NoSpaceError
            (an OSError) when the disk is full.
        """
        from deepview_lab.report.opened_run import OpenedRun  # noqa: PLC0415 - it is made of reports

        return OpenedRun(self).to_html(path, include_paths=include_paths, include_samples=include_samples)

    @property
    def summary(self) -> str:
        """What the file holds, in a few lines for people."""
        manifest, seen = self.file.manifest, visible_text
        samples = "an unknown number of" if manifest.samples is None else f"{manifest.samples:,}"
        partial = "" if manifest.complete else " (stopped before the end: results are partial)"
        lines = [
            f"{seen(manifest.name)}: {seen(manifest.kind)} over {samples} samples{partial}, {seen(manifest.created)}"
        ]
        lines += [f"  {seen(name)}: {_listed(self.file, name)}" for name in manifest.introspectors]
        lines += [f"  not in it: {seen(name)} ({seen(reason)})" for name, reason in manifest.left_out.items()]
        source, made_by = manifest.provenance.get("source", "unknown"), manifest.libraries.get("deepview_lab", "?")
        lines.append(f"  data: {seen(source)}; made by DeepView Lab {seen(made_by)}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Report {visible_text(repr(str(self.file.path)))}: {self.summary.splitlines()[0]}>"


def _unchanged(result: Any) -> Any:
    return result


def _listed(file: ReportFile, name: str) -> str:
    rows = {table: member.rows for table, member in file.tables.items() if table.startswith(f"{name}.")}
    for table, what in (("layers", "layers"), ("samples", "samples"), ("findings", "findings")):
        if f"{name}.{table}" in rows:
            return f"{rows[f'{name}.{table}']:,} {what}"
    return "no result"


def _info(row: Mapping[str, Any]) -> ResponseInfo:
    shape, unit_axis = tuple(row["shape"]), row["unit_axis"]
    known = all(length is None or 0 <= length <= _LONGEST for length in shape)
    if not known or not (len(shape) < 2 or -len(shape) <= unit_axis < len(shape)):  # noqa: PLR2004 - units have an axis
        raise ValueError(f"layer {row['layer'][:80]!r} has the shape {shape[:8]} with the units on axis {unit_axis}")
    kind = LayerKind.__members__.get(row["kind"], LayerKind.UNKNOWN)
    layer = Layer(row["made_by"], kind, row["type"])
    return ResponseInfo(row["layer"], plain_dtype(row["dtype"]), shape, layer, unit_axis, _group(row))


def _group(row: Mapping[str, Any]) -> ChannelGroup | None:
    name = row.get("group")
    if name is None:
        return None
    linked, counts = row["linked"] or [], row["linked_parameters"] or []
    numbers = [row["group_parameters"], *counts]
    if len(linked) != len(counts) or any(type(n) is not int or not 0 <= n <= _MOST_PARAMETERS for n in numbers):
        raise ValueError(f"layer {row['layer'][:80]!r} has a group of channels with impossible numbers of parameters")
    return ChannelGroup(name, row["group_parameters"], tuple(zip(linked, counts, strict=True)))
