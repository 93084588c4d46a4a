"""A canvas of a table of the user's own: what it shows of good and of bad tables."""

from __future__ import annotations

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deepview_lab import Canvas
from deepview_lab.analysis.sample_table import Categories
from deepview_lab.engine import registry
from deepview_lab.exceptions import DataError, DeepViewException, DeepViewWarning, UnknownNameError
from deepview_lab.lab.frames.table_run import TABLE
from deepview_lab.lab.session import session
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.sample_chunks import LONGEST_TEXT, encode_chunk
from tests.lab.test_chosen_samples import RawClient

pytestmark = pytest.mark.usefixtures("shell")


def shown(*args, **options):
    """Return the samples that a canvas of a table shows."""
    canvas = Canvas(*args, **options)
    run = next(known for known in registry.runs() if known.id == canvas._run)
    return run.sample_table(TABLE)


def roles(table):
    return {column.name: (column.role, column.type) for column in table.columns}


FRAME = pd.DataFrame(
    {
        "file": [f"{i}.png" for i in range(8)],
        "id": list("abcdefgh"),
        "x": np.arange(8.0),
        "y": np.arange(8, dtype=np.float32),
        "label": ["cat", "dog", None, "cat"] * 2,
        "split": ["train"] * 6 + ["test"] * 2,
        "stars": [1, 2, 3, 4, 5, 1, 2, 3],
        "good": [True, False] * 4,
        "seen": pd.date_range("2026-01-01", periods=8),
        "embedding": [[0.0, 1.0]] * 8,
    }
)


def test_columns_are_told_by_their_names_and_what_cannot_be_shown_is_left_out():
    assert roles(shown(FRAME)) == {
        "id": ("id", "text"),
        "file": ("text", "text"),
        "x": ("x", "float"),
        "y": ("y", "float"),
        "label": ("label", "category"),
        "split": ("split", "category"),
        "stars": ("number", "int"),
        "good": ("text", "category"),
        "seen": ("text", "text"),
    }


def test_columns_that_are_given_are_what_they_are_given_as():
    table = shown(FRAME, id_column="file", x="stars", y="y", label="good", split="label")
    known = roles(table)
    assert known["file"] == ("id", "text")
    assert known["stars"] == ("x", "float")
    assert known["good"] == ("label", "category")
    assert known["label"] == ("split", "category")
    assert known["x"] == ("number", "float")
    assert known["id"] == ("text", "text")


@pytest.mark.parametrize("kind", ["arrow", "parquet", "polars"])
def test_tables_of_other_libraries_and_files_are_the_same_table(kind, tmp_path):
    arrow = pa.Table.from_pandas(FRAME.drop(columns=["good", "seen"]), preserve_index=False)
    if kind == "parquet":
        pq.write_table(arrow, tmp_path / "pets.parquet")
        table = shown(str(tmp_path / "pets.parquet"))
    elif kind == "polars":
        table = shown(pytest.importorskip("polars").from_arrow(arrow))
    else:
        table = shown(arrow)
    expected = shown(FRAME.drop(columns=["good", "seen"]))
    assert roles(table) == roles(expected)
    for name, values in expected.arrays().items():
        assert table.arrays()[name].tolist() == values.tolist()


def test_without_ids_samples_have_those_of_the_index_else_their_number():
    plain = pd.DataFrame({"stars": [3, 4, 5]})
    assert shown(plain).ids().tolist() == [0, 1, 2]
    assert shown(plain.set_axis(["a", "b", "c"])).ids().tolist() == ["a", "b", "c"]
    assert shown(plain.set_axis(["a", "b", "b"])).ids().tolist() == [0, 1, 2]


def test_ids_that_repeat_are_said_and_select_all_that_have_them():
    with pytest.warns(DeepViewWarning, match="'key' repeat"):
        canvas = Canvas(pd.DataFrame({"key": [7, 7, 8], "stars": [1, 2, 3]}), id_column="key")
    canvas.selected = [7]
    assert canvas.selection_frame()["stars"].tolist() == [1, 2]


