"""What docs/sharing.md shows, runs."""

import re
import warnings
from pathlib import Path

from deepview_lab.cli import main
from tests.report.pages import shared_of

PAGE = Path(__file__).parents[2] / "docs" / "sharing.md"


def test_the_examples_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    namespace = {"__name__": "page"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), namespace)
    for name in ("audit.html", "from-file.html"):
        assert "table of familiarity" in shared_of(tmp_path / name)["contents"]
    lines = re.findall(r"^\$ deepview-lab (.*)$", text, re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["info", "export", "demo"]
    Path("audit.html").unlink()
    assert [main(line.split()) for line in lines[:2]] == [0, 0]
    assert "audit.html, " in capsys.readouterr().out
