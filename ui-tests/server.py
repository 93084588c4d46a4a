"""A JupyterLab server of the tests, with nothing of the user's own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
ASK_AGAIN_SECONDS = 0.1
ENDS_WITHIN_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Starts and stops JupyterLab on one port.

    Parameters
    ----------
    home : Path
        For its settings, kernels and log.
    root : Path
        What it serves.
    base_url : str
        Path before all of its addresses, as behind a hub.
    token : str
        Required of clients, together with the check against forged requests; without one, neither is on.
    python : Path or None
        Of the environment that has JupyterLab; None: the one of the tests.
    """

    def __init__(
        self, home: Path, root: Path, *, base_url: str = "", token: str = "", python: Path | None = None
    ) -> None:
        self.home = home
        self.root = root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}{base_url}"
        self._base_url = base_url
        self._token = token
        self._python = str(python or sys.executable)
        self._process: subprocess.Popen[bytes] | None = None
        quiet = home / "settings" / "@jupyterlab" / "apputils-extension"
        quiet.mkdir(parents=True)
        (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
        # Tests open the runs that they look at.
        ours = home / "settings" / "deepview-lab"
        ours.mkdir(parents=True)
        (ours / "settings.jupyterlab-settings").write_text('{"openRuns": false}')
        # Each page would have the server start npm and Node, to see whether extensions from source need a build.
        config = home / "config" / "labconfig"
        config.mkdir(parents=True)
        (config / "page_config.json").write_text('{"buildAvailable": false, "buildCheck": false}')

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), env=self._environment(), stdout=log, stderr=subprocess.STDOUT
            )
        while not self._answers():
            with contextlib.suppress(subprocess.TimeoutExpired):  # it has ended, or is to be asked again
                self._process.wait(ASK_AGAIN_SECONDS)
                raise AssertionError((self.home / "server.log").read_text())

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/api", timeout=60).close()
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def stop(self) -> None:
        """End it, and with it its kernels."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(ENDS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                # Its loop and its kernels have ended, but it now and then waits for ever for idle anyio threads.
                self._process.kill()
                self._process.wait()
            self._process = None

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.home / "workspaces"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONPATH": str(HERE.parent),
        }

    def _command(self) -> list[str]:
        options = [
            "--no-browser",
            "--allow-root",
            f"--port={self.port}",
            "--ip=127.0.0.1",
            f"--IdentityProvider.token={self._token}",
            f"--ServerApp.disable_check_xsrf={not self._token}",
            f"--ServerApp.base_url={self._base_url}/",
            "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={self.root}",
            "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]
        return [self._python, "-m", "jupyterlab", *options]
