"""Loading and unloading the IPython extension."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from deepview_lab.engine import RunView
from deepview_lab.lab.canvas import Canvas
from deepview_lab.lab.magics.completion import MATCHER, completer
from deepview_lab.lab.magics.magics import DeepViewMagics
from deepview_lab.lab.session import session
from deepview_lab.report import Report
from deepview_lab.report.opened_run import opened_run

__all__ = ["load", "unload"]


def load(shell: InteractiveShell) -> None:
    """Open the session, register the magic and its completion, show runs as canvases, look for what cells define.

    Reports are shown as the runs that they were.
    """
    unload(shell)  # loading again must not complete twice
    session()
    shell.register_magics(DeepViewMagics(shell))
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(completer(shell))
    _displays(shell).for_type(RunView, lambda run: display(Canvas(run)))
    _displays(shell).for_type(Report, lambda report: display(Canvas(opened_run(report))))
    shell.events.register("post_run_cell", _look_again)


def unload(shell: InteractiveShell) -> None:
    """Take all that back; runs go on, and the session stays for them."""
    shell.magics_manager.magics["line"].pop("deepview", None)
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [item for item in matchers if getattr(item, "matcher_identifier", None) != MATCHER]
    for shown in (RunView, Report):
        _displays(shell).pop(shown, None)
    if _look_again in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", _look_again)


def _look_again(_: object) -> None:
    """Tell the side panel what the cell that just ended has defined."""
    session().hub.look_again()


def _displays(shell: InteractiveShell) -> Any:  # Any: IPython's formatter has no type that tells its parts
    formatter: Any = shell.display_formatter
    return formatter.ipython_display_formatter
