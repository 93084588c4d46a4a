"""Whatever is changed in a report, opening it and using what is in it gives a result or a documented error."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FIRST = int(os.environ.get("DEEPVIEW_FUZZ_FROM", "0"))


def fuzzed(folder, first, count, seconds):
    """Return how many mutations were shown and refused; in a process of its own, which a broken reader may end."""
    command = [sys.executable, "-m", "tests.report.fuzz", str(first), str(count), str(seconds), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    *seeds, last = done.stdout.splitlines() or [""]
    assert done.returncode == 0, f"mutation {last}: {done.stderr[-3000:]}"
    return len(seeds), last


def test_only_documented_errors_come_out_of_mutated_reports(tmp_path):
    count, ends = fuzzed(tmp_path, FIRST, 60, 60)
    assert count > 10
    assert "'refused': 0" not in ends
    assert "'shown': 0" not in ends


@pytest.mark.ci_only
@pytest.mark.timeout(300)
def test_a_minute_of_mutations_brings_only_documented_errors(tmp_path):
    """Other numbers with DEEPVIEW_FUZZ_FROM; more with ``python -m tests.report.fuzz``."""
    count, _ = fuzzed(tmp_path, FIRST + 10_000, 20_000, 60)
    assert count > 60
