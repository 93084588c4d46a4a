"""A page with nothing but the built canvas, and messages as the kernel would send them."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Page, sync_playwright

from deepview_lab.transport.delivery.channel import Envelope

STATIC = Path(__file__).parents[2] / "deepview_lab" / "static"

# The model that anywidget would hand over; what is sent waits in `window.sent`.
SET_UP = """async ([script, style]) => {
  document.head.append(Object.assign(document.createElement('style'), { textContent: style }));
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const widget = (await import(url)).default;
  const listeners = [];
  window.sent = [];
  const model = {
    get: name => ({ _client: 'c1', _run: 'r1', _saved: null })[name],
    on: (_, listener) => listeners.push(listener),
    off: () => undefined,
    send: message => window.sent.push(message),
  };
  window.receive = (message, buffers) => listeners.forEach(listener => listener(message, buffers));
  widget.initialize({ model });
  widget.render({ model, el: document.querySelector('#canvas') });
}"""
RECEIVE = """([message, buffers]) => window.receive(
  message, buffers.map(text => new DataView(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer))
)"""


@contextmanager
def canvas_page(*, width: int = 1400, height: int = 900, dark: bool = False) -> Iterator[Page]:
    """Open the canvas of the run ``r1`` in a real browser."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
        page.set_content('<body style="margin:0"><div id="canvas"></div>')
        page.evaluate(SET_UP, [(STATIC / "canvas.js").read_text(), (STATIC / "canvas.css").read_text()])
        yield page
        browser.close()


def wire(envelope: Envelope, seq: int) -> list[Any]:
    """Return a message and its buffers as the page takes them."""
    message = msgspec.to_builtins(msgspec.structs.replace(envelope.message, seq=seq))
    return [message, [base64.b64encode(buffer).decode() for buffer in envelope.buffers]]


def receive(page: Page, envelopes: Sequence[Envelope], first: int = 0) -> None:
    """Let messages arrive one after the other."""
    for seq, envelope in enumerate(envelopes, start=first):
        page.evaluate(RECEIVE, wire(envelope, seq))
