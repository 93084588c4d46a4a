"""The canvas widget: what it tells the front end, and what stays in the notebook."""

from __future__ import annotations

import gc
import json
import threading
import weakref
from base64 import b64decode

import msgspec
import nbformat
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from nbconvert import HTMLExporter

from deepview_lab import Canvas
from deepview_lab.analysis.pfa import refresh as pfa_refresh
from deepview_lab.engine import registry, start
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.lab.session import session
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import decode_columns
from tests.engine.counting import Numbers

VIEW = "application/vnd.jupyter.widget-view+json"
RUN = messages.SAVED_MIME


@pytest.fixture
def published(shell):
    publisher = CapturingDisplayPublisher()
    before, shell.display_pub = shell.display_pub, publisher
    yield publisher.outputs
    shell.display_pub = before


@pytest.fixture
def sent(monkeypatch):
    """What the widget sends to its front end, as the front end gets it."""
    seen = []
    monkeypatch.setattr(Canvas, "send", lambda self, content, buffers=None: seen.append((content, buffers)))
    return seen


def answer(canvas):
    """Do as a front end does that shows the widget."""
    canvas._on_message(canvas, msgspec.to_builtins(messages.Resync(client=canvas._client)), [])


def kept(output):
    """Return what an output keeps, as readers of the protocol see it."""
    return msgspec.convert(output["data"][RUN], messages.SavedRun)


def finished(shell):
    run = start(shell.user_ns["digits"], IUA.spec(), PFA.spec(pool="average"), name="<b>audit</b>")
    run.wait(300)
    return run


def test_a_run_as_last_expression_is_a_canvas_with_a_readable_table_beside_it(shell, published):
    shell.user_ns["run"] = finished(shell)
    shell.run_cell("run")
    (output,) = published
    assert set(output["data"]) == {"text/plain", "text/html", VIEW, RUN}
    html = output["data"]["text/html"]
    assert "relu" in html
    assert "&lt;b&gt;audit" in html
    assert "<b>audit" not in html
    assert "<script" not in html


def test_the_front_end_is_sent_state_layers_and_tables_of_this_run_only(shell, sent):
    finished(shell)
    run = finished(shell)
    canvas = Canvas(run)
    assert sent == []  # in JupyterLab our extension shows the run, and nobody is at the other end
    answer(canvas)
    decoded = [msgspec.convert(content, messages.DataMessage) for content, _ in sent]
    assert [type(message).__name__ for message in decoded] == ["Hello", "RunState", "Layers", "Snapshot", "Snapshot"]
    assert {message.run for message in decoded[1:]} == {run.id}
    tables = {
        message.analysis: decode_columns(bytes(buffers[0]))
        for message, (_, buffers) in zip(decoded, sent, strict=True)
        if buffers
    }
    assert tables["iua"]["layer"].tolist() == ["relu", "dense"]
    assert tables["iua"]["dead"].tolist() == [1, 0]


def test_the_last_state_is_kept_in_the_widget_for_readers_without_a_kernel(shell, sent):
    canvas = Canvas(finished(shell))
    kinds = [message["kind"] for message in canvas._saved["messages"]]
    assert kinds == ["run", "layers", "snapshot", "snapshot", "layer_detail", "layer_detail"]
    parts = sum(len(message.get("parts", [])) for message in canvas._saved["messages"])
    assert len(canvas._saved["buffers"]) == 2 + parts


def test_the_output_keeps_the_state_layers_tables_and_details_of_the_run(shell, published, sent):
    run = finished(shell)
    Canvas(run)._ipython_display_()
    saved = kept(published[0])
    assert (saved.run, saved.session) == (run.id, session().hub.session)
    assert [message.__struct_config__.tag for message in saved.messages] == [
        "run",
        "layers",
        "snapshot",
        "snapshot",
        "layer_detail",
        "layer_detail",
    ]
    table = decode_columns(b64decode(saved.buffers[0]))
    assert table["layer"].tolist() == ["relu", "dense"]
    assert saved.left_out == []
    json.dumps(published[0]["data"])  # a notebook is JSON


def test_an_output_is_there_before_data_and_at_the_end_whether_or_not_anybody_looks(shell, published, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), IUA.spec())
    Canvas(run)._ipython_display_()
    gate.set()
    run.wait(300)
    assert [kept(output).messages[0].status for output in published][-1] == "done"
    assert all(RUN in output["data"] for output in published)


