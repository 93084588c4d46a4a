"""Columns are sent in chunks that are small enough, and are whole again when put together."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.analysis.sample_table import Categories, SampleColumn
from deepview_lab.transport.wire.arrow import decode_columns
from deepview_lab.transport.wire.sample_chunks import CHUNK_BYTES, LONGEST_TEXT, encode_chunk


def together(values, limit=CHUNK_BYTES):
    """Return the values of all chunks of a column, and the number of chunks."""
    column, found, chunks = SampleColumn("a", "number", "a", values), [], 0
    while len(found) < len(column):
        rows, buffers = encode_chunk(column, len(found), limit)
        assert rows > 0
        assert rows == 1 or sum(map(len, buffers)) <= limit
        value = decode_columns(buffers[0])["value"]
        if len(buffers) > 1:
            words = [*decode_columns(buffers[1])["word"].tolist(), ""]
            value = np.array(words, dtype=object)[value]
        assert len(value) == rows
        found += value.tolist()
        chunks += 1
    return found, chunks


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i8", "u4"])
def test_numbers(dtype):
    values = np.arange(40_000).astype(dtype)
    found, chunks = together(values, 40_000)
    assert found == values.tolist()
    assert chunks > 1


def test_missing_numbers_stay_missing():
    found, _ = together(np.array([1.5, np.nan, np.inf], dtype=np.float32))
    np.testing.assert_array_equal(found, [1.5, np.nan, np.inf])


def test_whole_numbers_beyond_32_bits_stay_exact():
    values = np.array([2**53 - 1, -(2**40)])
    assert together(values)[0] == values.tolist()


def test_texts_of_any_length_and_script():
    texts = ["", "<b>bold</b>", "שלום", "x" * 30_000, *(f"sample {i}" for i in range(5_000))]
    found, chunks = together(np.array(texts, dtype=object), 40_000)
    assert found == texts
    assert chunks > 1


def test_a_text_that_no_chunk_would_hold_is_cut():
    found, _ = together(np.array(["€" * (LONGEST_TEXT + 5), "short"], dtype=object))
    assert found == ["€" * LONGEST_TEXT, "short"]


def test_categories_with_more_words_than_fit_into_a_chunk():
    texts = [None if i % 7 == 0 else f"{'label' * 20} {i % 900}" for i in range(3_000)]
    found, chunks = together(Categories.of(texts, len(texts)), 40_000)
    assert found == ["" if text is None else text for text in texts]
    assert chunks > 1


def test_a_million_numbers_are_one_chunk_of_at_most_4_mib_and_a_rest():
    column = SampleColumn("a", "x", "a", np.zeros(1_050_000, dtype=np.float32))
    rows, (buffer,) = encode_chunk(column, 0)
    assert CHUNK_BYTES * 0.95 < len(buffer) <= CHUNK_BYTES
    assert encode_chunk(column, rows)[0] == len(column) - rows


def test_a_table_without_rows_has_no_values():
    assert encode_chunk(SampleColumn("a", "id", "a", np.empty(0, np.str_)), 0)[0] == 0
    assert encode_chunk(SampleColumn("a", "label", "a", Categories.of([], 0)), 0)[0] == 0
    assert encode_chunk(SampleColumn("a", "x", "a", np.empty(0)), 0)[0] == 0
