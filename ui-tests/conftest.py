"""The server, the browser, and a page for each test."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path

import pytest
from lab import PATIENCE, Lab
from playwright.sync_api import sync_playwright
from server import Server

HERE = Path(__file__).parent
RESULTS = HERE / "results"
CHROMIUM = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("root")


@pytest.fixture(scope="session")
def server(root, tmp_path_factory):
    served = Server(tmp_path_factory.mktemp("jupyter"), root)
    served.start()
    yield served.url, served.home
    served.stop()


@pytest.fixture(scope="session")
def browser():
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def lab(server, root, browser, request):
    """A window of its own; what it logs as an error about DeepView fails the test."""
    url, _ = server
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield Lab(page, url, root)
    RESULTS.mkdir(exist_ok=True)
    page.screenshot(path=RESULTS / f"{request.node.name}.png")
    context.close()
    _shut_kernels(url)
    assert [error for error in errors if "deepview" in error.lower()] == []


def _shut_kernels(url: str) -> None:
    with urllib.request.urlopen(f"{url}/api/sessions", timeout=60) as answer:
        sessions = json.load(answer)
    for session in sessions:
        request = urllib.request.Request(f"{url}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()
