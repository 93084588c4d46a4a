"""Metadata values come back from JSON as they were, types included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deepview_lab.base.cache.journal import entries, line_of
from deepview_lab.base.plain_values import UnstorableValueError, decoded, encoded

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec=None)),
    st.binary(),
    st.builds(Path, st.text("ab/.", min_size=1)),
    st.integers(-128, 127).map(np.int8),
    st.integers(0, 2**64 - 1).map(np.uint64),
    st.floats(width=32).map(np.float32),
    st.floats().map(np.float64),
    st.booleans().map(np.bool_),
    st.text().map(np.str_),
    st.binary().map(np.bytes_),
    st.complex_numbers(),
    st.uuids(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC), allow_imaginary=True),
    st.datetimes().map(lambda moment: moment.replace(fold=1)),
    st.timedeltas(),
    st.builds(PurePosixPath, st.text("ab/.", min_size=1)),
    # Of equal paths, such as '//.//' and '/', Python 3.11 shows the one as it was written.
    st.builds(PureWindowsPath, st.builds(PureWindowsPath, st.text("ab/.\\", min_size=1)).map(str)),
    st.builds(np.datetime64, st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from(["Y", "D", "ns"])),
    st.builds(np.timedelta64, st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from(["M", "h", "us"])),
)
hashables = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner).map(tuple), st.frozensets(inner, max_size=3)), max_leaves=5
)
values = st.one_of(hashables, st.lists(hashables), st.dictionaries(hashables, hashables, max_size=3))


def canonical(value):
    """Return a text that differs whenever values or types do."""
    if isinstance(value, tuple | list):
        return f"{type(value)} {[canonical(item) for item in value]}"
    if isinstance(value, dict):
        return f"{type(value)} {[(canonical(key), canonical(item)) for key, item in value.items()]}"
    if isinstance(value, frozenset):
        return f"{type(value)} {sorted(map(canonical, value))}"
    return f"{type(value)} {value!r}"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(values), st.lists(st.integers()), st.lists(st.floats()), st.lists(st.text())))
def test_values_come_back_with_their_types(tmp_path, sequence):
    file = tmp_path / "journal"
    file.write_bytes(line_of(len(sequence), [[encoded(sequence)]], []))
    (entry,) = entries(file)
    again = decoded(entry.columns[0][0])
    assert canonical(again) == canonical(tuple(sequence))


class Colour(IntEnum):
    RED = 1


class Place(NamedTuple):
    row: int


@pytest.mark.parametrize(
    "value",
    [Colour.RED, Place(1), np.array([1]), np.longdouble(1), datetime.now(timezone(timedelta(hours=2))), {1, 2}, object],
)
def test_other_types_are_refused_rather_than_changed(value):
    with pytest.raises(UnstorableValueError, match="but only int, float"):
        encoded([value])
    with pytest.raises(UnstorableValueError):
        encoded([1, (value,)])


@pytest.mark.parametrize("column", [["os.system", ["true"]], ["int"], ["dict", [[1]]], [["int"], [1]]])
def test_what_is_no_column_is_an_error_and_calls_nothing(column):
    with pytest.raises((KeyError, ValueError, TypeError)):
        decoded(column)
