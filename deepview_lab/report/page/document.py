"""The HTML around a run: one file, one script, no network."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

import msgspec

from deepview_lab import __version__
from deepview_lab.exceptions import DeepViewException
from deepview_lab.transport.wire.shared import SharedRun
from deepview_lab.visible_text import visible_text

__all__ = ["document"]

_STATIC = Path(__file__).parents[2] / "static"
# Our script by its checksum, and workers that it makes of its own text. No other script, nothing from the network.
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
    "worker-src blob:; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!DOCTYPE html>
<html lang="en" class="dv-PageRoot">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="DeepView Lab {version}">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="dv-static">{static}</div>
<div id="dv-page"></div>
<script type="application/json" id="dv-run">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def document(shared: SharedRun, title: str, static: str) -> bytes:
    """Return a whole HTML file in UTF-8.

    Parameters
    ----------
    shared : SharedRun
        What the page's script reads.
    title : str
        Of the window; it is escaped.
    static : str
        HTML that is shown where scripts are blocked, and printed.

    Raises
    ------
    DeepViewException
        when this DeepView Lab was installed without its front end.
    """
    script, style = _part("page.js"), _part("page.css")
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    # What opens an element or a comment is written as an escape of JSON: no text in the data ends the element.
    data = msgspec.json.encode(shared).replace(b"<", b"\\u003c").decode()
    return _PAGE.format(
        policy=_POLICY.format(digest=digest),
        version=__version__,
        title=escape(visible_text(title)),
        style=style,
        static=static,
        data=data,
        script=script,
    ).encode("utf-8", "replace")


@cache
def _part(name: str) -> str:
    try:
        text = (_STATIC / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise DeepViewException(
            f"DeepView Lab was installed without its front end: there is no {name}. Build it: npm run build:canvas."
        ) from None
    # A script or style would end here, within a string of its own.
    if any(ends in text.lower() for ends in ("</script", "</style", "<!--")):
        raise DeepViewException(f"{name} cannot be put into a page: it has the end of an element in it. Build it anew.")
    return text
