"""The rows of a run in the files of its checkpoint: appended, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.responses import ResponseShape
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.base import ResponseInfo
from deepview_lab.engine.append_file import AppendFile
from deepview_lab.engine.rows import RowStore
from deepview_lab.processors.cache.values import decoded, encoded

__all__ = ["KeptRows"]


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
        self._rows: list[AppendFile] = []
        self._usable: list[AppendFile] = []

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
            if not self._rows:
                self._rows = [AppendFile(self._path(f"{j}.rows")) for j in range(len(layout))]
                self._usable = [AppendFile(self._path(f"{j}.usable")) for j in range(len(layout))]
            for j, name in enumerate(layout):
                self._append_to(self._rows[j], start * layout[name].units * 4, rows.fields[name][start:])
                self._append_to(self._usable[j], start, rows.usable[name][start:])
            self._samples.append(line)
            self._count = len(rows)
        return {
            "count": self._count,
            "layout": [{"name": name, **shape.facts()} for name, shape in layout.items()],
            "files": [[f.size, f.checksum] for f in (self._samples, *self._rows, *self._usable)],
        }

    def restore(self, facts: Mapping[str, Any], wanted: RowsWanted, responses: Mapping[str, ResponseInfo]) -> RowStore:
        """Return the store that these files hold.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            when the files are damaged.
        """
        layout = {str(item["name"]): ResponseShape.of_facts(item) for item in facts["layout"]}
        samples, *others = [(int(size), int(checksum)) for size, checksum in facts["files"]]
        self._count = int(facts["count"])
        self._samples = AppendFile(self._path("samples"), *samples)
        half = len(others) // 2
        self._rows = [AppendFile(self._path(f"{j}.rows"), *part) for j, part in enumerate(others[:half])]
        self._usable = [AppendFile(self._path(f"{j}.usable"), *part) for j, part in enumerate(others[half:])]
        if self._count == 0:
            return RowStore(wanted, responses)
        if not len(self._rows) == len(self._usable) == len(layout):
            raise ValueError(f"{len(layout)} responses, but {len(others)} files of rows")
        store = RowStore.restored(wanted, responses, layout, self._parts(layout))
        if len(store) != self._count:
            raise ValueError(f"{len(store)} samples instead of {self._count}")
        return store

    def _parts(self, layout: Mapping[str, ResponseShape]) -> Iterator[Rows]:
        lines = b"".join(self._samples.chunks()).splitlines()
        for file in (*self._rows, *self._usable):
            for _ in file.chunks():  # whole before anything is made of it
                pass
        start = 0
        for line in lines:
            facts = json.loads(line)
            stop = start + int(facts["count"])
            fields, usable = {}, {}
            for (name, shape), rows, flags in zip(layout.items(), self._rows, self._usable, strict=True):
                values = _span(rows.path, np.dtype(np.float32), start * shape.units, stop * shape.units)
                fields[name] = values.reshape(stop - start, shape.units)
                usable[name] = _span(flags.path, np.dtype(np.bool_), start, stop)
            yield _rows(facts, fields, usable)
            start = stop

    @staticmethod
    def _append_to(file: AppendFile, expected: int, values: NDArray[Any]) -> None:
        # What an earlier attempt wrote of these rows before it failed is there already.
        done = file.size - expected
        bytes_of = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        file.append(bytes_of[done:].data)

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._index}.{name}"


def _span(path: Path, dtype: np.dtype[Any], start: int, stop: int) -> NDArray[Any]:
    values = np.fromfile(path, dtype, stop - start, offset=start * dtype.itemsize)
    if len(values) != stop - start:
        raise ValueError(f"{path.name} has too few rows")
    return values


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
    made = facts["ids"] is None
    return Rows(
        fields=fields,
        usable=usable,
        ids=range(int(facts["count"])) if made else decoded(facts["ids"]),
        made_ids=made,
        labels={decoded(key)[0]: decoded(values) for key, values in facts["labels"]},
        paths=facts["paths"],
    )
