"""The command line of ``%deepview``: one place that the magic, its help and its completion read."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from IPython.core.error import UsageError

from deepview_lab.analysis.catalog import AnalysisOption
from deepview_lab.exceptions import UnknownNameError
from deepview_lab.lab.magics.analyses import analyses, argument, count, options_of

__all__ = ["OWN_COMMANDS", "HelpShown", "commands", "options", "parser"]

# Of the commands that are no analysis: what the first argument names.
OWN_COMMANDS = {
    "live": "producer",
    "layers": "model",
    "runs": None,
    "cancel": "run",
    "pause": "run",
    "resume": "run",
    "save": "ended run",
    "open": None,
}


def commands() -> dict[str, str | None]:
    """Return all commands with what their first argument names; analyses of the user's own are among them."""
    return {**dict.fromkeys(analyses(), "producer"), **OWN_COMMANDS}


class HelpShown(Exception):  # noqa: N818 - no error: the user asked for help and got it
    """``--help`` was given and answered."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}\nMore: {self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise HelpShown


_STEERING = {
    "cancel": "stop a run, keep its results",
    "pause": "pause a run after its current batch",
    "resume": "resume a paused run",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole line."""
    return _parsers()[0]


def options(command: str) -> dict[str, argparse.Action]:
    """Return the long options of a command by their names, ``--help`` last."""
    _, by_command = _parsers()
    if command not in by_command:
        return {}
    known = {name: does for name, does in by_command[command]._option_string_actions.items() if name.startswith("--")}  # noqa: SLF001 - argparse lists them nowhere else
    return {**{name: does for name, does in known.items() if name != "--help"}, "--help": known["--help"]}


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, Any]]:  # Any: argparse's own type of the second is private
    """Return the parser of the whole line, and those of the commands by name."""
    top = _Parser(
        prog="%deepview",
        description="Look inside a network while data passes through it. Without a command: list models and runs.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    offered = analyses()
    for word, row in offered.items():
        does = row.does.replace("%", "%%")
        description = f"{does[0].upper()}{does[1:]}, live."
        _run_arguments(commands.add_parser(word, help=does, description=description), row.options)
    live = commands.add_parser(
        "live", help="several introspectors in one pass", description="Run several introspectors in one pass."
    )
    _run_arguments(live, options_of(offered).values())
    usual = " and ".join(word for word, row in offered.items() if row.usual)
    live.add_argument(
        "introspectors",
        metavar="INTROSPECTOR",
        nargs="*",
        help=f"{', '.join(offered)}; {usual} when left out",
        type=_introspector,
    )
    layers = commands.add_parser("layers", help="the layers of a model", description="List the layers of a model.")
    layers.add_argument("model", metavar="MODEL", help="variable that holds a DeepView model")
    commands.add_parser("runs", help="all runs of this kernel", description="List the runs of this kernel.")
    for name, does in _STEERING.items():
        steered = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        steered.add_argument("run", metavar="RUN", help="id, name or variable of a run")
    _file_commands(commands)
    return top, commands.choices


def _file_commands(commands: Any) -> None:  # Any: argparse keeps its group types to itself
    save = commands.add_parser(
        "save",
        help="save a run's results as a .dvreport file or an .html page",
        description="Save a run's results: as a report file, or as a page that opens in any browser.",
    )
    save.add_argument("run", metavar="RUN", help="id, name or variable of an ended run")
    save.add_argument("file", metavar="FILE", help="path that ends in .dvreport or .html; an existing file is replaced")
    save.add_argument("--include-code", action="store_true", help="put the code that started the run into the page")
    opened = commands.add_parser(
        "open",
        help="show what a .dvreport file holds",
        description="Open a report file: print a summary and return the report, which displays like the run.",
    )
    opened.add_argument("file", metavar="FILE", help="path of a .dvreport file")


def _introspector(value: str) -> str:
    offered = analyses()
    if value not in offered:
        raise argparse.ArgumentTypeError(str(UnknownNameError("introspector", value, offered)))
    return value


def _names(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",")]
    if not any(names):
        raise argparse.ArgumentTypeError(f"{value!r} names no layer")
    return [name for name in names if name]


def _run_arguments(
    command: Any, options: Iterable[AnalysisOption]
) -> None:  # Any: argparse keeps its group types to itself
    command.add_argument("producer", metavar="PRODUCER", help="variable that holds a pipeline or another producer")
    command.add_argument("--batch-size", type=count, default=32, metavar="N", help="samples per batch (32)")
    command.add_argument("--layers", type=_names, metavar="A,B", help="only these responses, separated by commas")
    command.add_argument("--name", help="name of the run")
    command.add_argument("--wait", action="store_true", help="wait for the end and return the result")
    command.add_argument(
        "--until-stable", type=count, metavar="N", help="stop when all layers were stable N times in a row"
    )
    command.add_argument("--checkpoint", metavar="PATH", help="folder to keep the run in, and to resume from")
    for option in options:
        command.add_argument(f"--{option.name.replace('_', '-')}", dest=option.name, **argument(option))
