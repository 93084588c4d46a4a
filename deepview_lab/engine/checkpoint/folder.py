"""A checkpoint: the folder in which one run is kept, so that another process can resume it."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.state import State
from deepview_lab.base.cache.index import LOCK
from deepview_lab.base.cache.lock import FolderLock
from deepview_lab.base.own_files import check_own, open_own, replace_own
from deepview_lab.engine.checkpoint.array_file import DAMAGE, read_arrays, write_arrays
from deepview_lab.exceptions import CheckpointError, ForeignFileError

__all__ = ["DAMAGE", "Checkpoint", "Kept"]

STATE = "state.npz"
_FACTS = "facts"
_FORMAT = 2
_DATA = r"state\.npz|\d+\.samples|\d+\.\d+\.(rows|usable)"
_OURS = re.compile(rf"{_DATA}|{LOCK}|\.state\.npz\.partial|\.?run\.json(\.partial)?", re.ASCII)


@dataclass(frozen=True)
class Kept:
    """What is on disk of a run.

    Attributes
    ----------
    batches : int
        Whole batches whose results are kept.
    nbytes : int
        Bytes of the state and the rows.
    when : float
        Seconds since the epoch.
    """

    batches: int
    nbytes: int
    when: float


class Checkpoint:
    """A folder that belongs to one run at a time.

    It holds files of rows and ``state.npz``: a zip of plain arrays, one of which is JSON. Nothing in it is unpickled or
    evaluated (see :mod:`deepview_lab.engine.checkpoint.array_file`), and it is replaced as a whole, so that at any
    moment there is a whole one. No link in the folder is followed, for reading or for writing.

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
            when it cannot be made, another run holds it, or something in it is in the place of a checkpoint's file: a
            link, a folder, a pipe, or another program's file.
        """
        folder = Path(path).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _check_files(folder)
            lock = FolderLock.take(folder)
        except ForeignFileError as error:
            raise CheckpointError(folder, "cannot be used", error.message) from error
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
        try:
            if not check_own(path):
                return None
            with io.BufferedReader(open_own(path)) as opened:
                arrays = read_arrays(opened)
            facts = json.loads(arrays.pop(_FACTS).tobytes())
            version = facts.pop("format")
        except DAMAGE as error:
            raise self.damaged(error) from error
        if version != _FORMAT:
            why = f"has format {version}, but this version of DeepView reads format {_FORMAT}"
            raise CheckpointError(self.folder, why, "Use the version that made it, or delete the folder to start anew.")
        return State(arrays, facts)

    def kept(self, batches: int) -> Kept:
        """Return what is on disk, which is known to be of so many ``batches``.

        Raises
        ------
        OSError
            when the files cannot be looked at.
        """
        sizes = [path.lstat().st_size for path in self.folder.iterdir() if re.fullmatch(_DATA, path.name, re.ASCII)]
        return Kept(batches, sum(sizes), (self.folder / STATE).lstat().st_mtime)

    def damaged(self, error: BaseException) -> CheckpointError:
        """Return the error to raise when what was read makes no sense."""
        if isinstance(error, ForeignFileError):
            return CheckpointError(self.folder, "cannot be used", error.message)
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
        with replace_own(self.folder / STATE) as file:
            buffered = io.BufferedRandom(file)  # an unbuffered file may take a part only
            write_arrays(buffered, {**arrays, _FACTS: np.frombuffer(text, np.uint8)})
            buffered.flush()
            buffered.detach()

    def close(self) -> None:
        """Let others have the folder. May be called twice."""
        if self._lock is not None:
            self._lock.__exit__(None, None, None)
            self._lock = None


def _check_files(folder: Path) -> None:
    """Raise a ForeignFileError when a run would read or overwrite something that no run has written."""
    found = sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))
    for path in found:
        check_own(path)
    if found and not {LOCK, STATE} & {path.name for path in found}:
        raise ForeignFileError(found[0], "the file of another program")
