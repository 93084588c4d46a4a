"""What docs/bring.md shows of PyTorch, runs."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "bring.md"


def test_the_examples_run_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python torch\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 4
    namespace = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), namespace)
    assert list(namespace["results"]) == ["iua", "pfa", "report"]
