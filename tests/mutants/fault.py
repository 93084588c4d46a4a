"""A planted fault: a patch, and the test that must fail with it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Fault", "apply", "outside_git", "planted"]

ROOT = Path(__file__).parents[2]
FOLDER = Path("tests/mutants")
_FIRST_LINE = re.compile(
    r"# killed by: (?P<file>(?:tests|deepview_lab|js/tests)/[^\s:]+)"
    r"(?:::(?P<node>.+)| -t \"(?P<title>.+)\")"
)
_LITERAL = re.compile(r"""(['"`])((?:(?!\1|\n)[^\\]|\\.)+)\1""")
_FILLED_IN = re.compile(r"%[sdifjo]|\$\w+|\$\{.+?\}")


@dataclass(frozen=True)
class Fault:
    """One patch.

    Attributes
    ----------
    room, name : str
        The folder of the patch, and its name in it.
    patch : Path
        The file: a first line `# killed by: TEST`, then a unified diff.
    file : str
        The file of the test, relative to the root.
    node : str or None
        What follows `::` in the test's id, for pytest.
    title : str or None
        The test's name, for vitest.
    """

    room: str
    name: str
    patch: Path
    file: str
    node: str | None
    title: str | None

    @classmethod
    def read(cls, patch: Path) -> Fault:
        """Read the first line of a patch."""
        line = patch.read_text(encoding="utf-8").split("\n", 1)[0]
        found = _FIRST_LINE.fullmatch(line)
        if found is None:
            raise ValueError(
                f"{patch} must begin with '# killed by: tests/x.py::test_name' or "
                f"'# killed by: js/tests/x.test.ts -t \"name\"', but begins with {line!r}."
            )
        return cls(patch.parent.name, patch.stem, patch, **found.groupdict())

    @property
    def test(self) -> str:
        """The test as the first line names it."""
        return f"{self.file}::{self.node}" if self.node else f'{self.file} -t "{self.title}"'

    def has_test(self, root: Path) -> bool:
        """Return whether the test is there, without running it."""
        file = root / self.file
        if not file.is_file():
            return False
        source = file.read_text(encoding="utf-8")
        if self.node is None:
            title = str(self.title)
            return title in source or any(_fits(literal, title) for _, literal in _LITERAL.findall(source))
        names = self.node.split("[", 1)[0].split("::")
        body = ast.parse(source).body
        for name in names:
            inner = [item for item in body if isinstance(item, ast.FunctionDef | ast.ClassDef) and item.name == name]
            if not inner:
                return False
            body = inner[0].body
        return True


def _fits(literal: str, title: str) -> bool:
    """Return whether a text in a source may be the title, where `it.each` fills in parts of it."""
    fixed = _FILLED_IN.split(re.sub(r"\\(.)", r"\1", literal))
    return re.fullmatch(".+".join(map(re.escape, fixed)), title) is not None and any(fixed)


def planted(root: Path, room: str = "") -> list[Fault]:
    """Return the faults of a room, or of all rooms."""
    return [Fault.read(patch) for patch in sorted((root / FOLDER).glob(f"{room or '*'}/*.patch"))]


def outside_git() -> dict[str, str]:
    """Return the environment without what git tells its hooks, which would name another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def apply(fault: Fault, tree: Path, *options: str) -> str:
    """Apply the patch to a tree with `git apply`; return what git complains of, empty when it applies."""
    command = ["git", "apply", "--verbose", *options, str(fault.patch)]
    done = subprocess.run(command, cwd=tree, env=outside_git(), capture_output=True, text=True, check=False)
    skipped = "Skipped patch" in done.stderr  # git counts a path outside the folder as applied
    return done.stderr.strip() or "git apply failed" if done.returncode or skipped else ""
