"""Tables of pandas, Polars and Arrow, and files of them, are data."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from deepview_lab import as_producer
from deepview_lab.exceptions import DataError, UnknownNameError
from deepview_lab.introspectors import IUA
from tests.data.reading import KEYS, whole

A, B = np.arange(6.0) - 3, np.arange(6) % 2
NUMBERS = pd.DataFrame(
    {"a": A, "b": B, "species": list("xyxyxy"), "id": list("ABCDEF"), "split": ["train", "test"] * 3}
)
VECTORS = np.arange(12.0).reshape(6, 2)


class DataFrame:
    """As much of a table of Polars as is used: Polars is not installed with the tests."""

    __module__ = "polars.dataframe.frame"

    def __init__(self, arrow):
        self._arrow = arrow

    def to_arrow(self):
        return self._arrow

    def __len__(self):
        return self._arrow.num_rows


def arrow(table):
    return pa.Table.from_pandas(table, preserve_index=False)


@pytest.fixture(params=["pandas", "arrow", "polars", "parquet", "csv"])
def table(request, tmp_path):
    match request.param:
        case "pandas":
            return NUMBERS
        case "arrow":
            return arrow(NUMBERS)
        case "polars":
            return DataFrame(arrow(NUMBERS))
        case "parquet":
            parquet.write_table(arrow(NUMBERS), tmp_path / "t.parquet")
            return tmp_path / "t.parquet"
        case _:
            NUMBERS.to_csv(tmp_path / "t.csv", index=False)
            return tmp_path / "t.csv"


def test_numbers_are_features_and_metadata_is_told_by_its_names(table):
    producer = as_producer(table)
    fields, ids, labels = whole(producer)
    np.testing.assert_array_equal(fields["features"], np.column_stack([A, B]))
    assert ids == list("ABCDEF")
    assert labels == {"label": list("xyxyxy"), "dataset": ["train", "test"] * 3}
    assert producer.guessed == ("labels from 'species'", "ids from 'id'", "split from 'split'", "data from 'a', 'b'")


def test_keywords_overrule_what_is_guessed(table):
    fields, ids, labels = whole(as_producer(table, field=["a"], labels="b", ids=range(6), split="all"))
    np.testing.assert_array_equal(fields["features"], A[:, None])
    assert ids == list(range(6))
    assert labels == {"b": B.tolist(), "dataset": ["all"] * 6}


def test_vectors_are_fields_of_their_own():
    lists = pd.DataFrame({"embedding": VECTORS.tolist(), "n": A, "label": B})
    fixed = arrow(lists).set_column(0, "embedding", pa.FixedSizeListArray.from_arrays(pa.array(VECTORS.ravel()), 2))
    for data in (lists, arrow(lists), fixed, fixed.slice(0, 6)):
        producer = as_producer(data)
        fields, _, labels = whole(producer)
        np.testing.assert_array_equal(fields["embedding"], VECTORS)
        assert (list(fields), labels) == (["embedding"], {"label": B.tolist()})
        assert "left out: 'n'" in producer.guessed
    np.testing.assert_array_equal(whole(as_producer(fixed.slice(2, 3)))[0]["embedding"], VECTORS[2:5])


def picture(colour):
    content = io.BytesIO()
    Image.new("RGB", (5, 4), colour).save(content, "PNG")
    return content.getvalue()


def test_pictures_are_read_from_bytes_paths_and_structs_of_both(tmp_path):
    encoded = [picture("red"), picture("blue")]
    for row, content in enumerate(encoded):
        (tmp_path / f"{row}.png").write_bytes(content)
    paths = [str(tmp_path / f"{row}.png") for row in range(2)]
    structs = [{"bytes": content, "path": None} for content in encoded]
    for column in (encoded, paths, structs):
        producer = as_producer(pa.table({"image": column, "label": [0, 1], "caption": ["a", "b"]}))
        fields, _, labels = whole(producer)
        assert fields["images"][:, 0, 0].tolist() == [[255, 0, 0], [0, 0, 255]]
        assert fields["images"].shape == (2, 4, 5, 3)
        assert labels == {"label": [0, 1]}
    batch = next(as_producer(pd.DataFrame({"file": paths}))(2))
    assert list(map(str, batch.metadata[KEYS.PATH])) == paths


def test_missing_numbers_become_nan():
    table = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64"), "b": [1.0, np.nan, 2]})
    np.testing.assert_array_equal(whole(as_producer(table))[0]["features"], [[1, 1], [np.nan, np.nan], [3, 2]])


def test_the_zeros_of_a_table_are_those_that_numpy_counts():
    iua = IUA.introspect(NUMBERS, atol=0)
    assert iua.results["features"].unit_inactive_count == [int((A == 0).sum()), int((B == 0).sum())]


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: as_producer(NUMBERS, labels="kind"), UnknownNameError, "Unknown column 'kind'"),
        (lambda: as_producer(NUMBERS, field="c"), UnknownNameError, "Unknown column 'c'"),
        (lambda: as_producer(NUMBERS, field=["a", "species"]), DataError, "hold number and other"),
        (lambda: as_producer(NUMBERS[["species", "id"]]), DataError, "no column of numbers, vectors or pictures"),
        (lambda: as_producer(NUMBERS[[]]), DataError, "no column, but at least one"),
        (lambda: as_producer(pd.DataFrame({"v": [[1], [1, 2]]})), DataError, "vectors of numbers of one length"),
        (lambda: as_producer(pd.concat([NUMBERS, NUMBERS], axis=1)), DataError, "several columns of one name"),
    ],
)
def test_tables_that_do_not_fit_are_refused_in_words(make, error, says):
    with pytest.raises(error, match=says):
        make()
