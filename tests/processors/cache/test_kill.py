"""kill -9 at any moment of a pass loses at most the batch that was being written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.ci_only
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork and SIGKILL")
def test_fifty_kills_corrupt_nothing_and_lose_at_most_the_last_batch(tmp_path):
    done = subprocess.run(
        [sys.executable, HERE / "kill.py", tmp_path / "cache", "50"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("50 kills")
