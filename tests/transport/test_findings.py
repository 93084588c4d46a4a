"""What analyses of samples find reaches the clients, those that come late, and the saved notebook."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from deepview_lab.engine import registry, start
from deepview_lab.figures.static_run import static_html
from deepview_lab.introspectors import IUA, Duplicates
from deepview_lab.samples import StubProducer
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import encode_columns

from .fake_client import FakeClient


@pytest.fixture
def hub():
    made = Hub(registry, version="1", session="s")
    yield made
    made.close()


def run_of(*specs):
    values = np.random.default_rng(0).standard_normal((64, 8)).astype(np.float32)
    values[40] = values[3]
    run = start(StubProducer({"dense": values}), *specs)
    run.wait(300)
    return run


def tables(client, run):
    pairs = [(message, buffers) for message, buffers in client.received if isinstance(message, messages.Findings)]
    return [(message, columns) for message, (columns,) in pairs if message.run == run.id]


def test_a_client_sees_the_table_at_the_end(hub):
    client = FakeClient()
    hub.connect(client.name, client.send)
    run = run_of(IUA.spec(), Duplicates.spec())
    *_, (told, columns) = tables(client, run)
    assert (told.analysis, told.introspector, told.final, told.rows) == ("duplicates", "duplicates", True, 1)
    assert columns["ids"].tolist() == ["3, 40"]
    last = [state for state in client.of(messages.RunState) if state.run == run.id][-1]
    assert (last.status, last.stage) == ("done", None)


def test_a_client_that_comes_late_gets_the_table_too(hub):
    run = run_of(Duplicates.spec())
    late = FakeClient("late")
    hub.connect("late", late.send)
    [(told, columns)] = tables(late, run)
    assert told.final
    assert columns["samples"].tolist() == [2]


def test_the_saved_notebook_has_the_table_without_a_kernel():
    html = static_html(run_of(Duplicates.spec()))
    assert "3, 40" in html
    assert "exact copies" in html
    assert "Waiting for the first batch" not in html


def test_a_column_of_no_texts_is_a_column_of_text():
    data = encode_columns({"label": np.array([], dtype=np.str_), "note": np.array([], dtype=object)})
    schema = pa.ipc.open_stream(data).schema
    assert schema.types == [pa.string(), pa.string()]
