"""Findings as DataFrame and as HTML that is safe wherever a notebook is opened."""

import numpy as np
import pytest

from deepview_lab.analysis import Findings
from deepview_lab.analysis.findings import MOST_ROWS
from deepview_lab.figures import findings_frame, findings_html

from .test_static_table import Reader

FOUND = Findings(
    summary="3 samples, <i>rarest</i> first.",
    samples=3,
    table={
        "id": np.array([17, 4, 1200]),
        "label": np.array(["<script>alert(1)</script>", "", "one"], dtype=object),
        "familiarity": np.array([-310.5, np.nan, 1234567.0]),
        "leak": np.array([True, False, False]),
    },
)


def test_the_frame_has_every_row_and_column():
    frame = findings_frame(FOUND)
    assert list(frame) == ["id", "label", "familiarity", "leak"]
    assert frame["id"].tolist() == [17, 4, 1200]


def test_html_shows_the_first_rows_and_runs_nothing_from_the_data():
    read = Reader(findings_html("familiarity", FOUND, shown=2))
    assert read.rows[0] == ["id", "label", "familiarity", "leak"]
    assert read.rows[1] == ["17", "<script>alert(1)</script>", "-310.5", "yes"]
    assert read.rows[2][:3] == ["4", "", ""]
    assert len(read.rows) == 3
    assert {tag for tag, _ in read.tags} <= {"div", "table", "thead", "tbody", "tr", "th", "td"}
    assert "1 more rows." in "".join(read.text)
    assert "3 samples, <i>rarest</i> first." in read.text


def test_only_the_first_rows_of_long_tables_travel():
    long = Findings("many", 5000, {"id": np.arange(5000)})
    assert long.rows == 5000
    assert long.columns()["id"].tolist() == list(range(MOST_ROWS))


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"equally long.*'id': \(2,\).*'x': \(3,\)"):
        Findings("odd", 2, {"id": np.arange(2), "x": np.zeros(3)})


def test_numbers_have_as_many_digits_as_tell_rows_apart():
    table = {"id": np.arange(3), "score": np.array([-7666.12, -7666.34, -7666.4]), "plain": np.array([0.25, 1 / 3, 2])}
    rows = Reader(findings_html("x", Findings("", 3, table))).rows[1:]
    assert [row[1] for row in rows] == ["-7,666.1", "-7,666.3", "-7,666.4"]
    assert [row[2] for row in rows] == ["0.25", "0.3333", "2"]
