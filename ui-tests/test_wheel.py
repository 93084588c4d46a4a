"""The wheel: users need no Node, and the base install is light."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
HEAVY = {"tensorflow", "keras", "torch", "jupyterlab", "scikit-learn", "numba"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        f"--wheel-dir={folder}",
    ]
    subprocess.run([*pip, str(PROJECT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_built_extension_the_canvas_and_the_demo(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    extension = "data/share/jupyter/labextensions/deepview-lab/"
    assert any(name.endswith(extension + "package.json") for name in names)
    assert any(name.endswith(extension + "install.json") for name in names)
    assert any(extension + "static/remoteEntry" in name for name in names)
    assert any(name.endswith(extension + "schemas/deepview-lab/settings.json") for name in names)
    assert "deepview_lab/static/canvas.js" in names
    assert "deepview_lab/static/canvas.css" in names
    assert {"deepview_lab/static/page.js", "deepview_lab/static/page.css"} <= set(names)
    assert any(name.startswith("deepview_lab/demo/") and name.endswith(".keras") for name in names)
    assert not any("node_modules" in name or name.startswith(("js/", "tests/", "ui-tests/")) for name in names)


def test_it_installs_and_works_without_node_and_without_a_framework(wheel, tmp_path):
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    binaries = environment / "bin"
    clean = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(tmp_path)} | {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))
    }
    node_free = tmp_path / "no-node"
    node_free.mkdir()
    for tool in ("node", "npm"):  # were one of them called, the install would fail
        (node_free / tool).write_text("#!/bin/sh\nexit 97\n")
        (node_free / tool).chmod(0o755)
    clean["PATH"] = f"{node_free}:{clean['PATH']}"

    def run(*command):
        return subprocess.run(command, check=True, capture_output=True, text=True, env=clean, cwd=tmp_path).stdout

    run(str(binaries / "pip"), "install", "--quiet", str(wheel))
    installed = {item["name"].lower() for item in json.loads(run(str(binaries / "pip"), "list", "--format=json"))}
    assert installed & HEAVY == set()
    script = (
        "import numpy as np, deepview_lab\n"
        "from deepview_lab.introspectors import IUA\n"
        "from deepview_lab.samples import StubProducer\n"
        "iua = IUA.introspect(StubProducer({'x': np.eye(4)}))\n"
        "print(iua.results['x'].mean_inactive, IUA.show(iua).shape)"
    )
    assert run(str(binaries / "python"), "-c", script).startswith("3.0 ")
    save = (
        "import numpy as np, deepview_lab\n"
        "from deepview_lab.introspectors import IUA\n"
        "from deepview_lab.samples import StubProducer\n"
        "run = deepview_lab.start(StubProducer({'x': np.eye(4)}), IUA.spec(), name='audit')\n"
        "run.wait()\n"
        "run.save('audit.dvreport')"
    )
    run(str(binaries / "python"), "-c", save)
    command = str(binaries / "deepview-lab")
    assert run(command, "info", "audit.dvreport").startswith("audit: run over 4 samples")
    assert run(command, "export", "audit.dvreport").startswith("audit.html, ")
    assert (tmp_path / "audit.html").read_bytes().startswith(b"<!DOCTYPE html>")
    run(str(binaries / "pip"), "install", "--quiet", f"{wheel}[lab]")
    listed = subprocess.run(
        [str(binaries / "jupyter"), "labextension", "list"], check=True, capture_output=True, text=True, env=clean
    )
    lines = [line for line in (listed.stdout + listed.stderr).splitlines() if "deepview-lab" in line]
    assert len(lines) == 1
    assert "enabled" in lines[0]
    assert "OK" in lines[0]
