"""The command line of ``%deepview``: one place that the magic, its help and its completion read."""

from __future__ import annotations

import argparse
import math
from typing import Any, NoReturn

from IPython.core.error import UsageError

from deepview_lab.exceptions import UnknownNameError
from deepview_lab.lab.magics.analyses import ANALYSES, METHODS

__all__ = ["COMMANDS", "HelpShown", "parser"]

# What a command's first argument names.
COMMANDS = {
    **dict.fromkeys(ANALYSES, "producer"),
    "live": "producer",
    "layers": "model",
    "runs": None,
    "cancel": "run",
    "pause": "run",
    "resume": "run",
    "save": "ended run",
    "open": None,
}


class HelpShown(Exception):  # noqa: N818 - no error: the user asked for help and got it
    """``--help`` was given and answered."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}\nMore: {self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise HelpShown


_STEERING = {
    "cancel": "stop a run, keep its results",
    "pause": "let a run rest after its current batch",
    "resume": "let a paused run go on",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole line."""
    top = _Parser(
        prog="%deepview",
        description="Look inside a network while data passes through it. Without a command: what is here, what runs.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name, analysis in ANALYSES.items():
        description = f"{analysis.help[0].upper()}{analysis.help[1:]}, live."
        _run_arguments(commands.add_parser(name, help=analysis.help, description=description), analysis.options)
    live = commands.add_parser("live", help="several introspectors in one pass", description="Several in one pass.")
    _run_arguments(live, tuple(dict.fromkeys(option for each in ANALYSES.values() for option in each.options)))
    live.add_argument(
        "introspectors",
        metavar="INTROSPECTOR",
        nargs="*",
        help=f"{', '.join(ANALYSES)}; iua and pfa when left out",
        type=_introspector,
    )
    layers = commands.add_parser("layers", help="the layers of a model", description="List the layers of a model.")
    layers.add_argument("model", metavar="MODEL", help="variable that holds a DeepView model")
    commands.add_parser("runs", help="all runs of this kernel", description="List the runs of this kernel.")
    for name, does in _STEERING.items():
        steered = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        steered.add_argument("run", metavar="RUN", help="id, name or variable of a run")
    _file_commands(commands)
    return top


def _file_commands(commands: Any) -> None:  # Any: argparse keeps its group types to itself
    save = commands.add_parser(
        "save", help="keep a run's results in a .dvreport file", description="Keep a run's results in a file."
    )
    save.add_argument("run", metavar="RUN", help="id, name or variable of an ended run")
    save.add_argument("file", metavar="FILE", help="path that ends in .dvreport; what is there is replaced")
    opened = commands.add_parser(
        "open",
        help="show what a .dvreport file holds",
        description="Open a file: prints a summary, returns the report, which is shown as the run that it was.",
    )
    opened.add_argument("file", metavar="FILE", help="path of a .dvreport file")


def _introspector(value: str) -> str:
    if value not in ANALYSES:
        raise argparse.ArgumentTypeError(str(UnknownNameError("introspector", value, ANALYSES)))
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


def _similarity(value: str) -> float:
    number = _tolerance(value)
    if number > 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, but is {value!r}")
    return number


def _names(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",")]
    if not any(names):
        raise argparse.ArgumentTypeError(f"{value!r} names no layer")
    return [name for name in names if name]


def _run_arguments(command: Any, options: tuple[str, ...]) -> None:  # Any: argparse keeps its group types to itself
    command.add_argument("producer", metavar="PRODUCER", help="variable that holds a pipeline or another producer")
    command.add_argument("--batch-size", type=_count, default=32, metavar="N", help="samples per batch (32)")
    command.add_argument("--layers", type=_names, metavar="A,B", help="only these responses, separated by commas")
    command.add_argument("--name", help="name of the run")
    command.add_argument("--wait", action="store_true", help="wait for the end and return the result")
    command.add_argument(
        "--until-stable", type=_count, metavar="N", help="stop when all layers were stable N times in a row"
    )
    command.add_argument("--checkpoint", metavar="PATH", help="folder to keep the run in, and to go on from")
    for option in options:
        command.add_argument(f"--{option}", **_OPTIONS[option])


# How each option of an analysis is read.
_OPTIONS: dict[str, dict[str, Any]] = {  # Any: argparse's own arguments
    "atol": {"type": _tolerance, "default": 1e-8, "metavar": "X", "help": "inactive means |x| <= X (1e-8)"},
    "pool": {
        "choices": ("average", "max", "none"),
        "default": "average",
        "help": "how feature maps are pooled (average)",
    },
    "gaussians": {"type": _count, "default": 5, "metavar": "N", "help": "Gaussians of the mixture (5)"},
    "similarity": {
        "type": _similarity,
        "metavar": "S",
        "help": "duplicates have at least this cosine similarity (0 to 1); by default the data decides",
    },
    "evidence": {
        "choices": ("both", "neighbours", "familiarity"),
        "default": "both",
        "help": "what may speak against a label (both)",
    },
    "method": {"choices": tuple(METHODS), "default": "umap", "help": "how the map is made (umap)"},
}
