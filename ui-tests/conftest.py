"""The server, the browser, and a page for each test."""

from __future__ import annotations

import json
import shutil
import urllib.request

import pytest
from lab import RESULTS, Lab
from pages import PageErrors, SharedPage, new_page
from playwright.sync_api import sync_playwright
from server import Server

CHROMIUM = [
    "--no-sandbox",
    # WebGL is drawn by the processor here; pages are put together without it, which takes half of the browser's time.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser):
    parser.addoption(
        "--pictures",
        action="store_true",
        help="keep pictures of what tests show in ui-tests/results",
    )


def pytest_configure(config):
    RESULTS.mkdir(exist_ok=True)
    Lab.pictures = config.getoption("--pictures")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


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


@pytest.fixture(scope="session")
def shared_page(browser):
    shared = SharedPage(browser)
    yield shared
    shared.drop()


@pytest.fixture
def lab(server, root, browser, shared_page, request):
    """A window that tests use in turn, or a new one for a test with the mark ``own_page``.

    What it reports as an error of DeepView fails the test.
    """
    url, _ = server
    has_own = request.node.get_closest_marker("own_page") is not None
    page = new_page(browser) if has_own else shared_page.take()
    errors = PageErrors(page)
    window = Lab(page, url, root)
    yield window
    failed = request.node.stash[FAILED]
    if failed:
        page.screenshot(path=RESULTS / f"{request.node.name}.png")
    if window.is_loaded:
        window.theme(light=True)  # it is a setting of the server
    if has_own:
        page.context.close()
    elif failed:
        shared_page.drop()
    else:
        shared_page.tidy(window)
    errors.stop()
    _shut_kernels(url)
    assert errors.of_deepview == []


def _shut_kernels(url: str) -> None:
    with urllib.request.urlopen(f"{url}/api/sessions", timeout=60) as answer:
        sessions = json.load(answer)
    for session in sessions:
        request = urllib.request.Request(f"{url}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()


@pytest.fixture
def settings(server):
    """Writes the settings as text, and puts them back afterwards: the server is shared."""
    url, _ = server

    def write(raw):
        request = urllib.request.Request(
            f"{url}/lab/api/settings/deepview-lab:settings",
            data=json.dumps({"raw": raw}).encode(),
            method="PUT",
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()

    yield write
    write('{"openRuns": false}')
