"""Completion behind ``%deepview``: commands, then the names that fit, then options."""

from __future__ import annotations

from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from deepview_lab.engine import ENDED, runs
from deepview_lab.lab.discovery.namespace import Namespace, models, producers
from deepview_lab.lab.magics.analyses import analyses, options_of
from deepview_lab.lab.magics.commands import commands

__all__ = ["MATCHER", "completer", "words_for"]

MATCHER = "deepview_lab.completion"
_RUN_OPTIONS = ("--batch-size", "--layers", "--name", "--wait", "--help")


def completer(shell: InteractiveShell) -> Any:  # Any: IPython decorates it
    """Return a matcher for lines that begin with ``%deepview``."""

    @context_matcher(identifier=MATCHER)
    def match(context: CompletionContext) -> SimpleMatcherResult:
        line = context.line_with_cursor.lstrip()
        if not line.startswith(("%deepview ", "deepview ")):
            return {"completions": []}
        before = line[: context.cursor_position - (len(context.line_with_cursor) - len(line))]
        *done, fragment = before.split(" ")
        words = words_for(done[1:], shell.user_ns)
        return {
            "completions": [
                SimpleCompletion(text=word, type="deepview") for word in words if word.startswith(fragment)
            ],
            "matched_fragment": fragment,
            "suppress": True,
        }

    return match


def words_for(done: list[str], namespace: Namespace) -> list[str]:
    """Return what may follow the words ``done`` behind ``%deepview``."""
    words = [word for word in done if word]
    if not words:
        return [*commands(), "--help"]
    command, *arguments = words
    named = [word for word in arguments if not word.startswith("-")]
    if not named:
        match commands().get(command):
            case "producer":
                return [*producers(namespace), *_options(command)]
            case "model":
                return list(models(namespace))
            case "run" | "ended run" as wanted:
                return [run.id for run in runs() if (run.status in ENDED) == (wanted == "ended run")]
    if command == "live":
        return [*(word for word in analyses() if word not in named), *_options(command)]
    return list(_options(command))


def _options(command: str) -> tuple[str, ...]:
    offered = analyses()
    if command != "live":
        offered = {word: row for word, row in offered.items() if word == command}
        if not offered:
            return ("--help",)
    return (*(f"--{name.replace('_', '-')}" for name in options_of(offered)), *_RUN_OPTIONS)
