"""Reads the command line, and says in one line what did not work."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from deepview_lab import __version__
from deepview_lab.exceptions import DeepViewException, DeepViewWarning
from deepview_lab.introspectors.opened import open_report
from deepview_lab.report.opened_run import OpenedRun
from deepview_lab.report.page import contents_of
from deepview_lab.visible_text import visible_text

__all__ = ["main"]

_DONE, _FAILED = 0, 1  # argparse exits with 2 for a line that it cannot read


def main(line: Sequence[str] | None = None) -> int:
    """Carry out a command line.

    Parameters
    ----------
    line : sequence of str, optional
        Its words; those of this process when left out.

    Returns
    -------
    int
        The exit code: 0 when it worked, 1 when it did not, of which standard error says why. A line that cannot be read
        ends with SystemExit and code 2.
    """
    options = _parser().parse_args(line)
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", DeepViewWarning)
            options.do(options)
    except (DeepViewException, OSError) as error:
        _tell(f"deepview-lab: {error}")
        return _FAILED
    for warning in said:
        if issubclass(warning.category, DeepViewWarning):
            _tell(f"deepview-lab: {warning.message}")
    return _DONE


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="deepview-lab",
        description="Look into report files of DeepView Lab, and share them as HTML pages.",
        epilog="Exit codes: 0 it worked, 1 it did not, 2 the command line cannot be read.",
    )
    top.add_argument("--version", action="version", version=f"DeepView Lab {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    export = commands.add_parser(
        "export",
        help="write a report as an HTML page",
        description="Write a report as one HTML page, which opens from disk in any browser, without a network.",
    )
    export.add_argument("file", metavar="FILE.dvreport", type=Path, help="a report file")
    export.add_argument("--html", action="store_true", help="as an HTML page, which is the only kind so far")
    export.add_argument(
        "-o", "--output", metavar="FILE.html", type=Path, help="where to; beside the report when left out"
    )
    export.add_argument("-f", "--force", action="store_true", help="replace a page that is there")
    export.add_argument("--include-paths", action="store_true", help="keep absolute paths of this machine in texts")
    export.add_argument("--no-samples", action="store_true", help="leave single samples out: a smaller page")
    export.set_defaults(do=_export)

    info = commands.add_parser(
        "info", help="say what a report holds", description="Say what a report holds, and where it came from."
    )
    info.add_argument("file", metavar="FILE.dvreport", type=Path, help="a report file")
    info.add_argument("--json", action="store_true", help="the file's manifest as JSON, for other programs")
    info.set_defaults(do=_info)

    demo = commands.add_parser(
        "demo",
        help="introspect a small network",
        description="Introspect a small trained network and print what was found. Needs deepview_lab[demo].",
    )
    demo.set_defaults(do=_demo)
    return top


def _export(options: argparse.Namespace) -> None:
    report = open_report(options.file)
    target: Path = options.output or options.file.with_suffix(".html")
    if target.exists() and not options.force:
        raise DeepViewException(f"{target} is there already. Replace it with --force, or choose another --output.")
    choices = {"include_paths": options.include_paths, "include_samples": not options.no_samples}
    report.to_html(target, **choices)
    lines = contents_of(OpenedRun(report), **choices)
    _say(f"{target}, {target.stat().st_size:,} bytes", *(f"  {line}" for line in lines))


def _info(options: argparse.Namespace) -> None:
    report = open_report(options.file)
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report.file.manifest), indent=1).decode() + "\n")
        return
    manifest = report.file.manifest
    tables = report.file.tables
    _say(
        *report.summary.splitlines(),
        f"  format {manifest.version}, {options.file.stat().st_size:,} bytes",
        *(
            f"  {name}: {member.rows:,} rows, {member.columns:,} columns, {member.size:,} bytes"
            for name, member in tables.items()
        ),
    )


def _demo(_: argparse.Namespace) -> None:
    if find_spec("keras") is None:
        raise DeepViewException("The demo needs Keras and its data: pip install 'deepview_lab[demo]'.")
    from deepview_lab.demo.__main__ import main as demo  # noqa: PLC0415 - loads TensorFlow

    demo()


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{visible_text(line)}\n" for line in lines))


def _tell(line: str) -> None:
    sys.stderr.write(f"{visible_text(line)}\n")
