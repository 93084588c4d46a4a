"""The ``%deepview`` magic."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class
from IPython.display import display

from deepview_lab.analysis.catalog import AnalysisInfo
from deepview_lab.base import Pipeline, peek_first_batch, pipeline
from deepview_lab.engine import ENDED, RunView, runs, start
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.figures.listings import layers_table, runs_table
from deepview_lab.introspectors.opened import open_report
from deepview_lab.lab.canvas import Canvas
from deepview_lab.lab.discovery.namespace import Namespace, find_model, find_producer, find_run, models, producers
from deepview_lab.lab.magics.analyses import analyses, make_spec
from deepview_lab.lab.magics.commands import HelpShown, commands, parser
from deepview_lab.processors import FieldRemover
from deepview_lab.report import Report
from deepview_lab.report.page import contents_of
from deepview_lab.visible_text import visible_text

__all__ = ["DeepViewMagics"]


@magics_class
class DeepViewMagics(Magics):
    """``%deepview``: introspect from one line. Errors are one line too; they change nothing."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._namespace: Namespace = shell.user_ns

    @line_magic
    def deepview(self, line: str) -> Any:  # Any: a run, a result or a table
        """Look inside a network: ``%deepview --help`` lists the commands."""
        words = _split(line)
        if words and not words[0].startswith("-") and words[0] not in commands():
            raise UsageError(f"{UnknownNameError('command', words[0], commands())} See %deepview --help.")
        try:
            options = parser().parse_args(words)
        except HelpShown:
            return None
        try:
            return _execute(options, self._namespace)
        except DeepViewException as error:
            raise UsageError(str(error)) from error


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError as error:  # an open quotation
        raise UsageError(f"Cannot read the line: {error}.") from error


def _execute(options: argparse.Namespace, namespace: Namespace) -> Any:
    match options.command:
        case None:
            return _print_overview(namespace)
        case "layers":
            return layers_table(find_model(namespace, options.model).response_infos)
        case "runs":
            return runs_table(runs())
        case "cancel" | "pause" | "resume":
            return _steer(options.command, find_run(namespace, options.run))
        case "save" | "open":
            return _file(options, namespace)
        case _:
            return _introspect(options, namespace)


def _introspect(options: argparse.Namespace, namespace: Namespace) -> Any:
    producer = find_producer(namespace, options.producer)
    if options.layers:
        producer = _restricted(producer, options.layers)
    offered = analyses()
    specs = [make_spec(offered[word], options) for word in _chosen(options, offered)]
    name = options.name or f"{'+'.join(spec.kind for spec in specs)} · {options.producer}"
    run = start(
        producer,
        *specs,
        batch_size=options.batch_size,
        name=name,
        until_stable=options.until_stable,
        checkpoint=options.checkpoint,
    )
    return _waited(run) if options.wait else run


def _chosen(options: argparse.Namespace, offered: Mapping[str, AnalysisInfo]) -> list[str]:
    if options.command != "live":
        return [options.command]
    return options.introspectors or [word for word, row in offered.items() if row.usual]


def _restricted(producer: Any, layers: list[str]) -> Any:
    described = producer.responses if isinstance(producer, Pipeline) else {}
    known = described or peek_first_batch(producer).fields
    for layer in layers:
        if layer not in known:
            raise UnknownNameError("layer", layer, known)
    return pipeline(producer, FieldRemover(fields=layers, keep=True))


def _waited(run: RunView) -> Any:
    """Show the run and return its result; Ctrl-C stops the run too."""
    display(Canvas(run))
    try:
        results = run.wait()
    except KeyboardInterrupt:
        run.cancel()
        raise
    return next(iter(results.values())) if len(results) == 1 else results


def _steer(command: str, run: RunView) -> None:
    before = run.status
    match command:
        case "cancel":
            run.cancel()
            said = "stops after its current batch; results are kept"
        case "pause":
            run.pause()
            said = "rests after its current batch" if run.status == "paused" else f"cannot rest: it is {before}"
        case _:
            run.resume()
            said = "resumes when it is its turn" if before == "paused" else f"is not paused: it is {before}"
    print(f"{visible_text(run.name)} ({run.id}) {f'had already ended: {before}' if before in ENDED else said}.")


def _file(options: argparse.Namespace, namespace: Namespace) -> Report | None:
    """Save a run into a file, or open one."""
    path = Path(options.file).expanduser()
    try:
        if options.command == "open":
            report = open_report(path)
            print(report.summary)
            return report
        run = find_run(namespace, options.run)
        if path.suffix.lower() in {".html", ".htm"}:
            run.to_html(path, include_code=options.include_code)
            print("In the page:", "; ".join(map(visible_text, contents_of(run, include_code=options.include_code))))
        else:
            run.save(path)
    except OSError as error:
        raise DeepViewException(str(error)) from error
    print(f"{visible_text(run.name)} ({run.id}) is kept in {visible_text(str(path))}, {path.stat().st_size:,} bytes.")
    return None


def _print_overview(namespace: Namespace) -> None:
    found = dict.fromkeys(models(namespace), "model") | dict.fromkeys(producers(namespace), "producer")
    print(
        "Here:",
        ", ".join(f"{visible_text(name)} ({kind})" for name, kind in found.items()) or "no model or producer yet",
    )
    print("Runs:", "" if runs() else "none yet. Start one: %deepview live PRODUCER iua pfa")
    for run in runs():
        print(" ", repr(run))
