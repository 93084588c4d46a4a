"""Reports for the side panel: its buttons have the kernel evaluate these; what an error says, the panel says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

import msgspec

from deepview_lab.engine import RunView, runs
from deepview_lab.exceptions import DeepViewException
from deepview_lab.introspectors.opened import open_report
from deepview_lab.report.file.manifest import SUFFIX
from deepview_lab.report.opened_run import opened_run
from deepview_lab.report.page import contents_of

__all__ = ["export_for_panel", "open_for_panel", "save_for_panel"]

_LONGEST_NAME = 80


def open_for_panel(path: str, *, folder: str, root: str) -> str:
    """Open a report file and return the id of its run.

    Parameters
    ----------
    path : str
        On JupyterLab's server, from its root.
    folder : str
        The notebook's folder there.
    root : str
        Where the server's root is among the server's files; empty when it does not tell.

    Raises
    ------
    DeepViewException
        when there is no such file: it says where it was looked for.
    ReportFileError
        when it is no report, of a newer version, or damaged.
    """
    file = _seen_from_here(path, folder, root)
    if not file.is_file():
        raise DeepViewException(
            f"The kernel finds no file {file}. If it runs on another machine than JupyterLab, copy the file there and "
            "open it in a cell: deepview_lab.open_report(path)."
        )
    return opened_run(open_report(file)).id


def save_for_panel(run: str, target: str, *, folder: str, root: str) -> str:
    """Save an ended run under its name, in a file that was not there before, and return its path as in a URL.

    Parameters
    ----------
    run : str
        Its id.
    target : str
        The folder of JupyterLab's server where it is to be.
    folder, root : str
        As of :func:`open_for_panel`.

    Raises
    ------
    DeepViewException
        when there is no such run or folder, or the run has not ended.
    NoSpaceError
        (an OSError) when the disk is full.
    """
    wanted, place = _run_and_place(run, target, folder, root)
    path = _free(place, wanted.name)
    wanted.save(path)
    return quote(path.as_posix())


def export_for_panel(run: str, target: str, *, folder: str, root: str) -> str:
    """Write an ended run as an HTML page that was not there before; return where it is and what it holds.

    Parameters
    ----------
    run, target, folder, root : str
        As of :func:`save_for_panel`.

    Returns
    -------
    str
        JSON with ``path`` and ``contents``, as in a URL.

    Raises
    ------
    DeepViewException
        when there is no such run or folder, or the run has not ended.
    NoSpaceError
        (an OSError) when the disk is full.
    """
    wanted, place = _run_and_place(run, target, folder, root)
    path = _free(place, wanted.name, ".html")
    wanted.to_html(path)
    return quote(msgspec.json.encode({"path": path.as_posix(), "contents": contents_of(wanted)}))


def _run_and_place(run: str, target: str, folder: str, root: str) -> tuple[RunView, Path]:
    """Return a run by its id, and the folder where a file of it is to be."""
    wanted = next((known for known in runs() if known.id == run), None)
    if wanted is None:
        raise DeepViewException("The kernel does not have this run any more.")
    place = _seen_from_here(target, folder, root)
    if not place.is_dir():
        raise DeepViewException(
            f"The kernel finds no folder {place}. Save the run in a cell, to a path of the kernel's machine: "
            "run.save(path)."
        )
    return wanted, place


def _seen_from_here(path: str, folder: str, root: str) -> Path:
    """Return where the kernel sees a path of the server, wherever its working directory is by now.

    A kernel that does not see the notebook's folder at its place has other files than the server: it takes the folder
    in which it was started for that of the notebook.
    """
    top = Path(root).expanduser()
    if root and (top / folder).is_dir():
        return top / path
    return Path(os.path.normpath(_started_in() / os.path.relpath(f"/{path}", f"/{folder}")))


def _started_in() -> Path:
    """Return the folder of the notebook when the kernel was started, as far as its server told."""
    started = Path(os.environ.get("JPY_SESSION_NAME", "")).parent
    return started if started.is_absolute() and started.is_dir() else Path.cwd()


def _free(folder: Path, name: str, suffix: str = SUFFIX) -> Path:
    """Return a path that is not there: NAME.dvreport, NAME-2.dvreport, ..., with what no file system minds."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:_LONGEST_NAME] or "run"
    path, count = folder / f"{stem}{suffix}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{suffix}"
    return path
