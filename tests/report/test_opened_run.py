"""A report shown as the run that it was: what canvases are told of both is the same."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

import deepview_lab
from deepview_lab.base import Batch
from deepview_lab.engine import ENDED, Registry
from deepview_lab.exceptions import DeepViewException, ReportFileError, UnknownNameError
from deepview_lab.introspectors import (
    IUA,
    PFA,
    DatasetReport,
    DimensionReduction,
    Duplicates,
    Familiarity,
    LabelProblems,
    ReportConfig,
)
from deepview_lab.report import Manifest, read_report, write_report
from deepview_lab.report.opened_run import OpenedRun, opened_run
from deepview_lab.samples import StubProducer
from deepview_lab.transport.feeds.focus import detail_envelope, recommendation_envelopes
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire import messages
from tests.engine.counting import Numbers
from tests.report.runs import both, saved_run

GENERATED_CODE = Path(__file__).parents[2] / "protocol" / "generated_code.json"


def told(run):
    """What a canvas is told of an ended run that does not name the run, by kind and introspector."""
    run.complete_tables()
    hub = Hub(Registry(), version="0", session="s")
    facts = {}
    for envelope in hub.saved(run).envelopes:
        fields = msgspec.to_builtins(envelope.message)
        key = fields["kind"], fields.get("introspector"), fields.get("layer")
        for own in ("run", "file", "rate", "eta", "seq"):
            fields.pop(own, None)
        facts[key] = fields, envelope.buffers
    hub.close()
    return facts


def again(run, folder):
    return opened_run(deepview_lab.open_report(run.save(folder / "saved.dvreport")))


def test_of_iua_and_pfa_everything_is_told_again(tmp_path):
    run = saved_run(*both())
    opened = again(run, tmp_path)
    kinds = {kind for kind, _, _ in told(run)}
    assert kinds == {"run", "layers", "snapshot", "layer_detail"}
    assert told(opened) == told(run)
    assert opened.status in ENDED
    assert opened in deepview_lab.runs()
    assert list(opened.wait(0)) == ["iua", "pfa"]


def test_since_when_layers_are_stable_is_told_too(tmp_path):
    values = np.maximum(np.random.default_rng(0).normal(size=(2000, 6)), 0)
    run = saved_run(IUA.spec(), PFA.spec(), relu=values)
    opened = again(run, tmp_path)
    assert told(opened) == told(run)
    assert opened.snapshot("iua").columns()["stable_since"].tolist() == [run.stable_since["iua"]["relu"]]


@pytest.mark.parametrize(("strategy", "value"), [("energy", 0.9), ("size", 0.5)])
def test_recipes_are_those_of_the_run(tmp_path, strategy, value):
    run = saved_run(*both())
    run.complete_tables()
    opened = again(run, tmp_path)
    units = [layer.original_output_count for layer in run.results["pfa"].covariances.values()]
    assert run.nbytes == 8 * sum(count**2 for count in units)
    assert opened.nbytes == 8 * sum(units)
    (was,) = recommendation_envelopes(run, strategy, value).values()
    (now,) = recommendation_envelopes(opened, strategy, value).values()
    assert now.buffers == was.buffers
    assert detail_envelope(opened, "dense").buffers == detail_envelope(run, "dense").buffers


@pytest.mark.parametrize(
    "spec",
    [
        Familiarity.spec(strategy=Familiarity.Strategy.GMM(gaussian_count=2)),
        Duplicates.spec(),
        DimensionReduction.spec(strategies=DimensionReduction.Strategy.PCA(2)),
        LabelProblems.spec(),
        DatasetReport.spec(config=ReportConfig(projection=None)),
    ],
    ids=["familiarity", "duplicates", "projection", "labels", "report"],
)
def test_findings_are_those_of_the_run(tmp_path, spec):
    values = np.random.default_rng(0).normal(size=(80, 4))
    values[7] = values[70]
    labels = {Batch.StdKeys.LABELS: {"label": ["cat", "dog"] * 40}}
    run = deepview_lab.start(StubProducer({"dense": values}, labels), spec, name="samples")
    run.wait(300)
    opened = again(run, tmp_path)
    was = {key: fact for key, fact in told(run).items() if key[0] == "findings"}
    assert len(was) == 1
    assert {key: fact for key, fact in told(opened).items() if key[0] == "findings"} == was


def test_a_run_that_was_stopped_is_partial_and_says_what_is_left_out(tmp_path):
    gate = threading.Event()
    numbers = Numbers(64, gates={1: gate})

    def pairs(batch_size):
        return (Batch({"x": np.stack([batch.fields["x"]] * 2, axis=1)}) for batch in numbers(batch_size))

    run = deepview_lab.start(pairs, IUA.spec(), PFA.spec(max_units=1), batch_size=32, name="stopped")
    while run.progress.batches < 1:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    with pytest.warns(match="partial|failed"):
        run.wait(300)
    opened = again(run, tmp_path)
    assert opened.status == "cancelled"
    assert opened.progress.samples == run.progress.samples == 32
    [error] = run.errors
    assert "max_units=" in error.message
    assert error.message in str(opened.note)


def test_a_file_is_one_run_until_it_changes(tmp_path):
    run = saved_run(*both())
    path = run.save(tmp_path / "a.dvreport")
    first = opened_run(deepview_lab.open_report(path))
    assert opened_run(deepview_lab.open_report(str(path))) is first
    saved_run(IUA.spec()).save(path)
    second = opened_run(deepview_lab.open_report(path))
    assert second is not first
    assert list(second.introspectors) == ["iua"]


def test_it_cannot_be_steered_and_is_copied_when_it_is_saved(tmp_path):
    opened = again(saved_run(*both()), tmp_path)
    opened.cancel()
    opened.pause()
    opened.resume()
    assert opened.status == "done"
    copy = opened.save(tmp_path / "copy.dvreport")
    assert copy.read_bytes() == (tmp_path / "saved.dvreport").read_bytes()
    with pytest.raises(ReportFileError, match="suffix"):
        opened.save(tmp_path / "copy.zip")
    with pytest.raises(UnknownNameError, match="Did you mean 'iua'"):
        opened.snapshot("iau")


def test_clients_are_told_of_it_as_soon_as_it_is_opened(tmp_path):
    run = saved_run(*both())
    report = deepview_lab.open_report(run.save(tmp_path / "a.dvreport"))
    seen = []
    hub = Hub(deepview_lab.engine.registry, version="0", session="s")
    hub.connect("me", lambda message, _: seen.append(message))
    hub.control(msgspec.to_builtins(messages.Ack(client="me", seq=seen[-1].seq)))
    seen.clear()
    opened = opened_run(report)
    hub.close()
    state = next(message for message in seen if isinstance(message, messages.RunState))
    assert (state.run, state.status, state.file) == (opened.id, "done", str(tmp_path / "a.dvreport"))
    assert {type(message).__name__ for message in seen} == {"RunState", "Layers", "Snapshot"}


def rewritten(path, **changes):
    """Write the file again with another manifest."""
    file = read_report(path)
    tables = {name: file.table(name) for name in file.tables}
    return write_report(path, msgspec.structs.replace(file.manifest, members={}, **changes), tables)


def test_what_only_our_own_writer_tells_may_be_missing(tmp_path):
    path = rewritten(saved_run(*both()).save(tmp_path / "a.dvreport"), extra={})
    opened = opened_run(deepview_lab.open_report(path))
    assert (opened.progress.samples, opened.progress.total) == (60, None)
    assert told(opened)[("snapshot", "iua", None)] == told(saved_run(*both()))[("snapshot", "iua", None)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": {"batch_size": "many"}}, "does not fit"),
        ({"extra": {"batch_size": 0}}, "batches of 0"),
        ({"extra": {"batches": -1}}, "-1 batches"),
        ({"introspectors": {"iua": "pfa"}}, "damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, changes, message):
    path = rewritten(saved_run(*both()).save(tmp_path / "a.dvreport"), **changes)
    with pytest.raises(ReportFileError, match=message):
        opened_run(deepview_lab.open_report(path))


def test_a_file_without_results_says_what_it_has(tmp_path):
    path = write_report(
        tmp_path / "labels.dvreport", Manifest(kind="report", name="x"), {"labels": pa.table({"id": [1]})}
    )
    with pytest.raises(DeepViewException, match=r"no results that can be shown; it has the tables \['labels'\]"):
        OpenedRun(deepview_lab.open_report(path))


def test_the_recipe_that_the_canvas_copies_of_a_report_needs_no_run_in_the_kernel(tmp_path, monkeypatch):
    written = json.loads(GENERATED_CODE.read_text(encoding="ascii"))["recipe_of_report"]
    saved_run(*both()).save(tmp_path / "audit.dvreport")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(deepview_lab, "runs", list)
    namespace = {}
    exec(written, namespace)
    expected = deepview_lab.open_report("audit.dvreport").pfa.get_recipe(strategy=PFA.Strategy.Size(0.5))
    assert dict(namespace["recipe"]) == dict(expected)
