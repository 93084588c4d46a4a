"""What is chosen on the dataset page, and in Python: each follows the other."""

from __future__ import annotations

from base64 import b64encode

import msgspec
import numpy as np
import pandas as pd
import pytest

from deepview_lab import Canvas
from deepview_lab.analysis.expression import ExpressionError
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.lab.frames.table_run import TABLE
from deepview_lab.lab.session import session
from deepview_lab.transport.wire import messages
from tests.transport.fake_client import FakeClient

FRAME = pd.DataFrame({"id": list("abcdefghij"), "stars": range(10), "label": ["cat", "dog"] * 5})


class RawClient(FakeClient):
    """A page: it keeps buffers as they come, since bits are no Arrow."""

    def send(self, message, buffers):
        with self._arrival:
            self.received.append((message, [bytes(buffer) for buffer in buffers]))
            self._arrival.notify_all()


@pytest.fixture
def canvas(shell):
    return Canvas(FRAME, name="pets")


@pytest.fixture
def page(canvas):
    made = RawClient("page")
    session().hub.connect(made.name, made.send)
    return made


def bits(rows):
    marked = np.zeros(10, dtype=bool)
    marked[list(rows)] = True
    return b64encode(np.packbits(marked, bitorder="little").tobytes()).decode()


def choose(canvas, **chosen):
    message = messages.Choose(client="page", run=canvas._run, introspector=TABLE, rows=10, **chosen)
    session().hub.control(msgspec.to_builtins(message))


def told(page):
    message, buffers = [pair for pair in page.received if isinstance(pair[0], messages.SampleChoice)][-1]
    rows = [np.unpackbits(np.frombuffer(part, np.uint8), count=10, bitorder="little").nonzero()[0] for part in buffers]
    return message, [part.tolist() for part in rows]


def test_what_the_page_chooses_is_known_in_python_and_observed(canvas, page):
    seen = []
    canvas.observe(lambda change: seen.append((change["name"], change["new"])))
    choose(canvas, selected=bits([1, 3]), tags={"night": bits([0])}, filter="stars < 4", group_by=["label"])
    assert canvas.selected == ("b", "d")
    assert canvas.tags == {"night": ("a",)}
    assert canvas.filter == "stars < 4"
    assert canvas.group_by == ("label",)
    assert {name for name, _ in seen} == {"selected", "tags", "filter", "group_by"}
    assert page.of(messages.SampleChoice) == []  # it knows it already
    choose(canvas, excluded=bits([9]))
    assert (canvas.excluded, canvas.selected) == (("j",), ("b", "d"))


def test_the_selection_is_a_frame_with_tags(canvas, page):
    choose(canvas, selected=bits([1, 3]), tags={"night": bits([3])}, excluded=bits([1]))
    frame = canvas.selection_frame()
    expected = FRAME.iloc[[1, 3]].assign(**{"tag night": [False, True], "excluded": [True, False]})
    pd.testing.assert_frame_equal(frame, expected)
    assert len(FRAME.columns) == 3


def test_what_python_chooses_is_told_to_the_page_and_to_pages_that_come_later(canvas, page):
    canvas.selected = FRAME["id"][FRAME["stars"] > 7]
    canvas.tags = {" night ": ["a", "b"], "empty": []}
    canvas.filter = 'label == "cat"'
    canvas.group_by = ["label"]
    canvas.excluded = ["c"]
    session().hub.control(page.ack())
    message, rows = told(page)
    assert (message.filter, message.group_by, message.tags) == ('label == "cat"', ["label"], ["night"])
    assert rows == [[8, 9], [2], [0, 1]]
    assert canvas.tags == {"night": ("a", "b")}
    late = RawClient("late")
    session().hub.connect(late.name, late.send)
    assert told(late)[1] == rows


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("selected", ["a", "z"], (UnknownNameError, "Unknown id 'z'")),
        ("selected", "abc", (Exception, "a list of ids")),
        ("excluded", ["z"], (UnknownNameError, "Unknown id 'z'")),
        ("tags", {"night": ["z"]}, (UnknownNameError, "Unknown id 'z'")),
        ("tags", {"": ["a"]}, (DeepViewException, "1 to 200 characters")),
        ("filter", "starz < 3", (ExpressionError, "Did you mean `stars`")),
        ("filter", "stars <", (ExpressionError, None)),
        ("group_by", ["lable"], (UnknownNameError, "Did you mean 'label'")),
        ("group_by", ["label", "stars", "id"], (DeepViewException, "at most 2 columns")),
    ],
)
def test_what_does_not_fit_the_table_is_refused_and_changes_nothing(canvas, page, name, value, refusal):
    before = getattr(canvas, name)
    with pytest.raises(refusal[0], match=refusal[1]):
        setattr(canvas, name, value)
    assert getattr(canvas, name) == before
    assert page.of(messages.SampleChoice) == []


@pytest.mark.parametrize(
    "chosen",
    [{"selected": "!"}, {"selected": "AAAA"}, {"tags": {f"t{i}": "AAA=" for i in range(1001)}}],
    ids=["no base64", "too many bytes", "too many tags"],
)
def test_what_a_page_sends_that_does_not_fit_is_ignored(canvas, page, chosen, caplog):
    choose(canvas, **chosen)
    assert canvas.selected == ()
    assert canvas.tags == {}
    assert "Ignored what a client has chosen" in caplog.text


def send(canvas, page, variable, *, overwrite=False):
    message = messages.SendToPython(
        client="page", run=canvas._run, introspector=TABLE, variable=variable, overwrite=overwrite
    )
    session().hub.control(msgspec.to_builtins(message))
    answer = page.of(messages.SentToPython)[-1]
    session().hub.control(page.ack())
    return answer


def test_a_selection_is_sent_to_a_variable_which_is_overwritten_only_when_asked_for(canvas, page, shell):
    choose(canvas, selected=bits([1, 3]))
    assert (send(canvas, page, "rare").outcome, shell.user_ns["rare"]) == ("done", ["b", "d"])
    choose(canvas, selected=bits([5]))
    answer = send(canvas, page, "rare")
    assert (answer.outcome, answer.type, shell.user_ns["rare"]) == ("taken", "list", ["b", "d"])
    assert (send(canvas, page, "rare", overwrite=True).samples, shell.user_ns["rare"]) == (1, ["f"])
    for name in ("", "2b", "class", "a b", "_x", "x" * 200):
        answer = send(canvas, page, name, overwrite=True)
        assert answer.outcome == "refused"
        assert answer.problem
        assert name not in shell.user_ns


def test_a_run_of_layers_has_no_samples_to_choose(shell):
    from deepview_lab.engine import start
    from deepview_lab.introspectors import IUA

    run = start(shell.user_ns["digits"], IUA.spec())
    run.wait(300)
    canvas = Canvas(run)
    assert canvas.selected == ()
    with pytest.raises(DeepViewException, match="no table of samples"):
        canvas.selected = ["a"]
    with pytest.raises(DeepViewException, match="no table of samples"):
        canvas.selection_frame()
    with pytest.raises(TypeError, match="of tables only"):
        Canvas(run, x="a", y="b")
