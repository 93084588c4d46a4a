"""The code that started a run, as far as the kernel knows it: so that it can be run again after a page was reloaded."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["PANEL_KEY", "Origin", "running_code", "variable_of"]

# Under this key of its request's metadata, DeepView's panel says what is in the code that it wrote.
PANEL_KEY = "deepview_lab"
# Characters: a run on a thousand layers by name needs 40,000.
_LONGEST = 65_536


@dataclass(frozen=True)
class Origin:
    """The code that started a run.

    Attributes
    ----------
    code : str
        A cell, or what the panel wrote.
    variable : str, optional
        The variable that holds the run; None of a cell.
    checkpoint : str, optional
        The folder in which it is kept, as it stands in the code; None of a cell and without one.
    """

    code: str
    variable: str | None = None
    checkpoint: str | None = None


def running_code() -> Origin | None:
    """Return the code that the kernel carries out on this thread, None where that is not known or too long to keep.

    That is so outside of a kernel, and on threads other than the main one, which outlive the cell that made them.
    """
    request = _request() if threading.current_thread() is threading.main_thread() else {}
    code, about = _of(request, "content").get("code"), _of(_of(request, "metadata"), PANEL_KEY)
    if _of(request, "header").get("msg_type") != "execute_request" or not isinstance(code, str):
        return None
    if not code.strip() or len(code) > _LONGEST:
        return None
    variable, checkpoint = (_text(about.get(name)) for name in ("variable", "checkpoint"))
    return Origin(code, variable, checkpoint) if variable is not None else Origin(code)


def variable_of(value: object) -> str | None:
    """Return the user's variable that holds this very object; None outside of IPython, and without one."""
    names: Any = getattr(_shell(), "user_ns", {})
    return next((name for name, held in list(names.items()) if held is value and not name.startswith("_")), None)


# Any: messages of Jupyter, which anybody may send.


def _request() -> Mapping[str, Any]:
    """Return the request that the kernel works on."""
    request: Any = getattr(_shell(), "get_parent", dict)()
    return request if isinstance(request, Mapping) else {}


def _shell() -> Any:
    """Return IPython's shell, None without. IPython is asked only if something else has imported it."""
    core = sys.modules.get("IPython.core.getipython")
    return core.get_ipython() if core is not None else None


def _of(message: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    found = message.get(part)
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
