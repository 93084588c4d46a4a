"""What a run holds while it works: its introspectors, the row stores they share, and how many samples passed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray

from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import Rows
from deepview_lab.analysis.state import State
from deepview_lab.base import Batch, ResponseInfo
from deepview_lab.engine.coverage import FieldCoverage
from deepview_lab.engine.work.row_store import RowStore
from deepview_lab.engine.work.stability import Stability, cut_at_marks
from deepview_lab.engine.work.task import IntrospectorTask

__all__ = ["RunWork"]

# Whole numbers that JavaScript knows.
_MOST = 2**53


class RunWork:
    """Folds batches for all introspectors of a run.

    Attributes
    ----------
    tasks : dict of str to IntrospectorTask
        By the introspectors' names.
    stores : dict of Pool or None to RowStore
        Rows for those that want some, by how they are pooled.
    samples : int
        Samples folded.
    batches, extra : int
        Whole batches folded, and samples of the next one, of which a run that was settled took only some.
    whole : bool
        False while a batch is being folded, and for ever if that was interrupted: then the numbers are no state to
        go on from.
    coverage : FieldCoverage or None
        Which fields are not in every batch; None when a checkpoint of an earlier version did not say.
    lock : threading.Lock
        Held while numbers change, and by who looks at them.

    Parameters
    ----------
    tasks : sequence of IntrospectorTask
        The introspectors.
    until_stable : int or None
        Enough is enough when all layers were stable at so many marks in a row.
    """

    def __init__(self, tasks: Sequence[IntrospectorTask], until_stable: int | None = None) -> None:
        self.tasks = {task.name: task for task in tasks}
        self.stores: dict[Pool | None, RowStore] = {}
        self.samples = 0
        self.batches = 0
        self.extra = 0
        self.whole = True
        self.coverage: FieldCoverage | None = FieldCoverage()
        self.lock = threading.Lock()
        self._until_stable = until_stable
        self._settling = [task for task in tasks if task.stability is not None]

    @property
    def working(self) -> bool:
        """Whether any introspector still works."""
        return any(task.error is None for task in self.tasks.values())

    @property
    def settled(self) -> bool:
        """Whether all layers of all introspectors that look at layers have been stable for long enough."""
        quiet = [task.stability.quiet_marks for task in self._settling if task.stability and task.error is None]
        return self._until_stable is not None and min(quiet, default=0) >= self._until_stable

    def begin(self, responses: Mapping[str, ResponseInfo]) -> None:
        """Start from nothing."""
        with self.lock:
            for task in self.tasks.values():
                task.begin(responses)
            self.stores = {pool: RowStore(pool, responses) for pool in self.pools()}

    def fold_in(self, batch: Batch) -> int:
        """Let every introspector have ``batch``; return how many of its samples: not all if it is settled midway."""
        taken = 0
        with self.lock:
            self.whole = False
            for part in cut_at_marks(batch, self.samples) if self._settling else [batch]:
                self._fold_part(part)
                taken += part.batch_size
                if self.settled or not self.working:
                    break
            if self.coverage is not None:
                self.coverage.count(self.batches + 1, self._fields_taken(batch), taken)
            self._count(taken, batch.batch_size)
            self.whole = True
        return taken

    def _fields_taken(self, batch: Batch) -> list[str]:
        """Return the names of the fields that any introspector takes."""
        wishes = [task.spec.rows_wanted for task in self.tasks.values()]
        return [name for name in batch.fields if any(wanted is None or wanted.takes(name) for wanted in wishes)]

    def _count(self, taken: int, size: int) -> None:
        if taken < size:
            self.extra += taken
        else:
            self.batches += 1
            self.extra = 0

    def _fold_part(self, batch: Batch) -> None:
        for pool, store in self.stores.items():
            self._keep_rows(pool, store, batch)
        for task in self.tasks.values():
            task.update(batch)
        self.samples += batch.batch_size
        if batch.batch_size and Stability.is_mark(self.samples):
            for task in self._settling:
                task.look(self.samples)

    def _keep_rows(self, pool: Pool | None, store: RowStore, batch: Batch) -> None:
        """Keep the rows that those want that still work; whose rows do not fit, fails, and the others continue."""
        wanting = [
            (task, wanted)
            for task in self.tasks.values()
            if (wanted := task.spec.rows_wanted) is not None and wanted.pool == pool
        ]
        for task, wanted in wanting:
            if task.error is None:
                try:
                    store.check(batch, wanted)
                except Exception as error:  # noqa: BLE001 - it is reported by the run
                    task.fail(error)
        working = {task: wanted for task, wanted in wanting if task.error is None}
        try:
            if working:
                store.add(batch, working.values())
        except Exception as error:  # noqa: BLE001 - as above, of a full disk for example
            for task in working:
                task.fail(error)

    def renew_locks(self) -> None:
        """Have locks that nobody holds, in a process that was forked: their holders are not here."""
        self.lock = threading.Lock()
        for task in self.tasks.values():
            task.renew_lock()

    def rows_for(self, task: IntrospectorTask) -> Callable[[], Rows] | None:
        """Return a way to get the rows that ``task`` wants; None if there are none."""
        wanted = task.spec.rows_wanted
        store = None if wanted is None else self.stores.get(wanted.pool)
        return None if store is None else partial(store.rows, wanted)

    def drop_rows(self) -> None:
        """Give up the row stores; what was made of them stays."""
        for store in self.stores.values():
            store.close()
        self.stores.clear()

    def state(self) -> State:
        """Return everything but the rows."""
        arrays: dict[str, NDArray[Any]] = {}
        facts = []
        for index, task in enumerate(self.tasks.values()):
            state = task.state()
            arrays |= {f"{index}.{name}": values for name, values in state.arrays.items()}
            facts.append(state.facts)
        counts = {"samples": self.samples, "batches": self.batches, "extra": self.extra}
        fields = self.coverage.facts() if self.coverage is not None else None
        return State(arrays, {**counts, "folds": facts, "fields": fields})

    def restore(self, state: State, responses: Mapping[str, ResponseInfo], stores: Sequence[RowStore]) -> None:
        """Go on from ``state``, of the same introspectors, and the rows that were kept.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is no such state.
        """
        for index, task in enumerate(self.tasks.values()):
            head = f"{index}."
            arrays = {name.removeprefix(head): v for name, v in state.arrays.items() if name.startswith(head)}
            task.restore(State(arrays, state.facts["folds"][index]), responses)
        self.stores = dict(zip(self.pools(), stores, strict=True))
        counts = [int(state.facts[name]) for name in ("samples", "batches", "extra")]
        if not all(0 <= count <= _MOST for count in counts):
            raise ValueError(f"no numbers of samples and batches: {counts}")
        self.samples, self.batches, self.extra = counts
        fields = state.facts.get("fields")
        self.coverage = None if fields is None else FieldCoverage.restored(fields)

    def pools(self) -> list[Pool | None]:
        """Return in which ways rows are pooled: one store for each, in this order."""
        wishes = (task.spec.rows_wanted for task in self.tasks.values())
        return list(dict.fromkeys(wanted.pool for wanted in wishes if wanted is not None))
