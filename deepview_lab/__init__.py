"""DeepView Lab: look inside neural networks from JupyterLab, live.

``%load_ext deepview_lab`` in a notebook, then ``deepview_lab.start(producer, IUA.spec(), PFA.spec(pool="average"))``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from deepview_lab.base import as_model, as_producer
    from deepview_lab.engine import Run, runs, start
    from deepview_lab.introspectors.one_line import introspect
    from deepview_lab.introspectors.opened import open_report
    from deepview_lab.lab.canvas import Canvas

from deepview_lab.run_saver import hand_in

__version__ = "0.1.0"
__all__ = ["Canvas", "Run", "__version__", "as_model", "as_producer", "introspect", "open_report", "runs", "start"]

_LAZY = {
    "Canvas": "deepview_lab.lab.canvas",
    "Run": "deepview_lab.engine",
    "as_model": "deepview_lab.base",
    "as_producer": "deepview_lab.base",
    "introspect": "deepview_lab.introspectors.one_line",
    "open_report": "deepview_lab.introspectors.opened",
    "runs": "deepview_lab.engine",
    "start": "deepview_lab.engine",
}


def __getattr__(name: str) -> Any:  # Any: each name is something else
    if name not in _LAZY:
        raise AttributeError(f"module 'deepview_lab' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})


def _save_run(run: Any, path: Any) -> Path:  # Any: their types are not imported here
    from deepview_lab.report.saving import save_run

    return save_run(run, path)


def _save_page(run: Any, path: Any, *, include_code: bool, include_paths: bool, include_samples: bool) -> Path:
    from deepview_lab.report.page import save_page

    return save_page(run, path, include_code=include_code, include_paths=include_paths, include_samples=include_samples)


hand_in(_save_run, _save_page)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext deepview_lab``: the ``%deepview`` magic, live runs in the side panel, runs shown as a canvas."""
    from deepview_lab.lab.extension import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """``%unload_ext deepview_lab``."""
    from deepview_lab.lab.extension import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "deepview-lab"}]