def test_nbconvert_shows_the_table_of_a_saved_output(shell, published, sent):
    Canvas(finished(shell))._ipython_display_()
    cell = nbformat.v4.new_code_cell("run", outputs=[nbformat.v4.new_output("display_data", published[0]["data"])])
    del cell.outputs[0]["data"][VIEW]  # as it is in the file
    html, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert "&lt;b&gt;audit" in html
    assert "Inactive per sample" in html
    assert "deepview-lab.run" not in html


def test_a_canvas_of_an_ended_run_keeps_its_texts_and_not_the_run(shell, published, sent, monkeypatch):
    run = finished(shell)
    canvas = Canvas(run)
    seen = weakref.ref(run)
    del run
    monkeypatch.setattr(registry, "_kept", 1)
    finished(shell)
    gc.collect()
    assert seen() is None
    canvas._ipython_display_()
    assert "relu" in published[0]["data"]["text/html"]


def test_the_output_is_brought_up_to_date_at_the_end(shell, published, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), IUA.spec(), name="slow")
    canvas = Canvas(run)
    canvas._ipython_display_()
    answer(canvas)
    gate.set()
    run.wait(300)
    first, last = published
    assert last["transient"] == first["transient"]
    assert last["update"]
    assert "done" in last["data"]["text/html"]
    assert VIEW in last["data"]


def test_a_run_that_ends_while_its_canvas_is_displayed_leaves_no_stale_table(shell, published, sent, monkeypatch):
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), IUA.spec(), name="short")
    canvas = Canvas(run)
    bundle = Canvas._bundle

    def slow(self, *, view):
        made = bundle(self, view=view)
        if not gate.is_set():
            gate.set()
            run.wait(300)
        return made

    monkeypatch.setattr(Canvas, "_bundle", slow)
    canvas._ipython_display_()
    assert "running" in published[0]["data"]["text/html"]
    assert "done" in published[-1]["data"]["text/html"]


def test_of_a_stopped_run_the_output_is_brought_up_to_date_when_its_spectra_are_there(
    shell, published, sent, monkeypatch
):
    monkeypatch.setattr(pfa_refresh, "_FIRST_COST", 60)  # seconds: too long for a live table
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), PFA.spec())
    canvas = Canvas(run)
    canvas._ipython_display_()
    while run.progress.batches < 1:
        assert not run._job.lifecycle.wait(0.01)
    run.cancel()
    gate.set()
    with pytest.warns(UserWarning, match="stopped after 32 samples"):
        run.wait(300)
    assert not any(message["final"] for message in canvas._saved["messages"] if message["kind"] == "snapshot")
    run.complete_tables()
    assert any(message["final"] for message in canvas._saved["messages"] if message["kind"] == "snapshot")
    assert published[-1]["update"]
    assert canvas._shown is None


def test_a_canvas_shown_twice_brings_both_outputs_up_to_date(shell, published, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), IUA.spec(), name="twice")
    canvas = Canvas(run)
    canvas._ipython_display_()
    canvas._ipython_display_()
    gate.set()
    run.wait(300)
    ids = [output["transient"]["display_id"] for output in published]
    assert ids[2:] == ids[:2]


def test_without_a_front_end_the_final_output_is_the_table_alone_until_one_answers(shell, published, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={1: gate}), IUA.spec(), name="batch")
    canvas = Canvas(run)
    canvas._ipython_display_()
    gate.set()
    run.wait(300)
    assert VIEW not in published[-1]["data"]
    answer(canvas)
    assert VIEW in published[-1]["data"]


def test_cancel_from_the_widget_stops_the_run(shell, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), IUA.spec())
    canvas = Canvas(run)
    canvas._on_message(canvas, msgspec.to_builtins(messages.Cancel(client=canvas._client, run=run.id)), [])
    with pytest.warns(UserWarning, match="stopped after 0 samples"):
        run.wait(300)
    gate.set()


def test_closing_the_widget_leaves_the_run_alone(shell, sent):
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), IUA.spec())
    canvas = Canvas(run)
    canvas.close()
    told = len(sent)
    gate.set()
    assert run.wait(300)["iua"].samples == 64
    assert len(sent) == told


def test_something_else_than_a_run_is_refused():
    with pytest.raises(TypeError, match="Canvas shows a run or a table, but got a list"):
        Canvas([])
