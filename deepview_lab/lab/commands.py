"""The command line of ``%deepview``: one place that the magic, its help and its completion read."""

from __future__ import annotations

import argparse
import math
from typing import Any, NoReturn

from IPython.core.error import UsageError

from deepview_lab.exceptions import UnknownNameError

__all__ = ["COMMANDS", "HelpShown", "parser"]

# What a command's first argument names.
COMMANDS = {
    "iua": "producer",
    "pfa": "producer",
    "live": "producer",
    "layers": "model",
    "runs": None,
    "cancel": "run",
}
INTROSPECTORS = ("iua", "pfa")


class HelpShown(Exception):  # noqa: N818 - no error: the user asked for help and got it
    """``--help`` was given and answered."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}\nMore: {self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise HelpShown


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole line."""
    top = _Parser(
        prog="%deepview",
        description="Look inside a network while data passes through it. Without a command: what is here, what runs.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    iua = commands.add_parser("iua", help="find inactive units, live", description="Find inactive units.")
    _run_arguments(iua)
    _iua_arguments(iua)
    pfa = commands.add_parser("pfa", help="find principal filters, live", description="Find principal filters.")
    _run_arguments(pfa)
    _pfa_arguments(pfa)
    live = commands.add_parser("live", help="several introspectors in one pass", description="Several in one pass.")
    _run_arguments(live)
    live.add_argument(
        "introspectors", metavar="INTROSPECTOR", nargs="*", help="iua, pfa; both when left out", type=_introspector
    )
    _iua_arguments(live)
    _pfa_arguments(live)
    layers = commands.add_parser("layers", help="the layers of a model", description="List the layers of a model.")
    layers.add_argument("model", metavar="MODEL", help="variable that holds a DeepView model")
    commands.add_parser("runs", help="all runs of this kernel", description="List the runs of this kernel.")
    cancel = commands.add_parser("cancel", help="stop a run, keep its results", description="Stop a run.")
    cancel.add_argument("run", metavar="RUN", help="id, name or variable of a run")
    return top


def _introspector(value: str) -> str:
    if value not in INTROSPECTORS:
        raise argparse.ArgumentTypeError(str(UnknownNameError("introspector", value, INTROSPECTORS)))
    return value


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, but is {value!r}")
    return int(value)


def _tolerance(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"must be a number of at least 0, but is {value!r}")
    return number


def _names(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",")]
    if not any(names):
        raise argparse.ArgumentTypeError(f"{value!r} names no layer")
    return [name for name in names if name]


def _run_arguments(command: Any) -> None:  # Any: argparse keeps its group types to itself
    command.add_argument("producer", metavar="PRODUCER", help="variable that holds a pipeline or another producer")
    command.add_argument("--batch-size", type=_count, default=32, metavar="N", help="samples per batch (32)")
    command.add_argument("--layers", type=_names, metavar="A,B", help="only these responses, separated by commas")
    command.add_argument("--name", help="name of the run")
    command.add_argument("--wait", action="store_true", help="wait for the end and return the result")


def _iua_arguments(command: Any) -> None:
    command.add_argument("--atol", type=_tolerance, default=1e-8, metavar="X", help="inactive means |x| <= X (1e-8)")


def _pfa_arguments(command: Any) -> None:
    command.add_argument(
        "--pool", choices=("average", "max", "none"), default="average", help="how feature maps are pooled (average)"
    )
