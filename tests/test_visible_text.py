"""Nothing in a stranger's name is hidden from people or moves the words around it, wherever Python shows it."""

from __future__ import annotations

import unicodedata
import warnings
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab import open_report
from deepview_lab.analysis import Budget, IUASpec
from deepview_lab.base import Batch
from deepview_lab.engine import start
from deepview_lab.exceptions import DeepViewException, DeepViewWarning, UnknownNameError
from deepview_lab.figures import layer_table_html
from deepview_lab.figures.static_run import static_html
from deepview_lab.introspectors import IUA
from deepview_lab.samples import StubProducer
from deepview_lab.visible_text import visible_lines, visible_part, visible_text
from tests.hostile_texts import HEBREW, NAMES, SENTENCES

HOSTILE = f"<b>\x1b[2Kconv\u202e\u2028\u200b\x07 {HEBREW}"
SEEN = f"<b>\\x1b[2Kconv\\u202e\\u2028\\u200b\\x07 {HEBREW}"
ISOLATES = "\u2068\u2069"

texts = st.text() | st.text(st.sampled_from(f"ab\n\t\x1b\u2028\u202e\u2066\u2068\u2069\u200d{HEBREW}"))


def hidden_in(text):
    return [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\n\u200c\u200d"]


def expect_seen(text, seen=SEEN):
    assert seen in text
    assert [c for c in hidden_in(text) if c not in ISOLATES] == []
    assert text.count("\u2068") == text.count("\u2069")


@given(texts)
def test_a_name_shows_all_that_is_in_it_and_is_shown_once(text):
    seen = visible_text(text)
    assert "\n" not in seen
    inner = seen[1:-1] if seen.startswith("\u2068") else seen
    assert hidden_in(inner) == []
    assert visible_lines(seen) == visible_part(seen) == seen


@given(texts, texts)
def test_a_name_in_a_sentence_stays_isolated_and_closes_nothing_else(one, other):
    sentence = visible_lines(f"Stop {visible_text(one)} and {visible_text(other)}.")
    assert sentence == f"Stop {visible_text(one)} and {visible_text(other)}."
    depth = 0
    for letter in sentence:
        depth += {"\u2068": 1, "\u2069": -1}.get(letter, 0)
        assert depth in (0, 1)


@pytest.mark.parametrize("text", [*NAMES, *SENTENCES])
def test_what_is_shown_can_be_printed_anywhere(text):
    for seen in (visible_text(text), visible_lines(text)):
        seen.encode()
        assert [c for c in hidden_in(seen) if c not in ISOLATES] == []


@pytest.mark.timeout(60)
def test_isolates_without_end_are_read_in_linear_time():
    """In quadratic time this would take an hour."""
    for text in (f"\u2068{HEBREW * 200_000}", f"\u2068{HEBREW}" * 100_000):
        assert visible_lines(text).count(HEBREW) == text.count(HEBREW)
        assert visible_part(text).startswith("\u2068\\u2068")


def test_errors_and_warnings_show_it():
    expect_seen(str(DeepViewException(f"No layer {HOSTILE}.")))
    expect_seen(str(UnknownNameError("layer", "conv", [HOSTILE])), SEEN)
    with pytest.warns(DeepViewWarning) as caught:
        warnings.warn(f"Response {HOSTILE}", DeepViewWarning, stacklevel=1)
    expect_seen(str(caught[0].message))


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text += data


def test_the_static_table_shows_it_as_text():
    spec = IUASpec()
    table = spec.snapshot(spec.update(spec.create(), Batch({HOSTILE: np.ones((4, 3))})), Budget.unlimited())
    read = _Tags(layer_table_html(HOSTILE, HOSTILE, (HOSTILE,), table, None))
    expect_seen(read.text)
    assert read.text.count(SEEN) == 3
    assert "b" not in read.tags


@pytest.fixture(scope="module")
def run():
    run = start(StubProducer({HOSTILE: np.ones((8, 3))}), IUA.spec(), name=HOSTILE)
    run.wait()
    return run


def test_a_run_and_its_report_show_it_in_a_terminal_and_as_html(run, tmp_path):
    path = tmp_path / f"{HOSTILE.replace('/', '')}.dvreport"
    run.save(path)
    report = open_report(path)
    for text in (repr(run), repr(report), repr(run.results["iua"]), report.summary):
        expect_seen(text, "conv\\u202e\\u2028\\u200b\\x07")
    expect_seen(_Tags(static_html(run)).text)
    assert len(report.summary.splitlines()) == 3
