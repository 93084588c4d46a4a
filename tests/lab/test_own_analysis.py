"""An analysis that a user writes in one file: in runs, the magic, report files, and opened where nobody knows it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import deepview_lab
from deepview_lab.analysis import catalog
from deepview_lab.analysis.faces import faces
from deepview_lab.lab.magics.completion import words_for
from deepview_lab.samples import StubProducer
from deepview_lab.testing import LAWS
from tests.analysis.test_laws import batches

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_analysis.py"
FIELDS = {"relu": np.array([[0.0, 1.0], [0.5, -2.0]]), "maps": np.arange(24.0).reshape(2, 3, 4)}


@pytest.fixture(scope="module")
def own():
    """The example as a notebook imports it; afterwards the catalogue is as before."""
    spec = importlib.util.spec_from_file_location("own_analysis", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "_rows", dict(catalog._rows))
        patch.setattr("deepview_lab.analysis.faces._faces", faces())
        patch.setitem(sys.modules, "own_analysis", module)
        spec.loader.exec_module(module)
        yield module


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_obeys_the_laws(own, law):
    @settings(derandomize=True, deadline=None, max_examples=15)
    @given(given_batches=batches())
    def holds(given_batches):
        law(own.ActivationRange.spec(), given_batches)

    holds()


def result(own, **options):
    run = deepview_lab.start(StubProducer(FIELDS), own.ActivationRange.spec(**options), name="ranges")
    return run, run.wait(60)["activation_range"].columns()


def test_it_runs_like_any_other_and_its_option_changes_something(own):
    _, table = result(own)
    assert table["layer"].tolist() == ["relu", "maps"]
    assert (table["lowest"].tolist(), table["highest"].tolist()) == ([-2, 0], [1, 23])
    assert table["mean range"].tolist() == [(0.5 + 3) / 2, 20]
    assert result(own, of="magnitudes")[1]["lowest"].tolist() == [0, 0]


def test_a_file_keeps_its_columns(own, tmp_path):
    run, table = result(own)
    report = deepview_lab.open_report(run.save(tmp_path / "a.dvreport"))
    opened = report.results["activation_range"]
    assert (opened.samples, opened.layers) == (2, ("relu", "maps"))
    assert {name: column.tolist() for name, column in opened.columns().items()} == {
        name: column.tolist() for name, column in table.items()
    }
    assert report.tables["activation_range"] is opened
    assert report.file.manifest.parameters == {"activation_range": {"of": "values"}}


def test_a_file_opens_where_nobody_knows_the_analysis_and_nothing_is_imported_for_it(own, tmp_path):
    path = result(own)[0].save(tmp_path / "a.dvreport")
    code = (
        "import sys, deepview_lab; from deepview_lab.report.opened_run import opened_run;"
        f"table = opened_run(deepview_lab.open_report({str(path)!r})).snapshot('activation_range').columns();"
        "print(table['highest'].tolist(), 'own_analysis' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[1.0, 23.0] False\n"


def test_it_is_a_command_with_its_option(own, shell):
    shell.user_ns["data"] = StubProducer(FIELDS)
    found = shell.run_line_magic("deepview", "activation_range data --of magnitudes --wait")
    assert isinstance(found, own.RangeTable)
    assert found.columns()["lowest"].tolist() == [0, 0]
    both = shell.run_line_magic("deepview", "live data iua activation_range --wait")
    assert list(both) == ["iua", "activation_range"]
    assert words_for(["activation_range", "data"], shell.user_ns)[0] == "--of"


def test_the_script_runs_and_prints_the_ranges():
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)
    conv, relu = done.stdout.splitlines()
    assert conv.startswith("conv: -")
    assert relu.startswith("relu: 0.00 to ")
