"""What docs/bring.md shows, runs."""

import re
from pathlib import Path

import pytest

pytest.importorskip("keras", reason="an extra")

PAGE = Path(__file__).parents[2] / "docs" / "bring.md"


def test_the_examples_run_one_after_the_other_and_print_what_they_say(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 8
    namespace = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), namespace)
    assert list(namespace["results"]) == ["iua", "pfa", "report"]
    printed = capsys.readouterr().out
    said = re.findall(r"# (\d+ samples of .*\.)$", "".join(blocks), re.MULTILINE)
    assert len(said) == 2
    assert [line for line in said if line not in printed] == []
