"""What is said of a report file that is not what was written."""

from __future__ import annotations

from pathlib import Path

from deepview_lab.exceptions import ReportFileError

__all__ = ["damaged"]


def damaged(path: Path, how: str) -> ReportFileError:
    """Return the error of a damaged file, with what can be done about it."""
    return ReportFileError(f"{path} is damaged: {how}. Save the run again, or get another copy of the file.")
