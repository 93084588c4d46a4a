"""An analysis that a user writes in one file: in runs, the magic, report files, and opened where nobody knows it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import deepview_lab
from deepview_lab.analysis import catalog
from deepview_lab.analysis.faces import faces
from deepview_lab.figures.static_run import static_html
from deepview_lab.lab.magics.completion import words_for
from deepview_lab.lab.session import session
from deepview_lab.samples import StubProducer
from deepview_lab.testing import LAWS
from deepview_lab.transport.feeds.focus import detail_envelope
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import decode_columns
from tests.analysis.test_laws import batches
from tests.transport.fake_client import FakeClient

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_analysis.py"
FIELDS = {"relu": np.array([[0.0, 1.0], [0.5, -2.0]]), "maps": np.arange(24.0).reshape(2, 3, 4)}


@contextmanager
def imported_example():
    """The example as a notebook imports it; afterwards the catalogue is as before."""
    spec = importlib.util.spec_from_file_location("own_analysis", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "_rows", dict(catalog._rows))
        patch.setattr("deepview_lab.analysis.faces._faces", faces())
        patch.setitem(sys.modules, "own_analysis", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture
def own():
    with imported_example() as module:
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
    return run, run.wait(300)["activation_range"].columns()


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


def test_clients_get_its_row_after_the_cell_that_imports_it(shell):
    panel, canvas = FakeClient("panel"), FakeClient("canvas")
    hub = session().hub
    hub.connect("panel", panel.send)
    hub.connect("canvas", canvas.send, run="r1")
    assert [row.kind for row in panel.of(messages.Hello)[0].analyses][:2] == ["iua", "pfa"]
    with imported_example():
        hub.control(panel.ack())
        hub.look_again()
        (row,) = [row for row in panel.of(messages.Hello)[1].analyses if row.kind == "activation_range"]
        assert (row.face, row.module, row.label) == ("ActivationRange", "own_analysis", "Activation range")
        assert [(option.name, option.default, option.explicit) for option in row.options] == [("of", "values", False)]
        assert len(canvas.of(messages.Hello)) == 1
        hub.control(panel.ack())
        hub.look_again()
        assert len(panel.of(messages.Hello)) == 2


def test_clients_see_its_run_and_its_table_and_what_it_knows_of_a_layer(own, shell):
    client = FakeClient()
    session().hub.connect("c1", client.send)
    run, table = result(own)
    state = [state for state in client.of(messages.RunState) if state.run == run.id][-1]
    assert [(known.name, known.analysis) for known in state.introspections] == [
        ("activation_range", "activation_range")
    ]
    *_, (told, (columns,)) = [pair for pair in client.received if isinstance(pair[0], messages.Snapshot)]
    assert (told.analysis, told.final, told.samples) == ("activation_range", True, 2)
    assert columns["mean range"].tolist() == table["mean range"].tolist()
    detail = detail_envelope(run, "relu")
    assert [part.analysis for part in detail.message.parts] == ["activation_range"]
    assert decode_columns(detail.buffers[0])["highest"].tolist() == [0.5, 1.0]


def test_readers_without_a_kernel_see_its_table(own):
    run, _ = result(own)
    html = static_html(run)
    assert [html.count(word) for word in ("<table", "mean range", "relu", "maps")] == [1, 1, 1, 1]
    assert "Waiting" not in html


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
