"""The row store: raw responses of all samples of a run, kept once for all analyses that need them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.pooling import Pool, unit_rows
from deepview_lab.analysis.responses import ResponseShape, shape_of
from deepview_lab.analysis.rows import Rows, RowsWanted
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.exceptions import DeepViewException, MissingResponseError, UnpooledResponseError
from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs

__all__ = ["RowStore"]

# Rows of one response beyond these bytes go to a file, so that a run's memory does not grow with its data.
_IN_MEMORY = 128 * 2**20


class RowStore:
    """Keeps float32 rows with ids, labels and paths, in the order of the samples.

    Parameters
    ----------
    pool : Pool or None
        How responses with positions become one value per unit.
    responses : mapping of str to ResponseInfo
        What is known of the responses before any data: their unit axes.
    in_memory : int
        Bytes of one response that are kept in memory; more are kept in a temporary file that has no name.
    """

    def __init__(
        self, pool: Pool | None, responses: Mapping[str, ResponseInfo], *, in_memory: int = _IN_MEMORY
    ) -> None:
        self._pool = pool
        self._responses = responses
        self._in_memory = in_memory
        self._shapes: dict[str, ResponseShape] = {}
        self._values: dict[str, _Column] = {}
        self._usable: dict[str, list[NDArray[np.bool_]]] = {}
        self._ids: list[Hashable] = []
        self._made_ids = True
        self._labels: dict[Hashable, list[Hashable]] = {}
        self._paths: list[str] = []
        self._graphs = NeighbourGraphs()

    def __len__(self) -> int:
        return len(self._ids)

    def check(self, batch: Batch, wanted: RowsWanted) -> None:
        """Raise unless ``batch`` has the rows that are ``wanted``, and they fit those before.

        Raises
        ------
        MissingResponseError
            when the data has no response of a name that is wanted.
        UnpooledResponseError
            when a response has positions and no pooling is set.
        ShapeChangedError
            when a response has another shape than before.
        DeepViewException
            when a response is missing, new, or holds no real numbers, or when only some batches have identifiers.
        """
        for name in sorted(wanted.fields or ()):
            if name not in batch.fields and name not in self._shapes:
                raise MissingResponseError(wanted.analysis, name, batch.fields)
        for name, values in batch.fields.items():
            if wanted.takes(name):
                self._check_response(name, values, wanted)
        missing = [name for name in self._shapes if wanted.takes(name) and name not in batch.fields]
        if missing:
            names = ", ".join(repr(name) for name in sorted(missing))
            raise DeepViewException(f"A batch lacks {names}, which the batches before have: every batch needs it.")
        has_ids = Batch.StdKeys.IDENTIFIER in batch.metadata
        if self._ids and has_ids == self._made_ids:
            raise DeepViewException("Some batches have identifiers and some have none: give every sample one, or none.")

    def add(self, batch: Batch, wishes: Collection[RowsWanted]) -> None:
        """Append the samples of ``batch``, of which :meth:`check` thinks well; nothing of them when this raises.

        What none of the ``wishes`` takes is not kept, and what was kept of it before is given up.
        """
        made = {}
        for name, values in batch.fields.items():
            if any(wanted.takes(name) for wanted in wishes):
                shape = self._shapes.get(name) or shape_of(name, values, self._responses)
                made[name] = shape, *self._rows_of(values, shape)
        for name in self._shapes.keys() - made.keys():
            del self._shapes[name], self._usable[name]
            self._values.pop(name).close()
        for name, (shape, rows, usable) in made.items():
            if name not in self._values:
                self._shapes[name] = shape
                self._values[name] = _Column(rows.shape[1], self._in_memory)
                self._usable[name] = []
            self._values[name].append(rows)
            self._usable[name].append(usable)
        ids = batch.metadata.get(Batch.StdKeys.IDENTIFIER)
        labels = batch.metadata.get(Batch.StdKeys.LABELS, {})
        self._note(batch.batch_size, ids, labels, batch.metadata.get(Batch.StdKeys.PATH))

    def _rows_of(self, values: NDArray[Any], shape: ResponseShape) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        rows, usable = unit_rows(values, shape, self._pool)
        with np.errstate(over="ignore", invalid="ignore"):
            single = rows.astype(np.float32)
        return single, usable

    def rows(self, wanted: RowsWanted | None = None) -> Rows:
        """Return the rows so far, all or those ``wanted``; the store must not be added to while they are used."""
        names = [name for name in self._values if wanted is None or wanted.takes(name)]
        return Rows(
            fields={name: self._values[name].array() for name in names},
            usable={name: self._usable_of(name) for name in names},
            ids=self._ids,
            made_ids=self._made_ids,
            labels=self._labels,
            paths=self._paths or None,
            graphs=self._graphs,
        )

    def close(self) -> None:
        """Give up files and neighbour graphs; rows that were handed out stay."""
        self._graphs.clear()
        for column in self._values.values():
            column.close()

    def layout(self) -> dict[str, ResponseShape]:
        """Return how the samples of each response that is kept are laid out."""
        return dict(self._shapes)

    @classmethod
    def restored(
        cls,
        pool: Pool | None,
        responses: Mapping[str, ResponseInfo],
        layout: Mapping[str, ResponseShape],
        parts: Iterable[Rows],
    ) -> RowStore:
        """Return a store of this ``layout`` that holds the rows of all ``parts``.

        Raises
        ------
        ValueError, KeyError
            when they do not fit each other.
        """
        store = cls(pool, responses)
        store._shapes = dict(layout)
        store._values = {name: _Column(shape.units, store._in_memory) for name, shape in layout.items()}
        store._usable = {name: [] for name in layout}
        for part in parts:
            for name in layout:
                store._values[name].append(part.fields[name])
                store._usable[name].append(part.usable[name])
            store._note(len(part), None if part.made_ids else part.ids, part.labels, part.paths)
        return store

    def _usable_of(self, name: str) -> NDArray[np.bool_]:
        parts = self._usable[name]
        if len(parts) != 1:
            parts[:] = [np.concatenate(parts) if parts else np.empty(0, np.bool_)]
        return parts[0]

    def _check_response(self, name: str, values: NDArray[Any], wanted: RowsWanted) -> None:
        if name in self._shapes:
            self._shapes[name].expect(name, values)
            return
        if self._ids:
            raise DeepViewException(f"Response {name!r} is not in the batches before: every batch needs it.")
        shape = shape_of(name, values, self._responses)
        if shape.positions and self._pool is None:
            raise UnpooledResponseError(name, shape.sample, wanted.analysis)

    def _note(
        self,
        count: int,
        ids: Sequence[Hashable] | None,
        labels: Mapping[Hashable, Sequence[Hashable]],
        paths: Sequence[object] | None,
    ) -> None:
        before = len(self._ids)
        after = before + count
        self._made_ids = ids is None
        self._ids.extend(range(before, after) if ids is None else ids)
        for dimension, given in labels.items():
            self._labels.setdefault(dimension, [None] * before).extend(given)
        for known in self._labels.values():
            known.extend([None] * (after - len(known)))
        if paths is not None:
            self._paths.extend([""] * (before - len(self._paths)))
            self._paths.extend(str(path) for path in paths)
        elif self._paths:
            self._paths.extend([""] * count)


class _Column:
    """float32 rows of one width that grow; beyond a bound they are in a file."""

    def __init__(self, width: int, in_memory: int) -> None:
        self._width = width
        self._in_memory = in_memory
        self._parts: list[NDArray[np.float32]] = []
        self._count = 0
        self._file: IO[bytes] | None = None

    def append(self, rows: NDArray[np.float32]) -> None:
        self._count += len(rows)
        if self._file is None and self._count * self._width * 4 > self._in_memory:
            self._file = tempfile.TemporaryFile(prefix="deepview-rows-")  # noqa: SIM115 - it lives as long as this
            for part in self._parts:
                self._file.write(part.data)
            self._parts = []
        if self._file is None:
            self._parts.append(rows)
        else:
            self._file.write(np.ascontiguousarray(rows).data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def array(self) -> NDArray[np.float32]:
        """Return [rows, width], read-only."""
        if self._file is None:
            if len(self._parts) != 1:
                empty = np.empty((0, self._width), np.float32)
                self._parts = [np.concatenate(self._parts) if self._parts else empty]
            whole = self._parts[0].view()
        else:
            self._file.flush()
            mapped: Any = np.memmap(self._file, np.float32, mode="r", shape=(self._count, self._width))
            whole = np.asarray(mapped)
        whole.flags.writeable = False
        return whole
