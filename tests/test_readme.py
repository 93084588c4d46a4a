"""The README's Python runs as it stands, in one IPython session, in its order."""

from __future__ import annotations

import re
from pathlib import Path

from deepview_lab import runs
from deepview_lab.lab.session import session

from .shells import interactive_shell

README = Path(__file__).parents[1] / "README.md"


def test_the_python_blocks_of_the_readme_run():
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 5
    before = runs()
    with interactive_shell() as shell:
        try:
            for block in blocks:
                shell.run_cell(block).raise_error()
            for run in runs():
                if run not in before:
                    run.wait(600)
        finally:
            shell.run_line_magic("unload_ext", "deepview_lab")
            session().hub.close()
            session.cache_clear()
