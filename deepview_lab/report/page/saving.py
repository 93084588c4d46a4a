"""Writing a run as an HTML page."""

from __future__ import annotations

import warnings
from pathlib import Path

from deepview_lab.engine import ENDED, RunView
from deepview_lab.exceptions import DeepViewException, DeepViewWarning, ReportFileError
from deepview_lab.figures.static_run import static_html
from deepview_lab.report.file.atomic import replacing
from deepview_lab.report.file.manifest import now
from deepview_lab.report.page.document import document
from deepview_lab.report.page.paths import without_paths
from deepview_lab.report.page.public_run import PublicRun
from deepview_lab.transport.feeds.shared import shared_run
from deepview_lab.typing import PathOrStr, resolve_path_or_str

__all__ = ["LARGE_BYTES", "contents_of", "save_page"]

LARGE_BYTES = 50_000_000
_SUFFIXES = (".html", ".htm")


def save_page(
    run: RunView,
    path: PathOrStr,
    *,
    include_code: bool = False,
    include_paths: bool = False,
    include_samples: bool = True,
) -> Path:
    """Write an ended run as an HTML page. See :meth:`deepview_lab.engine.RunView.to_html`."""
    target = resolve_path_or_str(path)
    if target.suffix.lower() not in _SUFFIXES:
        raise ReportFileError(f"A page is a file with the suffix .html, but {target.name!r} has another one.")
    if run.status not in ENDED:
        raise DeepViewException(
            f"Run {run.name!r} is {run.status}: it has no results yet. Wait for it with run.wait(), or stop it with "
            "run.cancel(), which keeps what was computed."
        )
    run.complete_tables()
    public = PublicRun(run, _unchanged if include_paths else without_paths)
    shared = shared_run(
        public,
        created=now(),
        contents=contents_of(
            run, include_code=include_code, include_paths=include_paths, include_samples=include_samples
        ),
        code=run.origin.code if include_code and run.origin is not None else None,
        samples=include_samples,
    )
    content = document(shared, f"{run.name}: DeepView", static_html(public))
    if len(content) > LARGE_BYTES:
        without = " Leave single samples out with include_samples=False, or" if include_samples else " Better"
        warnings.warn(
            f"The page of run {run.name!r} has {len(content) / 1e6:.0f} MB, and browsers take long to open more than "
            f"{LARGE_BYTES / 1e6:.0f}.{without} share a report file: run.save(path).",
            DeepViewWarning,
            stacklevel=3,
        )
    with replacing(target) as file:
        file.write(content)
    return target


def contents_of(
    run: RunView, *, include_code: bool = False, include_paths: bool = False, include_samples: bool = True
) -> list[str]:
    """Return what a page of an ended run holds, a line each, and last what it does not."""
    layers = len(run.responses)
    lines = [f"{layers:,} layer{'' if layers == 1 else 's'}, with details"] if layers else []
    left_out = ["data", "weights"]
    for name, kind in run.introspectors.items():
        if run.latest(name) is not None:
            lines.append(f"table of {name}" if name == kind else f"table of {name} ({kind})")
        table = run.sample_table(name)
        if table is not None and include_samples:
            columns = ", ".join(column.name for column in table.columns)
            lines.append(f"{table.rows:,} samples of {name}: {columns}")
        elif table is not None and "single samples" not in left_out:
            left_out.append("single samples")
    if include_code and run.origin is not None:
        lines.append("the code that started the run")
    elif not include_code:
        left_out.append("code")
    if include_paths:
        lines.append("paths of this machine, where texts have some")
    else:
        left_out.append("local paths, and user names in them")
    return [*lines, f"not in it: {', '.join(left_out)}"]


def _unchanged(text: str) -> str:
    return text
