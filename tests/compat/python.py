"""Fresh interpreters, because imports leave traces in this one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(code, *, paths=(), arguments=()):
    """Run code in a fresh interpreter, with additional import paths, and return what it printed.

    Warnings of DeepView Lab are errors there unless the code changes that.
    """
    strict = "import warnings\nwarnings.simplefilter('error', UserWarning)\n"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", strict + code, *map(str, arguments)]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env=environment, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
