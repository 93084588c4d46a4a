"""Columns of a table of samples."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.analysis.samples import text_or_numbers


@pytest.mark.parametrize("values", [[], [3, -1], [np.uint8(3), 4, np.int64(-5)], [2**63 - 1]])
def test_whole_numbers_stay_numbers(values):
    column = text_or_numbers(values)
    assert column.dtype == np.int64
    assert column.tolist() == [int(value) for value in values]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, None], ["1", ""]),
        ([True, 1], ["True", "1"]),
        ([np.True_], ["True"]),
        ([1.5, 2], ["1.5", "2"]),
        ([2**63, 1], ["9223372036854775808", "1"]),
        ([np.uint64(2**63)], ["9223372036854775808"]),
        (["a", ("b", 1)], ["a", "('b', 1)"]),
    ],
)
def test_all_else_becomes_text(values, texts):
    assert text_or_numbers(values).tolist() == texts
