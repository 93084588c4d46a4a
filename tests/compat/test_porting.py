"""What docs/porting.md shows, runs: with the import, and with the names replaced by its command."""

import re
import shutil
import subprocess

import pytest

from tests.compat.python import ROOT, run

PAGE = (ROOT / "docs" / "porting.md").read_text()
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(COMMAND,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_runs():
    assert run(EXAMPLE) == ""


@pytest.mark.skipif(shutil.which("sed") is None, reason="needs sed")
def test_the_example_runs_without_the_import_after_the_replacement(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        EXAMPLE.replace("import deepview_lab.compat\n", "import deepview_tensorflow\nimport dnikit as dv\n")
    )
    subprocess.run(COMMAND, shell=True, check=True, cwd=tmp_path)
    ported = script.read_text()
    assert not re.search(r"dnikit|DNIKit|deepview(?!_lab)", ported)
    run(ported + "\nimport sys\nassert 'deepview_lab.compat' not in sys.modules\n")
