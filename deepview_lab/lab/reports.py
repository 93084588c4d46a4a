"""Reports for the side panel: its buttons have the kernel evaluate these; what an error says, the panel says."""

from __future__ import annotations

import re
from pathlib import Path

from deepview_lab.engine import runs
from deepview_lab.exceptions import DeepViewException
from deepview_lab.introspectors.opened import open_report
from deepview_lab.report.archive import SUFFIX
from deepview_lab.report.opened_run import opened_run

__all__ = ["open_for_panel", "save_for_panel"]

_LONGEST_NAME = 80


def open_for_panel(path: str) -> str:
    """Open a report file and return the id of its run.

    Parameters
    ----------
    path : str
        As seen from the notebook's folder, which usually is the kernel's working directory.

    Raises
    ------
    DeepViewException
        when there is no such file: it says where it was looked for.
    ReportFileError
        when it is no report, of a newer version, or damaged.
    """
    if not Path(path).is_file():
        raise DeepViewException(f"The kernel finds no file {path}. {_where()}")
    return opened_run(open_report(path)).id


def save_for_panel(run: str, folder: str) -> str:
    """Save an ended run under its name, in a file that was not there before, and return the file's name.

    Parameters
    ----------
    run : str
        Its id.
    folder : str
        As seen from the notebook's folder.

    Raises
    ------
    DeepViewException
        when there is no such run or folder, or the run has not ended.
    NoSpaceError
        (an OSError) when the disk is full.
    """
    wanted = next((known for known in runs() if known.id == run), None)
    if wanted is None:
        raise DeepViewException("The kernel does not have this run any more.")
    if not Path(folder).is_dir():
        raise DeepViewException(f"The kernel finds no folder {folder}. {_where()}")
    path = _free(Path(folder), wanted.name)
    wanted.save(path)
    return path.name


def _where() -> str:
    return (
        f"Its working directory is {Path.cwd()}; the panel expects the notebook's folder. Go back there with os.chdir, "
        "or open the report in a cell: deepview_lab.open_report(path)."
    )


def _free(folder: Path, name: str) -> Path:
    """Return a path that is not there: NAME.dvreport, NAME-2.dvreport, ..., with what no file system minds."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:_LONGEST_NAME] or "run"
    path, count = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{SUFFIX}"
    return path
