"""The demo notebook runs from top to bottom and shows what its text says."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from .test_demo import DEAD

UNITS_OF_RELU3 = 32
NOTEBOOK = Path(__file__).parents[2] / "examples" / "demo.ipynb"


@pytest.fixture(scope="module")
def outputs():
    """Execute the notebook and return the text of each code cell's output, by the cell's id."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": NOTEBOOK.parent}}
    ).execute()
    return {cell.id: outputs_of(cell) for cell in notebook.cells if cell.cell_type == "code"}


def outputs_of(cell):
    data = {}
    for output in cell.outputs:
        data.update(output.get("data", {}))
    return data


def test_the_stored_notebook_is_clean():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_the_run_is_shown_with_a_table_for_readers_without_a_kernel(outputs):
    assert "wide_relu" in outputs["run"]["text/html"]


def test_the_magic_starts_the_same_run(outputs):
    assert "iua+pfa · producer" in outputs["magic"]["text/html"]


def test_the_layers_of_the_model_are_listed(outputs):
    assert "conv1" in outputs["model"]["text/html"]


def test_both_results_are_tables(outputs):
    assert "dead units" in outputs["results"]["text/html"]
    assert "recommended count" in outputs["recipe"]["text/html"]


def test_dead_units_are_found(outputs):
    told = re.fullmatch(r"array\(\[(.*)\]\)", outputs["dead"]["text/plain"])
    units = [int(unit) for unit in told[1].split(",")]
    assert len(set(units)) == DEAD["relu3"]
    assert all(0 <= unit < UNITS_OF_RELU3 for unit in units)


def test_both_charts_are_plotly_figures(outputs):
    for cell in ("chart", "recipe-chart"):
        assert "application/vnd.plotly.v1+json" in outputs[cell]
