"""A checkpoint: the folder in which one run is kept, so that another process can go on with it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.state import State
from deepview_lab.base.own_files import sync_folder
from deepview_lab.engine.array_file import DAMAGE, read_arrays, write_arrays
from deepview_lab.exceptions import CheckpointError
from deepview_lab.processors.cache.lock import FolderLock

__all__ = ["DAMAGE", "Checkpoint"]

STATE = "state.npz"
_FACTS = "facts"
_FORMAT = 2


class Checkpoint:
    """A folder that belongs to one run at a time.

    It holds ``state.npz`` (a zip of plain arrays, one of which is JSON; nothing in it is unpickled or evaluated, see
    :mod:`deepview_lab.engine.array_file`) and files of rows. The former is replaced as a whole, so that at any moment
    there is one that is whole.

    Use :meth:`open`, and :meth:`close` it.

    Attributes
    ----------
    folder : Path
        Where it is.
    """

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        self.folder = folder
        self._lock: FolderLock | None = lock

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Checkpoint:
        """Take the folder ``path``, which is made if need be.

        Raises
        ------
        CheckpointError
            when it cannot be made, or another run holds it.
        """
        folder = Path(path).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FolderLock.take(folder)
        except OSError as error:
            why = f"cannot be used: {error.strerror or error}"
            raise CheckpointError(folder, why, "Give a folder that can be written to.") from error
        if lock is None:
            holder = f"is used by another run, in the process {FolderLock.holder(folder)}"
            raise CheckpointError(folder, holder, "Wait for its end, stop it, or give another path.")
        return cls(folder, lock)

    def read(self) -> State | None:
        """Return what :meth:`write` was given, None when the folder is empty.

        Raises
        ------
        CheckpointError
            when it is damaged, or made by another version of DeepView.
        """
        path = self.folder / STATE
        if not path.exists():
            return None
        try:
            with path.open("rb") as opened:
                arrays = read_arrays(opened)
            facts = json.loads(arrays.pop(_FACTS).tobytes())
            version = facts.pop("format")
        except DAMAGE as error:
            raise self.damaged(error) from error
        if version != _FORMAT:
            why = f"has format {version}, but this version of DeepView reads format {_FORMAT}"
            raise CheckpointError(self.folder, why, "Use the version that made it, or delete the folder to start anew.")
        return State(arrays, facts)

    def damaged(self, error: BaseException) -> CheckpointError:
        """Return the error to raise when what was read makes no sense."""
        why = f"is damaged ({type(error).__name__}: {error})"
        return CheckpointError(self.folder, why, "Delete the folder to start anew.")

    def write(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Replace what the folder holds.

        Raises
        ------
        OSError
            when it cannot be written; what was there before is still there.
        TypeError
            for an array of anything but numbers, or facts that are no JSON.
        """
        text = json.dumps({**facts, "format": _FORMAT}).encode()
        partial = self.folder / f".{STATE}.partial"
        try:
            with partial.open("wb") as file:
                write_arrays(file, {**arrays, _FACTS: np.frombuffer(text, np.uint8)})
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / STATE)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync_folder(self.folder)

    def close(self) -> None:
        """Let others have the folder. May be called twice."""
        if self._lock is not None:
            self._lock.__exit__(None, None, None)
            self._lock = None
