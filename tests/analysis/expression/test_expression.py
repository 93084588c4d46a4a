"""Expressions mean in Python what they mean on the page, and nothing in them is run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.analysis.expression import (
    ExpressionError,
    ExpressionTable,
    NumberColumn,
    TextColumn,
    evaluate,
    names_in,
    parse,
)
from tests.analysis.expression.golden import CASES, TABLE, spelled

WORDS = [
    *("stars", "label", "suspect", "duplicate", "picture", "text", "`and`", "größe", "q", "abs", "tagged", "similar"),
    *("(", ")", ",", "<", ">=", "==", "!=", "+", "-", "*", "/", "and", "or", "not", "in", "is", "missing", "broken"),
    *("contains", "matches", "true", "false", "1", "0.5", "'cat'", '"("', ".", "&", "`", '"', "\u202e"),
]


@pytest.mark.parametrize(("text", "rows"), CASES["rows"], ids=repr)
def test_an_expression_finds_the_rows_that_the_page_finds(text, rows):
    assert np.flatnonzero(evaluate(text, TABLE)).tolist() == rows


@pytest.mark.parametrize(("text", "message", "start", "end"), CASES["errors"], ids=repr)
def test_an_error_has_the_words_and_the_place_that_the_page_shows(text, message, start, end):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, TABLE)
    assert (caught.value.message, caught.value.start, caught.value.end) == (message, start, end)


@pytest.mark.parametrize(("text", "tree"), CASES["trees"], ids=repr)
def test_any_words_are_read_as_on_the_page(text, tree):
    assert spelled(text) == tree


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_words_give_rows_or_an_error_inside_the_text(text):
    try:
        assert evaluate(text, TABLE).shape == (TABLE.rows,)
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= len(text)  # noqa: PT017 - either is right


def test_columns_that_an_expression_needs_are_told_before_it_is_evaluated():
    assert names_in(parse("familiarity < q(0.05) and not (`my column` == 3 or familiarity is missing)")) == [
        "familiarity",
        "my column",
    ]


def test_numbers_of_float32_are_compared_as_on_the_page():
    table = ExpressionTable(2, {"a": NumberColumn(np.array([0.1, 0.2], dtype=np.float32))})
    assert evaluate("a == 0.1", table).tolist() == [False, False]
    assert evaluate("a > 0.1", table).tolist() == [True, True]


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_are_fine(rows):
    table = ExpressionTable(rows, {"a": NumberColumn(np.ones(rows)), "t": TextColumn(np.zeros(rows, dtype=int), ["x"])})
    for text in ("a >= q(0.5)", "not a < 1", "a in (1)", 't contains "x"', "t == t", "true", "1 < 2"):
        assert evaluate(text, table).shape == (rows,)


def test_a_regular_expression_is_searched_by_what_the_caller_passes():
    asked = []

    def match(words, pattern):
        asked.append(pattern)
        return np.array([word == "dog" for word in words])

    assert np.flatnonzero(evaluate('label matches "x+"', TABLE, match=match)).tolist() == [1]
    assert asked == ["x+"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * 60 + "suspect" + ")" * 60, "Parentheses go at most 50 deep"),
        (" and ".join(["suspect"] * 300), "at most 200 operators"),
        ("not " * 250 + "suspect", "at most 200 operators"),
        ("'" + "a" * 200_000 + "'", "at most 200000 characters"),
    ],
)
def test_what_would_go_too_deep_is_refused(text, words):
    with pytest.raises(ExpressionError, match=words):
        evaluate(text, TABLE)


def test_as_many_operators_as_are_allowed_can_be_evaluated():
    assert evaluate(" and ".join(["suspect"] * 201), TABLE).sum() == 2
    assert evaluate("not " * 200 + "suspect", TABLE).sum() == 2
    assert evaluate("(" * 50 + "suspect" + ")" * 50, TABLE).sum() == 2
