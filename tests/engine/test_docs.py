"""What docs/runs.md shows, runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "runs.md"


@pytest.mark.filterwarnings("ignore::deepview_lab.exceptions.PartialResultWarning")
def test_the_page_on_long_runs_runs():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    shutil.rmtree(str(names["folder"]))
