"""The static table is readable and safe wherever a notebook is opened."""

from html.parser import HTMLParser

import numpy as np
import pytest

from deepview_lab.analysis import Budget, IUASpec, PFASpec
from deepview_lab.base import Batch
from deepview_lab.figures import layer_table_html

ABSENT = "\N{EN DASH}"

LEFT_OUT = "left out: NaN, infinite or above 3.4e+38."


class Reader(HTMLParser):
    """Collects the rows of a table, and every tag with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.text.append(data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def tables(fields, *, pool="average"):
    found = []
    for spec in (IUASpec(), PFASpec(pool=pool)):
        acc = spec.update(spec.create(), Batch(fields))
        found.append(spec.snapshot(acc, Budget.unlimited()))
    return found


def test_one_row_for_each_layer_with_both_analyses():
    rng = np.random.default_rng(0)
    fields = {"conv": np.ones((60, 2, 2, 3)) * rng.standard_normal((60, 1, 1, 1)), "dense": np.zeros((60, 1500))}
    fields["conv"][0, 0, 0, 0] = np.nan
    iua, pfa = tables(fields)
    reader = Reader(layer_table_html("audit", "done, 60 samples", ("conv", "dense", "later"), iua, pfa))
    assert reader.rows == [
        ["Layer", "Units", "Inactive per sample", "Dead", "Keep / units", "KL (nats)", "State", "Note"],
        [
            "conv",
            "3",
            "no exact zeros",
            ABSENT,
            "1 / 3",
            "1.10",
            "complete",
            "1 sample was left out: NaN, infinite or above 3.4e+38.",
        ],
        [
            "dense",
            "1,500",
            "100.0% ± 0.0",
            "1,500",
            ABSENT,
            ABSENT,
            "too few samples",
            "PFA needs at least 1,500 samples for 1,500 units, but there are 60.",
        ],
        ["later", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, "complete", ""],
    ]
    assert "audit" in reader.text
    assert "done, 60 samples" in reader.text


@pytest.mark.parametrize("kept", [0, 1])
def test_one_analysis_shows_its_columns_only(kept):
    both = tables({"r": np.ones((5, 2))})
    given = [table if index == kept else None for index, table in enumerate(both)]
    heads = Reader(layer_table_html("run", "", (), *given)).rows[0]
    assert ("Dead" in heads, "KL (nats)" in heads) == (kept == 0, kept == 1)


def test_a_run_that_has_not_started_is_readable():
    assert Reader(layer_table_html("run", "pending", (), None, None)).rows == [
        ["Layer", "Units"],
        ["Waiting for the first batch."],
    ]
    assert Reader(layer_table_html("run", "pending", ("a",), None, None)).rows[1:] == [["a", ABSENT]]


def test_every_text_is_escaped_and_nothing_runs_or_loads():
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    iua, pfa = tables({bad: np.eye(5, 2)})
    html = layer_table_html(bad, bad, (bad,), iua, pfa)
    reader = Reader(html)
    assert {tag for tag, _ in reader.tags} == {"div", "table", "thead", "tbody", "tr", "th", "td", "span"}
    for _, attributes in reader.tags:
        assert set(attributes) <= {"class", "style", "scope", "colspan", "aria-hidden"}
        assert "url(" not in (attributes.get("style") or "")
    assert reader.rows[1][0] == bad


def test_what_both_analyses_left_out_is_said_once():
    values = np.ones((5, 9))
    values[2, 0] = np.inf
    note = Reader(layer_table_html("run", "", (), *tables({"r": values}))).rows[1][-1]
    assert note == (f"PFA needs at least 9 samples for 9 units, but there are 4. 1 sample was {LEFT_OUT}")


def test_the_order_is_that_of_the_network():
    iua, _ = tables({"z": np.ones((5, 2)), "a": np.ones((5, 2))})
    rows = Reader(layer_table_html("run", "", ("a", "z"), iua, None)).rows
    assert [row[0] for row in rows[1:]] == ["a", "z"]


def test_the_first_layers_of_very_many_are_shown_and_the_others_counted():
    iua, _ = tables({f"r{number:04}": np.ones((5, 1)) for number in range(2003)})
    reader = Reader(layer_table_html("run", "", (), iua, None))
    assert [reader.rows[1][0], reader.rows[-1][0], len(reader.rows)] == ["r0000", "r1999", 2001]
    assert "3 more layers." in reader.text


class Known:
    """A table of columns that a test chose."""

    def __init__(self, **columns):
        self._columns = {name: np.array([value]) for name, value in columns.items()} | {"note": np.array([""])}
        self.samples, self.layers = 64, ("a",)

    def columns(self):
        return self._columns


def inactive(**changed):
    known = {"samples": 64, "nonfinite": 0, "units": 40, "inactive_mean": 0.5, "inactive_std": 0.1, "dead": 0}
    return Known(**{**known, "stable_since": 32, **changed})


def spectrum(state, **changed):
    known = {"samples": 64, "nonfinite": 0, "units": 40, "needed": 40, "state": state, "keep": 3, "kl": 1.0}
    return Known(**{**known, "stable_since": 32, **changed})


WAITING = {"keep": -1, "kl": np.nan}


@pytest.mark.parametrize(
    ("status", "total", "iua", "pfa", "word"),
    [
        ("done", None, inactive(), spectrum("ok"), "complete"),
        ("done", None, inactive(), spectrum("thin"), "few samples"),
        ("done", None, inactive(), spectrum("few", **WAITING), "too few samples"),
        ("done", None, inactive(dead=-1), spectrum("ok"), "tiny values"),
        ("cancelled", None, inactive(), spectrum("ok"), "stopped"),
        ("failed", None, inactive(), None, "stopped"),
        ("running", None, inactive(), spectrum("ok"), "stable"),
        ("running", None, inactive(), spectrum("ok", **WAITING), "streaming"),
        ("running", None, inactive(), spectrum("ok", stable_since=-1), "streaming"),
        ("running", None, inactive(), spectrum("thin"), "stable"),
        ("running", 70, inactive(), spectrum("thin"), "few samples"),
        ("running", 80, inactive(), spectrum("thin"), "stable"),
        ("running", 39, inactive(), spectrum("few", **WAITING), "too few samples"),
        ("running", None, inactive(samples=0), None, "waiting"),
        ("paused", None, inactive(), spectrum("ok"), "paused"),
        ("running", None, inactive(), spectrum("refused", **WAITING), "refused"),
    ],
)
def test_states_have_the_words_of_the_live_table(status, total, iua, pfa, word):
    rows = Reader(layer_table_html("run", "", (), iua, pfa, status=status, total=total)).rows
    assert rows[1][rows[0].index("State")] == word


def test_a_layer_without_exact_zeros_has_no_bar_of_nothing():
    html = layer_table_html("run", "", (), inactive(inactive_mean=0.0, inactive_std=0.0), None)
    assert Reader(html).rows[1][2:4] == ["no exact zeros", ABSENT]
    assert "linear-gradient" not in html
