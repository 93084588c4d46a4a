"""Clients are told which columns of samples there are, and get the values of those that they ask for."""

from __future__ import annotations

import msgspec
import numpy as np
import pandas as pd
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import start
from deepview_lab.introspectors import (
    DatasetReport,
    DimensionReduction,
    Duplicates,
    Familiarity,
    LabelProblems,
    ReportConfig,
)
from deepview_lab.transport.wire import messages

from .fake_client import FakeClient

SAMPLES = 120
CONFIG = ReportConfig(projection=DimensionReduction.Strategy.PCA(2), split_familiarity_min=20)


def labelled(batch_size):
    rng = np.random.default_rng(3)
    label = np.arange(SAMPLES) % 2
    values = rng.normal(size=(SAMPLES, 6)) + 4 * label[:, np.newaxis]
    values[7] = values[5]
    for first in range(0, SAMPLES, batch_size):
        part = slice(first, first + batch_size)
        builder = Batch.Builder({"dense": values[part].astype(np.float32)})
        builder.metadata[Batch.StdKeys.IDENTIFIER] = [f"s{i}" for i in range(SAMPLES)[part]]
        builder.metadata[Batch.StdKeys.LABELS] = {
            "label": ["odd" if odd else "even" for odd in label[part]],
            "dataset": ["test" if i % 5 == 0 else "train" for i in range(SAMPLES)[part]],
        }
        yield builder.make_batch()


def ended(spec):
    run = start(labelled, spec, batch_size=40)
    run.wait(300)
    return run


def described(hub, client, run):
    """Return the newest description, which may wait for an acknowledgement of the one before."""
    hub.control(client.ack())
    return [message for message in client.of(messages.Samples) if message.run == run.id][-1]


def ask(hub, client, run, told, column, *, since=None, start_at=0):
    since = next(c.since for c in told.columns if c.name == column) if since is None else since
    message = messages.ReadColumn(
        client=client.name, run=run.id, introspector=told.introspector, column=column, since=since, start=start_at
    )
    hub.control(msgspec.to_builtins(message))


def read(hub, client, run, told, column):
    """Return the values of a column as a client gets them."""
    seen = len(client.of(messages.SampleChunk))
    ask(hub, client, run, told, column)
    client.wait_for(messages.SampleChunk, seen + 1)
    chunk, buffers = [pair for pair in client.received if isinstance(pair[0], messages.SampleChunk)][-1]
    hub.control(client.ack())
    assert (chunk.column, chunk.start, chunk.rows) == (column, 0, told.rows)
    values = buffers[0]["value"]
    return np.array([*buffers[1]["word"], ""], dtype=object)[values] if len(buffers) > 1 else values


def test_a_report_is_told_column_by_column_as_its_data_frame_has_it(hub, client):
    run = ended(DatasetReport.spec(config=CONFIG))
    told = described(hub, client, run)
    frame = run.results["report"].data
    assert told.rows == len(frame) == SAMPLES
    roles = {column.name: column.role for column in told.columns}
    assert roles == {
        "id": "id",
        "label": "label",
        "dataset": "split",
        "duplicates_dense": "set",
        "projection_dense_x": "x",
        "projection_dense_y": "y",
        "familiarity_dense": "score",
        "splitFamiliarity_dense_byAttr_label": "score",
        "splitFamiliarity_dense_byAttr_dataset": "score",
    }
    for name in roles:
        values = read(hub, client, run, told, name)
        if name.startswith("splitFamiliarity"):
            of = frame[name.rsplit("_", 1)[1]]
            expected = [scores[label] for scores, label in zip(frame[name], of, strict=True)]
            np.testing.assert_array_equal(values, expected)
        else:
            pd.testing.assert_series_equal(pd.Series(values), frame[name], check_names=False, check_dtype=False)


@pytest.mark.parametrize(
    ("spec", "roles"),
    [
        (Familiarity.spec(), ["id", "label", "split", "score"]),
        (Duplicates.spec(), ["id", "label", "split", "set"]),
        (DimensionReduction.spec(strategies=DimensionReduction.Strategy.PCA(2)), ["id", "label", "split", "x", "y"]),
        (DimensionReduction.spec(strategies=DimensionReduction.Strategy.PCA(1)), ["id", "label", "split", "number"]),
        (LabelProblems.spec(dimensions=["label"]), ["id", "label", "split", "score", "text"]),
    ],
    ids=["familiarity", "duplicates", "projection", "one axis", "labels"],
)
def test_single_analyses_have_a_table_of_samples_too(hub, client, spec, roles):
    run = ended(spec)
    told = described(hub, client, run)
    assert [column.role for column in told.columns] == roles
    scores = read(hub, client, run, told, told.columns[3].name)
    [result] = run.results.values()
    np.testing.assert_array_equal(scores, result.sample_table().columns[3].array())


def test_values_that_did_not_change_keep_their_version(hub, client):
    run = ended(DatasetReport.spec(config=CONFIG))
    versions = [message for message in client.of(messages.Samples) if message.run == run.id]
    told = described(hub, client, run)
    assert told.version > versions[0].version == 1
    since = {column.name: column.since for column in told.columns}
    assert since["id"] == since["label"] == 1
    assert 1 < since["duplicates_dense"] < since["projection_dense_x"] <= told.version


def test_values_of_another_version_are_not_sent(hub, client):
    run = ended(Duplicates.spec())
    told = described(hub, client, run)
    ask(hub, client, run, told, "id", since=99)
    ask(hub, client, run, told, "label", start_at=SAMPLES)
    read(hub, client, run, told, "duplicates dense")  # they are answered in order
    assert [chunk.column for chunk in client.of(messages.SampleChunk)] == ["duplicates dense"]


def test_a_client_that_comes_late_or_reloads_gets_the_description_and_can_ask(hub):
    run = ended(Duplicates.spec())
    late = FakeClient("late")
    hub.connect("late", late.send)
    told = described(hub, late, run)
    assert read(hub, late, run, told, "id").tolist() == [f"s{i}" for i in range(SAMPLES)]
    hub.control(msgspec.to_builtins(messages.Resync(client="late")))
    again = late.of(messages.Samples)[-1]
    assert again == msgspec.structs.replace(told, seq=again.seq)
    assert again.seq > told.seq


def test_a_column_that_is_not_there_is_not_sent(hub, client, caplog):
    run = ended(Duplicates.spec())
    told = described(hub, client, run)
    ask(hub, client, run, told, "nothing", since=1)
    read(hub, client, run, told, "id")
    assert len(client.of(messages.SampleChunk)) == 1
    assert not caplog.records


def test_the_notebook_keeps_no_description_without_values(hub):
    run = ended(Duplicates.spec())
    kinds = {type(envelope.message) for envelope in hub.saved(run).envelopes}
    assert messages.Findings in kinds
    assert messages.Samples not in kinds
