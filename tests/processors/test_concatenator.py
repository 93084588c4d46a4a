"""Fields joined to one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.exceptions import UnknownNameError
from deepview_lab.processors import Concatenator

from .running import assert_described, info, run, tagged

A, B = np.arange(12.0).reshape(2, 3, 2), np.arange(8.0).reshape(2, 2, 2)


def test_the_others_stay_and_the_order_is_that_of_the_argument():
    out = run(Concatenator(1, "both", ["b", "a"]), a=A, b=B)
    assert out == {"a": A, "b": B, "both": np.concatenate([B, A], axis=1)}


def test_one_field_is_a_copy_and_one_of_that_name_is_replaced():
    assert run(Concatenator(dim=1, output_field="b", fields="a"), a=A, b=B) == {"a": A, "b": A}


@given(dim=st.sampled_from([-2, -1, 1, 2]), unit_axis=st.sampled_from([-1, 1, 2]), count=st.integers(1, 3))
def test_shape_dtype_and_units_are_described(dim, unit_axis, count):
    arrays = {f"f{i}": tagged((2, 3, 4), unit_axis).astype(np.float32 if i else np.float64) for i in range(count)}
    assert_described(Concatenator(dim, "all", list(arrays)), arrays, unit_axis)


@pytest.mark.parametrize("unit_axis", [-1, 1])
def test_units_stay_along_their_axis(unit_axis):
    described, out = assert_described(
        Concatenator(2, "all", ["r", "r"]), {"r": np.zeros((2, 3, 4), np.float32)}, unit_axis
    )
    assert described["all"].unit_axis % 3 == unit_axis % 3
    assert described["all"].units == out["all"].shape[unit_axis]


def test_unknown_sizes_stay_unknown():
    known, unknown = info("a", np.zeros((1, 3, 4))), info("b", np.zeros((1, 3, 4))).with_shape((None, None, 4), -1)
    assert Concatenator(1, "c", ["a", "b"]).describe({"a": known, "b": unknown})["c"].shape == (None, None, 4)


def test_responses_that_are_not_known_are_not_described():
    responses = {"a": info("a", A)}
    assert Concatenator(1, "c", ["a", "b"]).describe(responses) == responses


@pytest.mark.parametrize(("dim", "fields"), [(2, ["a", "b"]), (3, ["a", "b"]), (-3, ["a", "a"]), (1, ["a", "flat"])])
def test_shapes_that_do_not_fit_are_named(dim, fields):
    with pytest.raises(ValueError, match=rf"Concatenator cannot join the fields a \(2, 3, 2\).*along axis {dim}"):
        run(Concatenator(dim, "c", fields), a=A, b=B, flat=np.zeros((2, 2)))


def test_an_absent_field_is_named():
    with pytest.raises(UnknownNameError, match="Unknown field 'absent'"):
        run(Concatenator(1, "c", ["a", "absent"]), a=A)


@pytest.mark.parametrize(("dim", "fields", "message"), [(0, ["a"], "counts samples"), (1, [], "at least one field")])
def test_settings_that_cannot_work_are_refused(dim, fields, message):
    with pytest.raises(ValueError, match=message):
        Concatenator(dim, "c", fields)
