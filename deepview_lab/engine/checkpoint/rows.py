"""The rows of a run in the files of its checkpoint: appended, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.rows import Rows
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.base.own_files import open_own
from deepview_lab.base.plain_values import Column, UnstorableValueError, decoded, encoded
from deepview_lab.engine.checkpoint.append_file import AppendFile
from deepview_lab.engine.work.row_store import RowStore
from deepview_lab.exceptions import DeepViewException

__all__ = ["KeptRows", "check_samples"]

# An id made here takes 40 bytes of memory and none of the file.
_MOST_BARE_SAMPLES = 10_000_000


class KeptRows:
    """Files of one row store: for each response its rows and which are usable, and a line for each time of writing.

    Their names are made of numbers, so that nothing that a file says can name another one.

    Parameters
    ----------
    folder : Path
        Of the checkpoint.
    index : int
        Which store of the run.
    """

    def __init__(self, folder: Path, index: int) -> None:
        self._folder = folder
        self._index = index
        self._count = 0
        self._samples = AppendFile(self._path("samples"))
        self._files: dict[str, _Files] = {}

    def append(self, store: RowStore) -> dict[str, Any]:
        """Add the rows of ``store`` that are not there yet; return, as JSON values, what :meth:`restore` needs to know.

        Raises
        ------
        OSError
            when they cannot be written.
        TypeError
            when an identifier or a label is of a type that cannot be kept.
        """
        rows, layout, start = store.rows(), store.layout(), self._count
        if len(rows) > start:
            line = _line(rows, start)
            for name, shape in layout.items():
                files = self._files.setdefault(name, self._files_of(len(self._files)))
                self._append_to(files.rows, start * shape.units * 4, rows.fields[name][start:])
                self._append_to(files.usable, start, rows.usable[name][start:])
            self._samples.append(line)
            self._count = len(rows)
        kept = {name: shape for name, shape in layout.items() if name in self._files}
        return {
            "count": self._count,
            "samples": self._samples.facts(),
            "responses": [{"name": name, **shape.facts(), **self._files[name].facts()} for name, shape in kept.items()],
        }

    def restore(self, facts: Mapping[str, Any], pool: Pool | None, responses: Mapping[str, ResponseInfo]) -> RowStore:
        """Return the store that these files hold.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            when the files are damaged.
        """
        layout = {str(item["name"]): ResponseShape.of_facts(item) for item in facts["responses"]}
        self._count = int(facts["count"])
        self._samples = AppendFile(self._path("samples"), *map(int, facts["samples"]))
        self._files = {str(item["name"]): self._files_of(int(item["number"]), item) for item in facts["responses"]}
        self._check_sizes(layout, len(facts["responses"]))
        if self._count == 0:
            return RowStore(pool, responses)
        store = RowStore.restored(pool, responses, layout, self._parts(layout))
        if len(store) != self._count:
            raise ValueError(f"{len(store)} samples instead of {self._count}")
        return store

    def _check_sizes(self, layout: Mapping[str, ResponseShape], responses: int) -> None:
        """Raise unless each response has a file of its own, as long as its rows: so nothing is read that is not there.

        Without responses nothing but their limit bounds the samples.
        """
        if len({files.number for files in self._files.values()}) < responses:
            raise ValueError("two responses have one file or one name")
        if not 0 <= self._count <= (_MOST_BARE_SAMPLES if not responses else 2**53):
            raise ValueError(f"{self._count:,} samples, but at most {_MOST_BARE_SAMPLES:,} without responses are read")
        for name, shape in layout.items():
            files = self._files[name]
            if (files.rows.size, files.usable.size) != (self._count * shape.units * 4, self._count):
                raise ValueError(f"{files.rows.path.name} has another length than {self._count:,} samples")

    def _parts(self, layout: Mapping[str, ResponseShape]) -> Iterator[Rows]:
        lines = b"".join(self._samples.chunks()).splitlines()
        for files in self._files.values():
            for file in (files.rows, files.usable):
                for _ in file.chunks():  # whole before anything is made of it
                    pass
        start = 0
        for line in lines:
            facts = json.loads(line)
            stop = start + int(facts["count"])
            if not start < stop <= self._count:
                raise ValueError(f"{self._samples.path.name} has other samples than {self._count:,}")
            fields, usable = {}, {}
            for name, shape in layout.items():
                files = self._files[name]
                values = _span(files.rows.path, np.dtype(np.float32), start * shape.units, stop * shape.units)
                fields[name] = values.reshape(stop - start, shape.units)
                usable[name] = _span(files.usable.path, np.dtype(np.bool_), start, stop)
            yield _rows(facts, fields, usable)
            start = stop

    def _files_of(self, number: int, facts: Mapping[str, Any] | None = None) -> _Files:
        rows, usable = ((0, 0), (0, 0)) if facts is None else (facts["rows"], facts["usable"])
        return _Files(
            number,
            AppendFile(self._path(f"{number}.rows"), *map(int, rows)),
            AppendFile(self._path(f"{number}.usable"), *map(int, usable)),
        )

    @staticmethod
    def _append_to(file: AppendFile, expected: int, values: NDArray[Any]) -> None:
        # What an earlier attempt wrote of these rows before it failed is there already.
        done = file.size - expected
        bytes_of = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        file.append(bytes_of[done:].data)

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._index}.{name}"


@dataclass(frozen=True, eq=False)
class _Files:
    """Where one response is. Its number stays, whatever becomes of other responses."""

    number: int
    rows: AppendFile
    usable: AppendFile

    def facts(self) -> dict[str, Any]:
        return {"number": self.number, "rows": self.rows.facts(), "usable": self.usable.facts()}


def _span(path: Path, dtype: np.dtype[Any], start: int, stop: int) -> NDArray[Any]:
    with open_own(path) as file:
        values = np.fromfile(file, dtype, stop - start, offset=start * dtype.itemsize)
    if len(values) != stop - start:
        raise ValueError(f"{path.name} has too few rows")
    return values


def check_samples(batch: Batch) -> None:
    """Raise a DeepViewException when ids or labels of ``batch`` cannot be written as they are."""
    about = batch.metadata
    given = {"Identifiers": about.get(Batch.StdKeys.IDENTIFIER, ())}
    labels = about.get(Batch.StdKeys.LABELS, {})
    given["Label dimensions"] = tuple(labels)
    given |= {f"Labels of {dimension!r}": values for dimension, values in labels.items()}
    for what, values in given.items():
        try:
            encoded(values)
        except UnstorableValueError as error:
            raise DeepViewException(
                f"{what} cannot be kept in a checkpoint: there is {error}. Give them as text or numbers, or leave out "
                "checkpoint=."
            ) from None


def _line(rows: Rows, start: int) -> bytes:
    labels = [[encoded([key]), encoded(values[start:])] for key, values in rows.labels.items()]
    facts = {
        "count": len(rows) - start,
        "ids": None if rows.made_ids else encoded(rows.ids[start:]),
        "labels": labels,
        "paths": None if rows.paths is None else list(rows.paths[start:]),
    }
    return json.dumps(facts).encode() + b"\n"


def _rows(facts: Mapping[str, Any], fields: Mapping[str, NDArray[Any]], usable: Mapping[str, NDArray[Any]]) -> Rows:
    made, count, paths = facts["ids"] is None, int(facts["count"]), facts["paths"]
    ids = range(count) if made else _keys(facts["ids"], count)
    labels = {_keys(key, 1)[0]: _keys(values, count) for key, values in facts["labels"]}
    if paths is not None and (len(paths) != count or not all(isinstance(path, str) for path in paths)):
        raise ValueError(f"no paths of {count} samples")
    return Rows(fields=fields, usable=usable, ids=ids, made_ids=made, labels=labels, paths=paths)


def _keys(column: Column, count: int) -> tuple[Hashable, ...]:
    """Return ``count`` ids or labels."""
    values = decoded(column)
    if len(values) != count:
        raise ValueError(f"{len(values)} ids or labels of {count} samples")
    for value in values:
        hash(value)
    return values
