"""Keeping a run on disk while it works: what is written, when, and how it is read again."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from deepview_lab.analysis.state import can_be_kept
from deepview_lab.base import Batch, Layer, Producer, ResponseInfo
from deepview_lab.base.digest import Digest
from deepview_lab.base.fingerprint import data_fingerprint, differences, fingerprint
from deepview_lab.engine.checkpoint.folder import DAMAGE, Checkpoint, Kept
from deepview_lab.engine.checkpoint.info import CheckpointInfo
from deepview_lab.engine.checkpoint.rows import KeptRows, check_samples
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask
from deepview_lab.exceptions import CheckpointMismatchError, DeepViewException

__all__ = ["CheckpointWriter", "check_keepable", "identity"]

# Writing takes at most this share of the time, however large the state is, ...
SHARE = 0.02
# ... but is done at least so often, and not more often than is of use (seconds).
RARELY = 600.0
OFTEN = 1.0

_DTYPE = re.compile(r"[<>|=]?[A-Za-z?]\d{0,9}(\[\d{0,9}[A-Za-z]{1,2}\])?", re.ASCII)

_logger = logging.getLogger(__name__)


def identity(producer: Producer, tasks: list[IntrospectorTask], batch_size: int) -> dict[str, str]:
    """Return what a run computes and from what: a checkpoint of another one is refused. Nothing is run."""
    found = {"introspectors": ", ".join(task.name for task in tasks), "batch size": str(batch_size)}
    for task in tasks:
        found |= {f"{task.name} {name}": text for name, text in Digest().attributes(task.spec).items()}
    return found | fingerprint(producer)


def check_keepable(tasks: list[IntrospectorTask]) -> None:
    """Raise a DeepViewException unless all accumulators can be written to disk."""
    for task in tasks:
        if not can_be_kept(task.spec, task.spec.create()):
            raise DeepViewException(
                f"{type(task.spec).__name__} cannot be kept in a checkpoint: it has no methods `state` and `restore` "
                "(see deepview_lab.analysis.state.Keepable). Add them, or leave out checkpoint=."
            )


class CheckpointWriter:
    """Writes one run to its checkpoint, and reads what is there.

    Attributes
    ----------
    path : str
        The folder, as text.
    kept : Kept or None
        What is on disk; None before the first time.
    trouble : str or None
        Why the last attempt to write failed; the run continues without.

    Parameters
    ----------
    checkpoint : Checkpoint
        The folder, which is closed with this.
    producer : Producer
        What the run reads.
    identity : mapping of str to str
        See :func:`identity`; taken before the run works.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        producer: Producer,
        identity: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = str(checkpoint.folder)
        self.kept: Kept | None = None
        self.trouble: str | None = None
        self._checkpoint = checkpoint
        self._producer = producer
        self._identity = dict(identity)
        self._data = {name: text for name, text in identity.items() if name.startswith("source")}
        self._moving: set[str] = set()
        self._rows: list[KeptRows] = []
        self._clock = clock
        self._last = clock()
        self._cost = 0.0
        self._written: tuple[int, bool] | None = None

    def restore(
        self, work: RunWork, known: Mapping[str, ResponseInfo]
    ) -> tuple[Mapping[str, ResponseInfo], bool] | None:
        """Have ``work`` go on from what the folder holds.

        Parameters
        ----------
        work : RunWork
            That of a run which has not begun.
        known : mapping of str to ResponseInfo
            What is known of the responses without any data.

        Returns
        -------
        tuple or None
            The responses, and whether all data had been read; None when the folder is empty.

        Raises
        ------
        CheckpointError
            when it is damaged.
        CheckpointMismatchError
            when it is of another run, saying what differs.
        """
        self._rows = [KeptRows(self._checkpoint.folder, index) for index in range(len(work.pools()))]
        state = self._checkpoint.read()
        if state is None:
            return None
        try:
            facts = state.facts
            self._check(facts)
            responses = known or _responses(facts["responses"])
            parts = zip(self._rows, facts["rows"], work.pools(), strict=True)
            stores = [kept.restore(part, pool, responses) for kept, part, pool in parts]
            work.restore(state, responses, stores)
            complete = bool(facts["complete"])
        except CheckpointMismatchError:
            raise
        except DAMAGE as error:
            raise self._checkpoint.damaged(error) from error
        self.kept = self._checkpoint.kept(work.batches)
        self._written = work.samples, complete
        return responses, complete

    def _check(self, facts: Mapping[str, Any]) -> None:
        self._moving = {_text(name) for name in facts["moving"]}
        before = {_text(name): _text(text) for name, text in facts["identity"].items()}
        found = [item for item in differences(before, self._identity) if item[0] not in self._moving]
        if found:
            raise CheckpointMismatchError(self._checkpoint.folder, found)

    def check(self, work: RunWork, batch: Batch) -> None:
        """Raise a DeepViewException when this first batch shows that the run could not be kept."""
        if work.samples == 0 and work.pools():
            check_samples(batch)

    def due(self) -> bool:
        """Return whether it is time to write."""
        return self._clock() - self._last >= min(max(self._cost / SHARE, OFTEN), RARELY)

    def keep(self, work: RunWork, responses: Mapping[str, ResponseInfo], *, complete: bool) -> None:
        """Write, unless that is written already or the numbers are no state to go on from. Raises nothing but an exit.

        The numbers must not change meanwhile.
        """
        nothing_new = work.samples == 0 or (work.samples, complete) == self._written
        if nothing_new or not (work.whole and work.working):
            return
        began = self._clock()
        try:
            self._write(work, responses, complete=complete)
            kept = self._checkpoint.kept(work.batches)
        except Exception as error:  # noqa: BLE001 - a full disk must not end the run, and a later attempt may work
            self.trouble = f"No checkpoint could be written: {error}"
            _logger.warning("The run continues, but %s", self.trouble)
        else:
            self.trouble = None
            self.kept = kept
            self._written = work.samples, complete
        self._last = self._clock()
        self._cost = self._last - began

    def describe(self, about: CheckpointInfo) -> None:
        """Say beside what is kept, if anything is, what run it is of."""
        if self.kept is None:
            return
        began = self._clock()
        try:
            about.write(self._checkpoint.folder)
        except OSError as error:
            _logger.warning("JupyterLab will not list what is kept in %s: %s", self.path, error)
        self._last = self._clock()
        self._cost += self._last - began

    def close(self) -> None:
        """Let others have the folder."""
        self._checkpoint.close()

    def _write(self, work: RunWork, responses: Mapping[str, ResponseInfo], *, complete: bool) -> None:
        now = data_fingerprint(self._producer)
        # What changes in the source while it works, such as a count of calls, says nothing about its data.
        self._moving |= {name for name, _, _ in differences(self._data, now)}
        rows = [kept.append(work.stores[pool]) for kept, pool in zip(self._rows, work.pools(), strict=True)]
        state = work.state()
        facts: dict[str, Any] = {
            "identity": self._identity,
            "moving": sorted(self._moving),
            "responses": [[info.name, np.dtype(info.dtype).str, list(info.shape)] for info in responses.values()],
            "rows": rows,
            "complete": complete,
            **state.facts,
        }
        self._checkpoint.write(state.arrays, facts)


def _text(value: Any) -> str:
    """Return ``value``, which comes from a file and must be a text."""
    if not isinstance(value, str):
        raise TypeError(f"a {type(value).__name__} where a text is expected")
    return value


def _dtype(text: str) -> np.dtype[Any]:
    """Return a dtype. NumPy would evaluate a text of another form."""
    if _DTYPE.fullmatch(text) is None:
        raise ValueError(f"no data type: {text[:40]!r}")
    return np.dtype(text)


def _responses(facts: list[Any]) -> dict[str, ResponseInfo]:
    """Return responses as far as a batch tells them; of a pipeline with a model more is known, and used instead."""
    return {
        str(name): ResponseInfo(
            name=str(name),
            dtype=_dtype(str(dtype)),
            shape=tuple(None if length is None else int(length) for length in shape),  # nothing is made of this size
            layer=Layer(str(name)),
        )
        for name, dtype, shape in facts
    }
