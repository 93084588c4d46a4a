"""What a run found comes back from its file, number for number."""

from __future__ import annotations

import threading
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import deepview_lab
from deepview_lab.base import pipeline
from deepview_lab.exceptions import DeepViewException, PartialResultWarning, ReportFileError
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.report import Manifest, write_report
from deepview_lab.samples import StubProducer
from tests.engine.counting import Numbers
from tests.processors.cache.sources import Rows, maps_model
from tests.report.runs import assert_same_iua, assert_same_pfa, both, saved_run


def test_results_of_iua_and_pfa_come_back(tmp_path):
    run = saved_run(*both())
    report = deepview_lab.open_report(run.save(tmp_path / "audit.dvreport"))
    assert_same_iua(report.iua, run.results["iua"])
    assert_same_pfa(report.pfa, run.results["pfa"])
    assert isinstance(report.iua, IUA)
    assert IUA.show(report.iua, details=True).equals(IUA.show(run.results["iua"], details=True))
    assert PFA.show(report.pfa).equals(PFA.show(run.results["pfa"]))
    assert PFA.show(report.pfa, vis_type="chart").data


def test_a_report_that_is_opened_can_be_compared_with_one_saved_again(tmp_path):
    run = saved_run(*both())
    first = run.save(tmp_path / "first.dvreport")
    run.save(first)
    assert_same_pfa(deepview_lab.open_report(first).pfa, run.results["pfa"])
    assert [path.name for path in tmp_path.iterdir()] == ["first.dvreport"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 3)),
        elements=st.floats(width=32) | st.just(0.0),
    )
)
def test_any_counts_come_back(tmp_path, values):
    run = saved_run(IUA.spec(), relu=values)
    assert_same_iua(deepview_lab.open_report(run.save(tmp_path / "x.dvreport")).iua, run.results["iua"])


def test_counts_of_samples_that_were_not_kept_stay_unknown(tmp_path):
    run = saved_run(IUA.spec(per_sample=False), IUA.spec())
    report = deepview_lab.open_report(run.save(tmp_path / "x.dvreport"))
    assert list(report.results) == ["iua", "iua-2"]
    for name in report.results:
        assert_same_iua(report.results[name], run.results[name])


def test_the_manifest_says_where_it_came_from(tmp_path):
    model, _ = maps_model()
    run = deepview_lab.start(pipeline(Rows(20), model()), *both(), batch_size=8, name="audit")
    run.wait(300)
    report = deepview_lab.open_report(run.save(str(tmp_path / "x.dvreport")))
    manifest = report.file.manifest
    assert (manifest.kind, manifest.name, manifest.samples, manifest.complete) == ("run", "audit", 20, True)
    assert manifest.parameters["iua"]["atol"] == 1e-6
    assert manifest.thresholds == {"iua": {"atol": 1e-6}, "pfa": {"epsilon_inactive": 1e-8}}
    assert manifest.provenance["source samples"] == "20"
    assert "stage 1 (ModelStage) weights" in manifest.provenance
    assert manifest.layers == ("maps",)
    assert set(manifest.libraries) >= {"python", "deepview_lab", "numpy", "pyarrow"}
    assert dict(report.responses) == dict(run.responses)
    for piece in ("audit: run over 20 samples", "iua: 1 layers", "pfa: 1 layers", "DeepView Lab 0.1.0"):
        assert piece in report.summary


def test_any_reader_of_parquet_reads_the_tables(tmp_path):
    path = saved_run(*both()).save(tmp_path / "x.dvreport")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "tables" / "pfa.spectra.parquet").to_pandas()
    assert table.groupby("layer", observed=True)["eigenvalue"].count().to_dict() == {
        "maps: a/b": 7,
        "dense": 12,
        "one": 1,
    }


def test_what_is_not_in_the_file_is_said(tmp_path):
    report = deepview_lab.open_report(saved_run(PFA.spec(pool="average")).save(tmp_path / "x.dvreport"))
    layer = report.pfa.covariances["dense"]
    assert np.isnan(layer.covariances).all()
    assert layer.covariances.shape == (12, 12)
    with pytest.raises(DeepViewException, match="not covariance matrices"):
        _ = layer.eigenvectors
    with pytest.raises(DeepViewException, match="has no result of iua; it has"):
        _ = report.iua


def test_a_result_that_failed_is_left_out_with_its_reason(tmp_path):
    maps = StubProducer({"maps": np.ones((32, 2, 2, 3))})
    run = deepview_lab.start(maps, IUA.spec(), PFA.spec(), batch_size=16)
    with pytest.warns(UserWarning, match="pfa failed"):
        run.wait(300)
    report = deepview_lab.open_report(run.save(tmp_path / "x.dvreport"))
    assert "Pool it" in report.file.manifest.left_out["pfa"]
    assert "not in it: pfa" in report.summary


def test_a_run_that_works_has_nothing_to_save_and_a_cancelled_one_is_marked(tmp_path):
    gate = threading.Event()
    run = deepview_lab.start(Numbers(64, gates={1: gate}), IUA.spec(), batch_size=16)
    with pytest.raises(DeepViewException, match=r"Wait for it with run\.wait"):
        run.save(tmp_path / "x.dvreport")
    run.cancel()
    gate.set()
    with pytest.warns(PartialResultWarning):
        run.wait(300)
    report = deepview_lab.open_report(run.save(tmp_path / "x.dvreport"))
    assert not report.file.manifest.complete
    assert "results are partial" in report.summary


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(ReportFileError, match=r"suffix \.dvreport, but 'x\.zip'"):
        saved_run(IUA.spec()).save(tmp_path / "x.zip")


def test_a_run_of_more_layers_than_a_reader_takes_is_not_saved(tmp_path, monkeypatch):
    run = saved_run(IUA.spec())
    monkeypatch.setattr("deepview_lab.report.saving.MOST_LISTED_ROWS", 3)
    with pytest.raises(ReportFileError, match="looked at 4 layers, and a file holds at most 3"):
        run.save(tmp_path / "x.dvreport")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_a_reader_would_refuse_is_not_saved(tmp_path):
    with pytest.raises(ReportFileError, match=r"bytes of names and settings, .* takes at most 4,194,304"):
        write_report(tmp_path / "x.dvreport", Manifest(kind="run", name="x" * 5_000_000), {})
    assert list(tmp_path.iterdir()) == []
