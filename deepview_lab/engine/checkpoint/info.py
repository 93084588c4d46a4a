"""What a person is told of a run that is kept on disk, in a file that is read without a kernel."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from deepview_lab.base.own_files import replace_own, write_all

__all__ = ["ABOUT", "CheckpointInfo"]

ABOUT = "run.json"
_FORMAT = 1


@dataclass(frozen=True)
class CheckpointInfo:
    """A run in a checkpoint, as JupyterLab's panel shows it.

    Attributes
    ----------
    name : str
        For people.
    batches : int
        Batches kept.
    total_batches : int or None
        How many there will be.
    done : bool
        Whether it has its results, so that nobody need go on with it.
    code, variable : str or None
        See :class:`deepview_lab.engine.origin.Origin`. It is shown and inserted into a cell, and never run by itself:
        whoever can write the folder can write it.
    """

    name: str
    batches: int
    total_batches: int | None
    done: bool
    code: str | None = None
    variable: str | None = None

    def write(self, folder: Path) -> None:
        """Replace what ``folder`` says of its run.

        Raises
        ------
        OSError
            when it cannot be written; what was there is still there.
        """
        with replace_own(folder / ABOUT) as file:
            write_all(file, json.dumps({"format": _FORMAT, **asdict(self)}).encode())
