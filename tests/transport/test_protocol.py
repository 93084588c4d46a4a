"""One source for both languages: the committed schema and golden messages are what the code makes."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import decode_columns, encode_columns
from deepview_lab.transport.wire.schema import schema
from tests import make_fixtures

PROTOCOL = Path(__file__).parents[2] / "protocol"


def test_the_committed_schema_is_current():
    assert json.loads((PROTOCOL / "messages.schema.json").read_text()) == schema()


def test_the_golden_messages_are_current(tmp_path):
    make_fixtures.write(tmp_path)
    committed = {path.name: path.read_bytes() for path in (PROTOCOL / "fixtures").iterdir()}
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made.keys() == committed.keys()
    for name, data in made.items():
        if not name.endswith(".arrow"):
            assert data == committed[name]
        else:  # Arrow's own metadata differs between its versions; the table does not
            ours, theirs = decode_columns(data), decode_columns(committed[name])
            assert ours.keys() == theirs.keys()
            for column, values in ours.items():
                np.testing.assert_array_equal(values, theirs[column])


@pytest.mark.parametrize("name", sorted(make_fixtures.MESSAGES))
def test_golden_messages_read_back_as_what_they_were(name):
    message = make_fixtures.MESSAGES[name]
    union = messages.ControlMessage if hasattr(message, "client") else messages.DataMessage
    assert msgspec.json.decode((PROTOCOL / "fixtures" / f"{name}.json").read_bytes(), type=union) == message


@given(
    hnp.arrays(
        st.sampled_from([np.dtype("f8"), np.dtype("f4"), np.dtype("i8"), np.dtype("i4"), np.dtype("u1")]),
        st.tuples(st.integers(0, 5), st.integers(1, 4)),
    )
)
def test_tables_survive_the_wire_bit_for_bit(values):
    columns = {
        "layer": np.array([f"λ/{i}" for i in range(len(values))], dtype=object),
        "one": values[:, 0],
        "many": values,
    }
    back = decode_columns(encode_columns(columns))
    assert back["layer"].tolist() == columns["layer"].tolist()
    for name in ("one", "many"):
        assert back[name].dtype == values.dtype
        np.testing.assert_array_equal(back[name], columns[name])
