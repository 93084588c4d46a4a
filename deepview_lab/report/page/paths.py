"""Paths of this machine, which tell strangers who works here and where."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["without_paths"]

_START = r"(?:file://)?(?:~[\w.-]*|[A-Za-z]:|\\\\[\w.-]+)?[\\/]"
_PART = r"[^\s\\/:*?\"'<>|()\[\],;]+"
# Within a sentence a path ends at the first space: of one with spaces in a folder's name, a part may stay.
_WITHIN = re.compile(rf"(?<![\w.:/\\~-]){_START}(?:{_PART}[\\/]+)+(?P<last>{_PART})?")
_WHOLE = re.compile(rf"{_START}[^\n]*")
_LONGEST = 4096


def without_paths(text: str) -> str:
    r"""Return a text with the last part only of each absolute path; folders go.

    Examples
    --------
    >>> without_paths("No file /home/ada/data/cats.npz. Look at layer block/conv.")
    'No file cats.npz. Look at layer block/conv.'
    >>> without_paths("C:\\Users\\Ada L\\cat 1.png")
    'cat 1.png'
    """
    if "/" not in text and "\\" not in text:
        return text
    if len(text) <= _LONGEST and _WHOLE.fullmatch(text) and ". " not in text:
        return re.split(r"[\\/]", text.rstrip("\\/"))[-1]
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    return _WITHIN.sub(lambda match: match["last"] or "(folder)", text)
