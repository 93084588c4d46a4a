"""What a notebook's output keeps of a run: never more than its limit, and what is missing is named."""

from __future__ import annotations

from base64 import b64decode

import msgspec
import pytest

from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.saved import SavedState
from deepview_lab.transport.wire import messages
from tests import make_fixtures

TABLE = b"\x00" * 3000  # of each message that has a table
NAMES = ("run", "layers", "iua", "pfa", "findings", "layer_detail")


def envelope(name):
    message = msgspec.convert(msgspec.to_builtins(make_fixtures.MESSAGES[name]), messages.DataMessage)
    tables = {"iua": 1, "pfa": 1, "findings": 1, "layer_detail": 2}
    return Envelope(message, (TABLE,) * tables.get(name, 0))


def state(**left_out):
    envelopes = [envelope(name) for name in NAMES]
    return SavedState("s1", make_fixtures.RUN, envelopes, **left_out)


def kinds(output):
    return [message["kind"] for message in output["messages"]]


def test_all_that_fits_is_kept_and_reads_back():
    output = state().output()
    read = msgspec.convert(output, messages.SavedRun)
    assert read.v == messages.SAVED_VERSION
    assert kinds(output) == ["run", "layers", "snapshot", "snapshot", "findings", "layer_detail"]
    assert [b64decode(buffer) for buffer in read.buffers] == [TABLE] * 5
    assert read.left_out == []


@pytest.mark.parametrize(
    ("most", "left_out", "kept"),
    [
        (20_000, ["details"], ["run", "layers", "snapshot", "snapshot", "findings"]),
        (8_000, ["details", "tables"], ["run", "layers"]),
        (800, ["details", "tables", "layers"], ["run"]),
    ],
)
def test_what_is_too_large_is_left_out_and_named_details_first(most, left_out, kept):
    output = state().output(most)
    assert output["left_out"] == left_out
    assert kinds(output) == kept
    assert len(output["buffers"]) == sum(kind in {"snapshot", "findings"} for kind in kept)
    assert len(msgspec.json.encode(output)) <= most


def test_the_state_of_the_run_is_kept_whatever_its_size():
    assert kinds(state().output(10)) == ["run"]


def test_details_that_were_too_large_for_the_widget_are_named():
    assert state(left_out=["details"]).output()["left_out"] == ["details"]
