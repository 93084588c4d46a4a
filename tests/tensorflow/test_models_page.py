"""What docs/models.md shows, runs, and the places that it names are those where Keras looks."""

import re

import pytest

from deepview_lab.tensorflow import TFDatasetExamples
from tests.compat.python import ROOT, run

PAGE = (ROOT / "docs" / "models.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=["read", "offered"])
def test_the_examples_run(block):
    assert run(block) == ""


@pytest.mark.parametrize("name", ["CIFAR10", "CIFAR100", "MNIST"])
def test_the_places_are_those_where_keras_looks(name):
    ((address, place),) = getattr(TFDatasetExamples, name)._files.items()
    assert f"`{address.rpartition('/')[2]}` | `~/.keras/datasets/{place}`" in PAGE
