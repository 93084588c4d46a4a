"""A JupyterLab in a browser, as a user drives it. Everything waits for a condition, nothing for a clock."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

# Shared machines are slow at times: what must happen gets a minute and ends as soon as it has happened.
PATIENCE = 60_000
RESULTS = Path(__file__).parent / "results"

expect.set_options(timeout=PATIENCE)

OPEN_ALONE = """async path => {
  const { commands, serviceManager, shell } = window.jupyterapp;
  await serviceManager.kernelspecs.refreshSpecs();
  const opened = await commands.execute('docmanager:open', { path });
  for (const widget of [...shell.widgets('main')]) {
    if (widget !== opened) {
      widget.dispose();
    }
  }
}"""


class Lab:
    """One browser window on the server.

    Parameters
    ----------
    page : Page
        The window.
    url : str
        Of the server.
    root : Path
        The server's folder; notebooks go there.

    Attributes
    ----------
    pictures : bool
        Whether :meth:`screenshot` takes one: the option ``--pictures`` of pytest.
    """

    pictures = False

    def __init__(self, page: Page, url: str, root: Path) -> None:
        self.page = page
        self.url = url
        self.root = root
        self._workspace = "default"

    def write_notebook(self, name: str, *cells: str, kernel: str = "python3") -> Path:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
        path = self.root / name
        nbformat.write(notebook, path)
        return path

    def open(self, name: str) -> None:
        """Open a notebook as the only document, in a new page with a workspace of its own, and wait for its kernel."""
        if self.is_loaded:
            self.page.evaluate(OPEN_ALONE, name)
        else:
            self._workspace = Path(name).stem
            self.page.goto(f"{self.url}/lab/workspaces/{self._workspace}/tree/{name}?reset")
        self.wait_for_notebook()

    @property
    def is_loaded(self) -> bool:
        """Whether the page shows a JupyterLab."""
        return bool(self.page.evaluate("() => Boolean(window.jupyterapp?.shell)"))

    def wait_for_notebook(self) -> None:
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        self.page.wait_for_function(
            """() => {
              const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
              return kernel && kernel.connectionStatus === 'connected' && ['idle', 'busy'].includes(kernel.status);
            }"""
        )

    def command(self, name: str, args: dict[str, Any] | None = None) -> None:
        self.page.evaluate(
            "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [name, args or {}]
        )

    def show_alone(self) -> None:
        """Show the current document as wide as the window, instead of beside others."""
        self.page.evaluate("() => { window.jupyterapp.shell.mode = 'single-document'; }")

    def run_cell(self, index: int) -> None:
        """Start the cell; does not wait for its end."""
        self.page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)
        self.command("notebook:run-cell")

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def expect_busy(self, index: int) -> None:
        expect(self.cell(index).locator(".jp-InputPrompt")).to_contain_text("[*]")

    def expect_done(self, index: int) -> None:
        expect(self.cell(index).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))

    def save(self) -> dict[str, Any]:
        """Save the notebook and return what is in the file."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save().then(() => null)")
        path = self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        return dict(json.loads((self.root / path).read_text()))

    def wait_for_layout(self, *names: str) -> None:
        """Wait until the server has a layout that these names stand in; the time limit of the test ends it."""
        self.page.evaluate(
            """async ([url, names]) => {
              const stored = async () => (await fetch(url)).text();
              for (let layout = await stored(); !names.every(name => layout.includes(name)); layout = await stored()) {
                await new Promise(resolve => setTimeout(resolve, 100));
              }
            }""",
            [f"{self.url}/lab/api/workspaces/{self._workspace}", names],
        )

    def theme(self, *, light: bool) -> None:
        self.use_theme("JupyterLab Light" if light else "JupyterLab Dark")

    def use_theme(self, name: str) -> None:
        body = self.page.locator("body")
        if body.get_attribute("data-jp-theme-name") == name:
            return
        self.command("apputils:change-theme", {"theme": name})
        expect(body).to_have_attribute("data-jp-theme-name", name)
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    # DeepView's own parts

    def show_panel(self) -> Locator:
        panel = self.page.get_by_test_id("dv-side-panel")
        if not panel.is_visible():
            self.command("deepview-lab:show-panel")
        expect(panel).to_be_visible()
        return panel

    @property
    def output_canvas(self) -> Locator:
        """The canvas in the notebook's output."""
        return self.page.locator(".jp-Notebook").get_by_test_id("dv-canvas")

    @property
    def tab_canvas(self) -> Locator:
        """The canvas in a tab of its own."""
        return self.page.locator(
            "#jp-main-dock-panel > .jp-MainAreaWidget:not(.jp-NotebookPanel):not(.lm-mod-hidden)"
        ).get_by_test_id("dv-canvas")

    @staticmethod
    def findings(canvas: Locator) -> Locator:
        """Go to the table of findings, the last page of a canvas with samples, and return it."""
        canvas.get_by_test_id("dv-page-switch").get_by_role("button").last.click()
        return canvas.get_by_test_id("dv-findings")

    def card(self, name: str) -> Locator:
        return self.show_panel().get_by_test_id("dv-run").filter(has_text=name)

    def pictures_in_both_themes(self, stem: str) -> None:
        """Take a dark and a light picture if pictures are wanted."""
        if self.pictures:
            for light, theme in ((False, "dark"), (True, "light")):
                self.theme(light=light)
                self.screenshot(RESULTS / f"{stem}-{theme}.png")

    def screenshot(self, path: Path) -> None:
        """Take a picture if pictures are wanted."""
        if self.pictures:
            self.page.screenshot(path=path)
