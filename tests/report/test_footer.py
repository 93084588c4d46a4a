"""The footer of a table is read before Apache Arrow sees it, which ends the process at some values."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deepview_lab.report.file.footer import read_footer
from deepview_lab.report.file.page_sizes import page_sizes
from deepview_lab.report.file.parquet import UNREADABLE, Parquet, most_bytes, parquet_of

TABLE = pa.table(
    {"a.b": [1.5, 2.5, 3.5], "text": ["x", "y", "x"], "list": pa.array([[1, 2], [], [3]]), "flag": [True, False, True]}
)


def written(table=TABLE, *, footer=None, **options):
    """Return a table as Parquet; ``footer`` is how long it says that its footer is, with room for that."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **({"compression": "zstd"} | options))
    raw = sink.getvalue().to_pybytes()
    return raw if footer is None else raw[:4] + bytes(footer) + raw[4:-8] + footer.to_bytes(4, "little") + b"PAR1"


def test_rows_and_places_of_columns_are_those_that_arrow_tells():
    raw = written(row_group_size=2)
    footer = read_footer(memoryview(raw))
    told = pq.ParquetFile(pa.BufferReader(raw)).metadata
    chunks = [told.row_group(group).column(column) for group in range(2) for column in range(4)]
    assert footer.rows == told.num_rows == 3
    assert [chunk.column for chunk in footer.chunks] == ["a.b", "text", "list", "flag"] * 2
    for chunk, known in zip(footer.chunks, chunks, strict=True):
        begins = known.dictionary_page_offset if known.has_dictionary_page else known.data_page_offset
        assert (chunk.start, chunk.stop - chunk.start) == (begins, known.total_compressed_size)


@pytest.mark.parametrize("table", [TABLE.slice(0, 0), pa.table({}), TABLE.select(["flag"])])
def test_tables_without_rows_or_columns_come_back(table):
    parquet = Parquet(parquet_of(table))
    assert parquet.read(None, 10**6).equals(table)


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (TABLE, {"compression": "snappy"}, "not compressed by one of UNCOMPRESSED, ZSTD"),
        (pa.table({"a": [[[[1]]]]}), {}, "nested too deeply"),
        (pa.table({str(i): [1] for i in range(4097)}), {}, "more than 4,096 columns"),
        (TABLE, {"row_group_size": 1, "footer": 2**21 + 1}, "its footer takes 2,097,153 bytes, and at most 2,097,152"),
    ],
    ids=["codec", "nested", "columns", "footer"],
)
def test_what_no_writer_of_ours_makes_is_refused(table, options, message):
    with pytest.raises(ValueError, match=message):
        read_footer(memoryview(written(table, **options)))


def test_a_column_that_begins_elsewhere_than_its_pages_is_refused():
    """Arrow begins at the smaller of two places, so that pages elsewhere would be read without having been bounded."""
    raw = written(pa.table({"a": [1, 1, 1]}))
    assert read_footer(memoryview(raw)).chunks[0].start == 4
    # The dictionary's place is 4, the data's behind it: both as zigzag integers.
    for place in (3, 63):
        refused = 0
        for at in range(len(raw) - 8 - int.from_bytes(raw[-8:-4], "little"), len(raw) - 8):
            if raw[at] == 4 << 1:
                changed = raw[:at] + bytes([place << 1]) + raw[at + 1 :]
                refused += "not where a writer puts it" in problem(changed)
        assert refused > 0


def problem(raw):
    try:
        read_footer(memoryview(raw))
    except ValueError as error:
        return str(error)
    return ""


HARM = """
import sys
import numpy as np
from tests.report.test_footer import footer_harmed, looked_at, written
raw = written()
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    print(seed, flush=True)
    looked_at(footer_harmed(raw, np.random.default_rng(seed)))
"""


def footer_harmed(raw, rng):
    changed = bytearray(raw)
    length = int.from_bytes(raw[-8:-4], "little")
    for _ in range(rng.integers(1, 3)):
        changed[len(raw) - 9 - rng.integers(length)] = rng.integers(256)
    return bytes(changed)


def looked_at(raw):
    try:
        parquet = Parquet(raw)
        parquet.cost()
        parquet.read(None, 10**6)
    except UNREADABLE:
        pass


def test_no_footer_ends_the_process():
    """With Arrow's own reading of the footer, one in 250 did: codecs and types that it does not know."""
    done = subprocess.run([sys.executable, "-c", HARM, "0", "1500"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {done.stdout.split()[-1]}: {done.stderr[-2000:]}"


@pytest.mark.parametrize("length", [0, 1, 8, 11, 12, 40])
def test_what_is_too_short_is_no_parquet(length):
    with pytest.raises(ValueError, match=r"no Parquet|footer"):
        read_footer(memoryview(written()[:length]))


def test_random_bytes_are_no_footer():
    rng = np.random.default_rng(0)
    for _ in range(300):
        body = rng.integers(0, 256, 60, dtype=np.uint8).tobytes()
        with pytest.raises(ValueError, match=r".+"):
            read_footer(memoryview(b"PAR1" + body + (60).to_bytes(4, "little") + b"PAR1"))


def test_the_sizes_of_pages_are_those_that_arrow_reads():
    rng = np.random.default_rng(0)
    columns = {
        "numbers": rng.normal(size=50_000),
        "whole": rng.integers(0, 9, 50_000),
        "words": [f"word {number % 7}" for number in range(50_000)],
    }
    raw = bytes(parquet_of(pa.table(columns)))
    told = pq.ParquetFile(pa.BufferReader(raw)).metadata.row_group(0)
    for number, chunk in enumerate(read_footer(memoryview(raw)).chunks):
        sizes = page_sizes(memoryview(raw)[chunk.start : chunk.stop])
        assert sizes.values == 50_000
        assert 0 < sizes.unpacked <= told.column(number).total_uncompressed_size  # which counts the headers as well
    assert Parquet(raw).cost(["numbers"]) < Parquet(raw).cost()
    for length in range(1, 60):  # a chunk that is cut is told
        with pytest.raises(ValueError, match="page"):
            page_sizes(memoryview(raw)[4 : 4 + length])


def test_a_file_may_take_256_mib_or_64_times_its_size():
    assert most_bytes(0) == 256 * 2**20
    assert most_bytes(10**9) == 64 * 10**9
