"""Plant each fault in a copy of the tree, and see that its test fails: `python -m tests.mutants.run [ROOM]`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.mutants.fault import FOLDER, ROOT, Fault, apply, outside_git, planted

__all__ = ["main"]

KILLED = "killed"
# Built or installed, so not in git; the copy uses those of the checkout.
_LINKED = ("node_modules", "deepview_lab/static", "deepview_lab/labextension")
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "", "--timeout", "300")
_SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\]")
_TESTS_FAILED = 1  # of pytest; 2 to 5 mean that it ran no test


def main(rooms: list[str], root: Path = ROOT) -> int:
    """Run the faults of the rooms, or all; return the exit status: 0 when each is caught by its test."""
    faults = [fault for room in rooms or [""] for fault in planted(root, room)]
    if not faults:
        sys.stderr.write(f"There is no planted fault in {', '.join(f'{FOLDER}/{room}' for room in rooms or ['*'])}.\n")
        return 1
    width = max(len(f"{fault.room}/{fault.name}") for fault in faults)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "tree"
        _copy_tree(root, copy)
        unplanted: dict[str, bool | None] = {}  # whether tests, which faults share, fail without any
        for fault in faults:
            result = _outcome(fault, copy, unplanted)
            failed += result != KILLED
            sys.stdout.write(f"{f'{fault.room}/{fault.name}':{width}}  {result:22}  {fault.test}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(faults) - failed} of {len(faults)} planted faults are caught by their tests.\n")
    return min(failed, 1)


def _outcome(fault: Fault, copy: Path, unplanted: dict[str, bool | None]) -> str:
    """Return what became of a fault: `killed`, or in capital letters why not."""
    if apply(fault, copy, "--check"):
        return "DOES NOT APPLY"
    if fault.test not in unplanted:
        unplanted[fault.test] = _failures(fault, copy)
    failures = unplanted[fault.test]
    if failures is None:
        return "TEST DOES NOT RUN"
    if failures:
        return "TEST FAILS WITHOUT IT"
    apply(fault, copy)
    try:
        failures = _failures(fault, copy)
    finally:
        apply(fault, copy, "--reverse")
    if failures is None:
        return "TEST CANNOT RUN WITH IT"
    return KILLED if failures else "SURVIVED"


def _copy_tree(root: Path, copy: Path) -> None:
    """Copy what git knows or would add, as it is now: uncommitted changes are tried too."""
    run = partial(subprocess.run, cwd=root, env=outside_git(), capture_output=True, check=True)
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    for name in _LINKED:
        if (root / name).exists() and not (copy / name).exists():
            (copy / name).symlink_to((root / name).resolve())


def _failures(fault: Fault, copy: Path) -> bool | None:
    """Return whether the test fails in the copy; None when it did not run."""
    environment = {
        **outside_git(),
        "PYTHONPATH": str(copy),
        # A fault may keep the size of a file and, by the clock of compiled files, its time.
        "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_CACHE_DIR": str(copy / ".make/numba"),
    }
    run = partial(subprocess.run, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if fault.node is not None:
        status = run([sys.executable, *_PYTEST, fault.test]).returncode
        return status == _TESTS_FAILED if status in (0, _TESTS_FAILED) else None
    title = _SPECIAL.sub(r"\\\g<0>", str(fault.title))  # vitest takes a regular expression
    output = run(["npx", "vitest", "run", fault.file, "-t", title, "--reporter", "json"]).stdout
    found = json.loads(output[output.find("{") :] or "{}")
    ran = found.get("numPassedTests", 0) + found.get("numFailedTests", 0)
    return found["numFailedTests"] > 0 if ran else None


if __name__ == "__main__":
    sys.exit(main([room for room in sys.argv[1:] if room]))