def test_coordinates_that_are_no_numbers_are_missing():
    table = shown(pd.DataFrame({"x": [1.0, np.nan, np.inf, -np.inf], "y": [1, 2, 3, 4]}))
    np.testing.assert_array_equal(table.column("x").values, [1, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("rows", [0, 1])
def test_none_and_one_sample_are_shown(rows):
    table = shown(FRAME.iloc[:rows])
    assert table.rows == rows
    assert table.column("x") is not None
    for column in table.columns:
        encode_chunk(column, 0)


def test_names_like_ours_and_names_that_are_no_text_stay_columns():
    odd = pd.DataFrame({"row": [1], "expression": [2], "excluded": [3], 7: [4], "": [5]})
    assert list(shown(odd).arrays()) == ["row", "expression", "excluded", "7", ""]


def test_a_label_with_very_many_values_and_long_texts_are_shown():
    many = pd.DataFrame({"label": [f"<b>{i}</b>" for i in range(5000)]})
    assert len(set(shown(many).column("label").array())) == 5000
    text = "x" * (LONGEST_TEXT + 5)
    column = shown(pd.DataFrame({"text": [text, "short", "other"]})).column("text")
    assert column.type == "text"
    assert column.array()[0] == text
    rows, (stream,) = encode_chunk(column, 0)
    assert rows == 3
    assert len(stream) < 4 * 1024 * 1024


def test_missing_values_of_all_kinds_are_missing():
    table = shown(
        pd.DataFrame(
            {
                "kind": pd.array(["a", pd.NA, "a", "a"], dtype="string"),
                "count": pd.array([1, pd.NA, 3, 4], dtype="Int64"),
                "mixed": ["a", 3, None, float("nan")],
                "nothing": [None] * 4,
                "when": pd.to_datetime(["2026-01-01", None, "2026-01-01", "2026-01-01"]),
            }
        )
    )
    assert isinstance(table.column("kind").values, Categories)
    assert table.column("kind").array().tolist() == ["a", "", "a", "a"]
    np.testing.assert_array_equal(table.column("count").values, [1, np.nan, 3, 4])
    assert table.column("mixed").array().tolist() == ["a", "3", "", ""]
    assert np.isnan(table.column("nothing").values).all()
    assert table.column("when").array().tolist()[1] == ""


def test_whole_numbers_that_a_browser_cannot_count_to_are_texts_as_ids_and_floats_elsewhere():
    table = shown(pd.DataFrame({"id": [2**60, 2**60 + 1], "big": [2**60, 1]}))
    assert table.ids().tolist() == [str(2**60), str(2**60 + 1)]
    assert table.column("big").type == "float"


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"id_column": "idd"}, UnknownNameError, "Did you mean 'id'"),
        ({"x": "x"}, DataError, "needs both x and y"),
        ({"x": "label", "y": "y"}, DataError, "'label' holds"),
        ({"x": "x", "y": "x"}, DataError, "two things at once"),
    ],
)
def test_columns_that_do_not_fit_are_refused_with_what_to_do(options, error, said):
    with pytest.raises(error, match=said):
        Canvas(FRAME, **options)


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(TypeError, match="got a int"):
        Canvas(3)
    with pytest.raises(DataError, match="opens Parquet files"):
        Canvas(tmp_path / "pets.csv")
    with pytest.raises(FileNotFoundError, match=r"no.parquet"):
        Canvas(tmp_path / "no.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        Canvas(tmp_path / "broken.parquet")
    repeated = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(DataError, match="several columns of one name"):
        Canvas(repeated)


def test_a_table_is_not_saved_as_a_report(tmp_path):
    canvas = Canvas(FRAME)
    run = next(known for known in registry.runs() if known.id == canvas._run)
    with pytest.raises(DeepViewException, match="to_parquet"):
        run.save(tmp_path / "pets.dvreport")
    assert "8 samples, 9 columns." in run.latest(TABLE).summary


def test_pictures_of_a_column_are_sent_when_a_page_asks_for_samples_of_the_table():
    pytest.importorskip("PIL")
    dots = [np.full((8, 8), 10 * i, dtype=np.uint8) for i in range(3)]
    canvas = Canvas(pd.DataFrame({"dot": [*dots, None]}), media="dot")
    run = next(known for known in registry.runs() if known.id == canvas._run)
    column = run.sample_table(TABLE).column("dot")
    assert (column.role, column.type, column.array().tolist()) == ("media", "media", [0, 0, 0, 1])
    page = RawClient("page")
    session().hub.connect(page.name, page.send)
    request = messages.ReadPictures(
        client="page", run=run.id, introspector=TABLE, column="dot", edge=32, rows=[2, 3, 99]
    )
    session().hub.control(msgspec.to_builtins(request))
    (answer,) = page.wait_for(messages.Pictures)
    assert (answer.rows, [(problem.row, problem.why) for problem in answer.problems]) == ([2], [(3, "")])
    assert page.received[-1][1][0].startswith(b"RIFF")


def test_media_that_hold_no_pictures_are_refused():
    with pytest.raises(DataError, match="'stars' holds int"):
        Canvas(pd.DataFrame({"stars": np.array([1, 2], dtype=object)}), media="stars")
