"""Imports go one way, and importing is cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "deepview_lab"

# A package may import those of a lower rank, and itself.
RANK = {
    "visible_text": -1,
    "exceptions": 0,
    "typing": 1,
    "numerics": 1,
    "base": 2,
    "processors": 3,
    "analysis": 3,
    "samples": 3,
    "tensorflow": 4,
    "engine": 4,
    "figures": 5,
    "transport": 6,
    "report": 7,
    "introspectors": 8,
    "testing": 8,
    "lab": 9,
    "demo": 10,
    "compat": 10,
}
PURE = {"numerics", "analysis", "processors"}
NOT_PURE = {"threading", "asyncio", "time", "random", "comm", "ipywidgets", "IPython", "pyarrow", "pandas", "plotly"}
FRAMEWORKS = {"tensorflow": {"tensorflow", "demo"}, "keras": {"tensorflow", "demo"}}


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports when it runs; imports for type checkers do not count."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
    return names


FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem == "exceptions")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "deepview_lab" and rest:
            other = rest[0]
            assert other == own or RANK[other] < RANK[own], f"{own} must not import {name}"
        if own in PURE:
            assert top not in NOT_PURE, f"{own} must stay pure, but imports {name}"
        assert own in FRAMEWORKS.get(top, {own}), f"only framework packages import {top}"


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; before = set(sys.modules); {statement}; print('\\n'.join(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in result.stdout.split()}


HEAVY = {
    "tensorflow",
    "keras",
    "torch",
    "pandas",
    "sklearn",
    "plotly",
    "pyarrow",
    "IPython",
    "ipywidgets",
    "cv2",
    "numba",
}


@pytest.mark.parametrize(
    "statement",
    [
        "import deepview_lab",
        "from deepview_lab import start, runs",
        "from deepview_lab.introspectors import IUA, PFA",
        "import deepview_lab; deepview_lab.open_report; from deepview_lab.report import read_report",
        "from deepview_lab.base import pipeline; from deepview_lab.processors import ImageResizer",
        "import deepview_lab.tensorflow",
        "import deepview_lab.compat; from deepview.introspectors import IUA; import deepview_tensorflow, dnikit.base",
    ],
)
def test_importing_loads_nothing_heavy(statement):
    assert loaded_by(statement) & HEAVY == set()
