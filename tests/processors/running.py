"""What tests of stages share: run one stage over arrays, and compare what it describes with what comes out."""

import numpy as np

from deepview_lab.base import Layer, ResponseInfo, peek_first_batch, pipeline
from deepview_lab.base.response import unit_axis_of
from deepview_lab.samples import StubProducer


def run(stage, **fields):
    """Return the fields that come out of ``stage``."""
    return peek_first_batch(pipeline(StubProducer(fields), stage), 1000).fields


def info(name, array, unit_axis=-1):
    """Describe an array as a model would."""
    return ResponseInfo(name, array.dtype, (None, *array.shape[1:]), Layer(name), unit_axis)


def tagged(shape, unit_axis):
    """Return an array whose value is the index of its unit, so that units can be followed through a stage."""
    index = np.arange(shape[unit_axis], dtype=np.float32)
    along = [1] * len(shape)
    along[unit_axis] = -1
    return np.broadcast_to(index.reshape(along), shape).copy()


def assert_described(stage, arrays, unit_axis=-1):
    """Assert that shapes, dtypes, names and unit axes are as described; return (described, out)."""
    described = stage.describe({name: info(name, array, unit_axis) for name, array in arrays.items()})
    out = run(stage, **arrays)
    assert {n: (i.name, i.shape[1:], i.dtype) for n, i in described.items()} == {
        n: (n, a.shape[1:], a.dtype) for n, a in out.items()
    }
    return described, out


def assert_units_followed(stage, shape, unit_axis):
    """Assert that the described unit axis of the one field is where its units are."""
    described, out = assert_described(stage, {"r": tagged(shape, unit_axis)}, unit_axis)
    array = out["r"]
    axis = unit_axis_of(array.ndim, described["r"])
    units = np.moveaxis(array, axis, 0).reshape(shape[unit_axis], -1)
    assert (units == units[:, :1]).all()
    assert len(set(units[:, 0])) == shape[unit_axis]
