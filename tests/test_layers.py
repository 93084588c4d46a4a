"""Imports go one way, and importing is cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "deepview_lab"

# A package may import those of a lower rank, and itself.
RANK = {
    "visible_text": -1,
    "run_saver": -1,
    "built_in": -1,  # names of modules as strings
    "exceptions": 0,
    "typing": 1,
    "numerics": 1,
    "base": 2,
    "processors": 3,
    "analysis": 3,
    "samples": 3,
    "tensorflow": 4,
    "torch": 4,
    "data": 4,
    "engine": 4,
    "figures": 5,
    "transport": 6,
    "report": 7,
    "introspectors": 8,
    "testing": 8,
    "lab": 9,
    "demo": 10,
    "compat": 10,
    "cli": 11,
}
PURE = {"numerics", "analysis", "processors"}
NOT_PURE = {"threading", "asyncio", "time", "random", "comm", "ipywidgets", "IPython", "pyarrow", "pandas", "plotly"}
# A text that names one of our modules, or something in it, is an import too.
MODULE = re.compile(r"deepview_lab\.(?P<package>\w+)[\w.:]*")
FRAMEWORKS = {"tensorflow": {"tensorflow", "demo"}, "keras": {"tensorflow", "demo"}, "torch": {"torch"}}


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, or names in a text; imports for type checkers do not count."""
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
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = MODULE.fullmatch(node.value)
            if named is not None and named["package"] in RANK and path.stem != "built_in":
                names.add(node.value)
    return names


FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem == "exceptions")


def forbidden(path):
    """Return what a file imports that its package must not import."""
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imports(path):
        top, *rest = name.split(".")
        above = top == "deepview_lab" and rest and rest[0] != own and RANK[rest[0]] >= RANK[own]
        impure = own in PURE and top in NOT_PURE
        if above or impure or own not in FRAMEWORKS.get(top, {own}):
            yield name


def test_imports_go_one_way_pure_packages_stay_pure_and_frameworks_in_their_packages():
    assert len(FILES) > 200
    found = {str(path.relative_to(ROOT)): [*forbidden(path)] for path in FILES}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_text_that_names_a_module_is_an_import(tmp_path):
    file = tmp_path / "run.py"
    file.write_text(
        'import_module("deepview_lab.report.saving")\nHELLO = "deepview_lab.hello"\n"see deepview_lab.lab"\n'
    )
    assert imports(file) == {"deepview_lab.report.saving"}


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
        "import deepview_lab.torch",
        "import numpy; from deepview_lab import as_producer; as_producer(numpy.zeros((2, 2)))",
        "import deepview_lab.compat; from deepview.introspectors import IUA; import deepview_tensorflow, dnikit.base",
    ],
)
def test_importing_loads_nothing_heavy(statement):
    assert loaded_by(statement) & HEAVY == set()
