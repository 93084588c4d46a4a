"""Completion behind ``%deepview``: commands, then the names that fit, then options and their values."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from deepview_lab.engine import ENDED, runs
from deepview_lab.lab.discovery.namespace import Namespace, layer_names, models, producers
from deepview_lab.lab.magics.analyses import analyses, options_of
from deepview_lab.lab.magics.commands import commands, options

__all__ = ["MATCHER", "completer", "words_for"]

MATCHER = "deepview_lab.completion"


def completer(shell: InteractiveShell) -> Any:  # Any: IPython decorates it
    """Return a matcher for lines that begin with ``%deepview``."""

    @context_matcher(identifier=MATCHER)
    def match(context: CompletionContext) -> SimpleMatcherResult:
        line = context.line_with_cursor.lstrip()
        if not line.startswith(("%deepview ", "deepview ")):
            return {"completions": []}
        before = line[: context.cursor_position - (len(context.line_with_cursor) - len(line))]
        *done, fragment = before.split(" ")
        words = words_for(done[1:], shell.user_ns, fragment)
        return {
            "completions": [
                SimpleCompletion(text=word, type="deepview") for word in words if word.startswith(fragment)
            ],
            "matched_fragment": fragment,
            "suppress": True,
        }

    return match


def words_for(done: list[str], namespace: Namespace, fragment: str = "") -> list[str]:
    """Return what may stand in place of ``fragment`` after the words ``done`` behind ``%deepview``."""
    words = [word for word in done if word]
    if not words:
        return [*commands(), "--help"]
    command, *arguments = words
    known: Mapping[str, argparse.Action | None] = options(command) or {"--help": None}
    named, open_option = _read(arguments, known)
    name, equals, value = fragment.partition("=")
    if equals and known.get(name) is not None:
        return [f"{name}={word}" for word in _values(known[name], value, named, namespace)]
    if open_option is not None:
        return _values(open_option, fragment, named, namespace)
    return [*_names(command, named, namespace), *_own_first(command, known)]


def _read(
    arguments: list[str], known: Mapping[str, argparse.Action | None]
) -> tuple[list[str], argparse.Action | None]:
    """Return the arguments that are no option, and the option whose value comes next."""
    named: list[str] = []
    open_option: argparse.Action | None = None
    for word in arguments:
        if open_option is not None:
            open_option = None
        elif word.startswith("-"):
            option = known.get(word)
            open_option = option if option is not None and option.nargs != 0 else None
        else:
            named.append(word)
    return named, open_option


def _names(command: str, named: list[str], namespace: Namespace) -> list[str]:
    if named:
        return [word for word in analyses() if word not in named[1:]] if command == "live" else []
    match commands().get(command):
        case "producer":
            return list(producers(namespace))
        case "model":
            return list(models(namespace))
        case "run" | "ended run" as wanted:
            return [run.id for run in runs() if (run.status in ENDED) == (wanted == "ended run")]
        case _:
            return []


def _values(option: argparse.Action | None, fragment: str, named: list[str], namespace: Namespace) -> list[str]:
    """Return what an option may be given."""
    if option is None:
        return []
    if option.dest == "layers":
        return _layers(fragment, named, namespace)
    return [str(choice) for choice in option.choices or ()]


def _layers(fragment: str, named: list[str], namespace: Namespace) -> list[str]:
    """Return the layers of the producer, or of all where none is named yet, behind those that are there already."""
    sources = producers(namespace)
    chosen = [sources[named[0]]] if named and named[0] in sources else [] if named else list(sources.values())
    *there, _ = fragment.split(",")
    before = "".join(f"{name}," for name in there)
    names = dict.fromkeys(name for source in chosen for name in layer_names(source))
    # A comma separates layers, and a name that cannot be seen as it is should not be typed unseen.
    return [
        before + shlex.quote(name) for name in names if name not in there and "," not in name and name.isprintable()
    ]


def _own_first(command: str, known: Mapping[str, argparse.Action | None]) -> list[str]:
    """Return the options, those of the analysis before those of each run."""
    offered = analyses()
    rows = offered if command == "live" else {word: row for word, row in offered.items() if word == command}
    own = [f"--{name.replace('_', '-')}" for name in options_of(rows)]
    return [*own, *(name for name in known if name not in own)]
