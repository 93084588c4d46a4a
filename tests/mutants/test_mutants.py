"""Planted faults do not rot: each patch applies and names a test; and the runner tells those that no test catches."""

import subprocess

import pytest

from tests.mutants.fault import ROOT, Fault, apply, planted
from tests.mutants.run import main


def test_each_patch_applies_and_its_test_exists():
    faults = planted(ROOT)
    assert faults
    wrong = {str(fault.patch.relative_to(ROOT)): apply(fault, ROOT, "--check") for fault in faults}
    assert {name: complaint for name, complaint in wrong.items() if complaint} == {}
    assert [(fault.name, fault.test) for fault in faults if not fault.has_test(ROOT)] == []


@pytest.mark.parametrize(
    "line", ["", "--- a/x.py", "# killed by:", "# killed by: tests/test_x.py", "# killed by: ui-tests/test_x.py::test"]
)
def test_a_patch_must_name_its_test(tmp_path, line):
    patch = tmp_path / "fault.patch"
    patch.write_text(f"{line}\n")
    with pytest.raises(ValueError, match="must begin with '# killed by: "):
        Fault.read(patch)


PATCH = """# killed by: tests/test_sum.py::{test}
--- a/deepview_lab.py
+++ b/deepview_lab.py
@@ -1,2 +1,2 @@
 def total(a, b):
-    return {before}
+    return {after}
"""


@pytest.fixture
def project(tmp_path):
    """A project of one function and three tests, with a fault of each outcome."""
    (tmp_path / "deepview_lab.py").write_text("def total(a, b):\n    return a + b\n")
    tests = tmp_path / "tests"
    for outcome, change in {
        "caught": ("test_sum", "a + b", "a - b"),
        "missed": ("test_zeros", "a + b", "a - b"),
        "rotten": ("test_sum", "a or b", "a"),
        "failing": ("test_broken", "a + b", "a"),
        "unnamed": ("test_gone", "a + b", "a"),
        "syntax": ("test_sum", "a + b", "a +"),
    }.items():
        patch = tests / "mutants" / outcome / "fault.patch"
        patch.parent.mkdir(parents=True)
        patch.write_text(PATCH.format(test=change[0], before=change[1], after=change[2]))
    (tests / "test_sum.py").write_text(
        "from deepview_lab import total\n\n\n"
        "def test_sum():\n    assert total(2, 3) == 5\n\n\n"
        "def test_zeros():\n    assert total(0, 0) == 0\n\n\n"
        "def test_broken():\n    assert total(1, 1) == 3\n"
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


@pytest.mark.slow
def test_the_runner_tells_faults_that_no_test_catches(project, capsys):
    assert main([], project) == 1
    lines = capsys.readouterr().out.splitlines()
    assert {line.split("/")[0]: line.split("  ")[1].strip() for line in lines[:-1]} == {
        "caught": "killed",
        "missed": "SURVIVED",
        "rotten": "DOES NOT APPLY",
        "failing": "TEST FAILS WITHOUT IT",
        "unnamed": "TEST DOES NOT RUN",
        "syntax": "TEST CANNOT RUN WITH IT",
    }
    assert lines[-1] == "1 of 6 planted faults are caught by their tests."
    assert (project / "deepview_lab.py").read_text() == "def total(a, b):\n    return a + b\n"


@pytest.mark.slow
def test_the_runner_runs_the_faults_of_one_room(project, capsys):
    assert main(["caught"], project) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 planted faults are caught by their tests."
    assert main(["no such room"], project) == 1
    assert "tests/mutants/no such room" in capsys.readouterr().err
