"""The extras of the package: what the README lists, and what the demo's environment has."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def libraries_of(extra):
    """Return the names of all that an extra installs, those of the extras in it among them."""
    found = set()
    for requirement in EXTRAS[extra]:
        own = re.fullmatch(r"deepview_lab\[(.*)\]", requirement)
        if own:
            found.update(*(libraries_of(name) for name in own[1].split(",")))
        else:
            found.add(re.match(r"[\w-]+", requirement)[0])
    return found


def test_the_readme_lists_every_extra_once():
    table = re.search(r"^\| extra \| for \|\n\|[-|]+\|\n((?:\|.*\n)+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    listed = [name for row in table[1].splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(EXTRAS)


def test_the_demo_has_opencv_and_umap_and_what_it_needs():
    assert libraries_of("demo") >= {"jupyterlab", "mlxtend", "opencv-python-headless", "tensorflow", "umap-learn"}
