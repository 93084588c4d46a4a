"""Stages that change arrays: Processor, MeanStdNormalizer, Pooler, Transposer, Flattener."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.processors import Flattener, MeanStdNormalizer, Pooler, Processor, Transposer

from .running import assert_described, assert_units_followed, info, run

MAPS = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
MAX, SUM, AVERAGE = Pooler.Method.MAX, Pooler.Method.SUM, Pooler.Method.AVERAGE


class TestProcessor:
    def test_it_changes_the_selected_fields_only(self):
        out = run(Processor(lambda x: -x, fields="a"), a=[1, 2], b=[3, 4])
        assert out == {"a": np.array([-1, -2]), "b": np.array([3, 4])}

    def test_it_changes_every_field_by_default(self):
        assert run(Processor(np.negative), a=[1], b=[2]) == {"a": np.array([-1]), "b": np.array([-2])}

    def test_an_absent_field_is_named(self):
        with pytest.raises(UnknownNameError, match=r"Unknown field 'conv1'. Did you mean 'conv'"):
            run(Processor(np.negative, fields="conv1"), conv=[1])

    def test_a_function_that_changes_the_number_of_samples_is_named(self):
        def halve(x):
            return x[::2]

        with pytest.raises(DeepViewException, match=r"halve made an array of shape \(1,\) of field 'x' .* must stay 2"):
            run(Processor(halve), x=[1, 2])

    def test_a_function_that_drops_the_samples_is_named(self):
        with pytest.raises(DeepViewException, match=r"sum made an array of shape \(\)"):
            run(Processor(np.sum), x=[1, 2])

    def test_a_function_that_writes_to_its_argument_fails(self):
        def zero(x):
            x[:] = 0
            return x

        array = np.ones(2)
        with pytest.raises(ValueError, match=r"read-only"):
            run(Processor(zero), x=array)
        assert array.tolist() == [1, 1]

    def test_a_thing_that_is_no_function_is_refused(self):
        with pytest.raises(TypeError, match=r"needs a function of an array, but got a str"):
            Processor("relu")

    def test_what_a_function_does_to_a_shape_is_not_guessed(self):
        known = {"r": info("r", MAPS)}
        assert Processor(lambda x: x[..., 0]).describe(known) == known


class TestMeanStdNormalizer:
    def test_it_subtracts_and_divides(self):
        assert run(MeanStdNormalizer(mean=2, std=4), x=np.array([2.0, 6.0]))["x"].tolist() == [0, 1]

    @pytest.mark.parametrize(
        ("dtype", "becomes"), [("float32", "float32"), ("float16", "float16"), ("uint8", "float64")]
    )
    def test_floats_keep_their_dtype_and_integers_become_float64(self, dtype, becomes):
        array = np.array([[0], [255]], dtype)
        _, out = assert_described(MeanStdNormalizer(mean=127.5, std=127.5), {"x": array})
        assert out["x"].dtype == becomes
        assert out["x"].tolist() == [[-1], [1]]

    def test_a_mean_per_channel_broadcasts_against_the_last_axis(self):
        out = run(MeanStdNormalizer(mean=[1, 2], std=[1, 10]), x=np.array([[2.0, 22.0]]))
        assert out["x"].tolist() == [[1, 2]]

    def test_other_fields_stay(self):
        out = run(MeanStdNormalizer(mean=1, std=1, fields=["a"]), a=[1.0], b=[1.0])
        assert (out["a"].item(), out["b"].item()) == (0, 1)

    @pytest.mark.parametrize("std", [0, -1, np.nan, np.inf, [1, 0]])
    def test_a_std_that_cannot_divide_is_refused(self, std):
        with pytest.raises(ValueError, match=r"std, which must be finite and above 0"):
            MeanStdNormalizer(mean=0, std=std)

    def test_a_mean_that_is_not_finite_is_refused(self):
        with pytest.raises(ValueError, match=r"finite mean"):
            MeanStdNormalizer(mean=np.nan, std=1)


class TestPooler:
    @pytest.mark.parametrize(("method", "reduce"), [(MAX, np.max), (SUM, np.sum), (AVERAGE, np.mean)])
    @pytest.mark.parametrize("dim", [(1, 2), [2, 1], 3, (-1,), (1, 2, 3)])
    def test_it_reduces_the_axes(self, method, reduce, dim):
        axes = tuple(np.atleast_1d(dim))
        assert np.array_equal(run(Pooler(dim=dim, method=method), r=MAPS)["r"], reduce(MAPS, axis=axes))

    def test_a_sum_of_float32_is_kept_in_float64(self):
        array = np.full((1, 3000, 1), 1e4 + 0.1, np.float32)
        mean = run(Pooler(dim=1, method=AVERAGE), r=array)["r"]
        assert mean.dtype == np.float32
        assert mean[0, 0] == array[0, 0, 0]

    @pytest.mark.parametrize("method", [MAX, SUM, AVERAGE])
    @pytest.mark.parametrize("dtype", ["float32", "float16", "uint8", "int64", "bool"])
    def test_the_described_dtype_comes_out(self, method, dtype):
        assert_described(Pooler(dim=1, method=method), {"r": np.ones((2, 3, 4), dtype)})

    @pytest.mark.parametrize(
        ("dim", "shape", "unit_axis"),
        [
            ((1, 2), (2, 3, 4, 5), -1),
            ((2, 3), (2, 5, 3, 4), 1),
            (1, (2, 3, 4, 5), -1),
            (3, (2, 5, 3, 4), 1),
        ],
    )
    def test_units_are_found_behind_it(self, dim, shape, unit_axis):
        assert_units_followed(Pooler(dim=dim, method=MAX), shape, unit_axis)

    def test_units_come_last_when_theirs_was_pooled(self):
        described, _ = assert_described(Pooler(dim=1, method=MAX), {"r": MAPS}, unit_axis=1)
        assert described["r"].unit_axis == -1

    @pytest.mark.parametrize("dim", [0, (0, 1), ()])
    def test_axis_0_and_no_axis_are_refused(self, dim):
        with pytest.raises(ValueError, match=r"cannot pool axis 0, which counts samples"):
            Pooler(dim=dim, method=MAX)

    @pytest.mark.parametrize("dim", [2, (1, 5), -2])
    def test_an_absent_axis_names_the_field_and_its_shape(self, dim):
        with pytest.raises(ValueError, match=r"Pooler: field 'dense' has shape \(2, 3\).*fields=\[\.\.\.\]"):
            run(Pooler(dim=dim, method=MAX), dense=np.zeros((2, 3)))

    def test_an_absent_axis_is_not_described(self):
        known = {"r": info("r", np.zeros((2, 3)))}
        assert Pooler(dim=2, method=MAX).describe(known) == known

    def test_an_unknown_method_is_refused(self):
        with pytest.raises(ValueError, match=r"such as Pooler\.Method\.MAX, but got 'max'"):
            Pooler(dim=1, method="max")


class TestTransposer:
    def test_it_permutes(self):
        assert np.array_equal(run(Transposer(dim=(0, 3, 1, 2)), r=MAPS)["r"], MAPS.transpose(0, 3, 1, 2))

    @pytest.mark.parametrize("order", [(0, 3, 1, 2), (0, 2, 3, 1), (0, 1, 2, 3), (0, 3, 2, 1)])
    @pytest.mark.parametrize("unit_axis", [-1, 1])
    def test_units_are_found_behind_it(self, order, unit_axis):
        assert_units_followed(Transposer(dim=order), (2, 3, 4, 5), unit_axis)

    def test_samples_must_stay_first(self):
        with pytest.raises(ValueError, match=r"must leave axis 0.* dim is \(1, 0\)"):
            Transposer(dim=(1, 0))

    @pytest.mark.parametrize("order", [(0, 1, 1), (0, 3)])
    def test_every_axis_is_needed_once(self, order):
        with pytest.raises(ValueError, match=r"needs every axis"):
            Transposer(dim=order)

    def test_another_number_of_axes_names_the_field(self):
        with pytest.raises(ValueError, match=r"Transposer: field 'r' has shape \(2, 3, 4, 5\).*permutes 3 axes"):
            run(Transposer(dim=(0, 2, 1)), r=MAPS)


class TestFlattener:
    def test_every_sample_becomes_a_vector(self):
        assert np.array_equal(run(Flattener(), r=MAPS)["r"], MAPS.reshape(2, -1))

    @given(st.sampled_from("CFAK"), st.permutations([0, 1, 2]), st.integers(0, 3))
    def test_each_order_gives_what_numpy_gives_for_the_batch(self, order, memory, samples):
        array = np.arange(samples * 6).reshape(samples, 2, 3).transpose(memory).copy().transpose(np.argsort(memory))
        out = run(Flattener(order), r=array)["r"] if samples else Flattener(order)._flattened(array)
        fortran = order == "F" or (order == "A" and array.flags.f_contiguous and not array.flags.c_contiguous)
        expected = [sample.flatten("K" if order == "K" else "F" if fortran else "C") for sample in array]
        assert out.tolist() == [row.tolist() for row in expected]

    @pytest.mark.parametrize("shape", [(2, 3, 4, 5), (2, 3), (2,)])
    def test_it_describes_one_axis_of_values(self, shape):
        described, out = assert_described(Flattener(), {"r": np.zeros(shape)})
        assert described["r"].unit_axis == 1
        assert described["r"].units == out["r"].shape[1]

    def test_an_open_dimension_stays_open(self):
        known = info("r", MAPS).with_shape((None, None, 5), -1)
        assert Flattener().describe({"r": known})["r"].shape == (None, None)

    def test_an_unknown_order_is_refused(self):
        with pytest.raises(ValueError, match=r"order out of C, F, A, K, but got 'Z'"):
            Flattener("Z")
