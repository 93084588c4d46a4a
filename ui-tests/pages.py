"""Pages for tests: one that tests use in turn, new ones where a test needs its own, and the errors they report."""

from __future__ import annotations

from lab import PATIENCE, Lab
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize

# Closes without asking whether to save; the notebooks' kernels are shut down by their sessions.
CLOSE_ALL = """() => {
  for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
    widget.dispose();
  }
  window.jupyterapp.shell.mode = 'multiple-document';
}"""
OUR_SCRIPTS = "/extensions/deepview-lab/"
# Anything open above the documents would take the next test's clicks.
IN_THE_WAY = ".jp-Dialog, .lm-Menu, #modal-command-palette:not(.lm-mod-hidden)"
VIEWPORT: ViewportSize = {"width": 1400, "height": 900}


def new_page(browser: Browser) -> Page:
    """Return a page in a context of its own."""
    # Motion has the browser draw frames all the time.
    context = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    return context.new_page()


class SharedPage:
    """A page that tests use in turn: opening a notebook there takes a fifth of the time of loading JupyterLab.

    Parameters
    ----------
    browser : Browser
        Where pages are made.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None

    def take(self) -> Page:
        """Return the page that the last test left, or a new one."""
        if self._page is None:
            self._page = new_page(self._browser)
        self._page.set_viewport_size(VIEWPORT)
        return self._page

    def tidy(self, lab: Lab) -> None:
        """Close all documents; a page that cannot be used again is closed."""
        page = lab.page
        if lab.is_loaded:
            page.evaluate(CLOSE_ALL)
            if page.locator(IN_THE_WAY).count() == 0:
                return
        self.drop()

    def drop(self) -> None:
        """Close the page; the next test gets a new one."""
        if self._page is not None:
            self._page.context.close()
            self._page = None


class PageErrors:
    """What a page reports as errors while a test runs.

    Parameters
    ----------
    page : Page
        The page to listen to.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._errors: list[str] = []
        page.on("pageerror", self._uncaught)
        page.on("console", self._logged)

    @property
    def of_deepview(self) -> list[str]:
        """The errors that name DeepView or come from its code."""
        return [error for error in self._errors if "deepview" in error.lower() or "blob:" in error]

    def stop(self) -> None:
        """Listen no longer."""
        self._page.remove_listener("pageerror", self._uncaught)
        self._page.remove_listener("console", self._logged)

    def _uncaught(self, error: Error) -> None:
        self._errors.append(f"{error}\n{error.stack}")

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            by_us = OUR_SCRIPTS in message.location["url"]
            self._errors.append(message.text + (f" (logged by {OUR_SCRIPTS})" if by_us else ""))
