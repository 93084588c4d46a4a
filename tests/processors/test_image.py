"""Images are resized in either format, whatever their number of channels."""

import sys

import numpy as np
import pytest

from deepview_lab.base import ImageFormat
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.processors import ImageResizer

from .running import assert_described, assert_units_followed, info, run

HWC, CHW = ImageResizer.Format.HWC, ImageResizer.Format.CHW


def ramp(channels, dtype=np.float32, height=6, width=4):
    """Return two images whose values grow to the right, more so in later channels."""
    row = np.linspace(0, 100, width)[None, None, :, None] * np.arange(1, channels + 1)
    return np.broadcast_to(row, (2, height, width, channels)).astype(dtype)


def test_the_format_is_that_of_the_base():
    assert ImageResizer.Format is ImageFormat


def test_the_format_tells_how_to_get_height_width_channel():
    assert np.transpose(np.zeros((3, 6, 4)), CHW.value).shape == (6, 4, 3)
    assert np.transpose(np.zeros((6, 4, 3)), HWC.value).shape == (6, 4, 3)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 7])
def test_size_is_width_then_height_and_channels_stay(channels):
    _, out = assert_described(ImageResizer(pixel_format=HWC, size=(8, 3)), {"images": ramp(channels)})
    assert out["images"].shape == (2, 3, 8, channels)


def test_channels_first_gives_the_same_pixels():
    images = ramp(3)
    last = run(ImageResizer(pixel_format=HWC, size=(8, 3)), images=images)["images"]
    first = run(ImageResizer(pixel_format=CHW, size=(8, 3)), images=images.transpose(0, 3, 1, 2))["images"]
    assert first.shape == (2, 3, 3, 8)
    assert np.array_equal(first.transpose(0, 2, 3, 1), last)


@pytest.mark.parametrize(("pixel_format", "shape", "unit_axis"), [(HWC, (2, 6, 4, 3), -1), (CHW, (2, 3, 6, 4), 1)])
def test_units_are_found_behind_it(pixel_format, shape, unit_axis):
    assert_units_followed(ImageResizer(pixel_format=pixel_format, size=(5, 7)), shape, unit_axis)


def test_twice_the_width_interpolates_between_pixel_centres():
    image = np.array([[0.0, 4.0]], np.float32).reshape(1, 1, 2, 1)
    out = run(ImageResizer(pixel_format=HWC, size=(4, 1)), images=image)["images"]
    assert out.ravel().tolist() == [0, 1, 3, 4]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64"])
def test_the_dtype_stays(dtype):
    assert_described(ImageResizer(pixel_format=HWC, size=(2, 2)), {"images": ramp(3, dtype)})


def test_other_fields_stay():
    out = run(ImageResizer(pixel_format=HWC, size=(2, 2), fields="images"), images=ramp(1), more=np.zeros(2))
    assert out["more"].shape == (2,)


@pytest.mark.parametrize("array", [np.zeros((2, 6, 4)), np.zeros((2, 6, 4, 3), np.int64), np.zeros((2, 6, 4, 3), bool)])
def test_what_is_no_image_is_named_with_shape_and_dtype(array):
    says = rf"field 'x' has shape {tuple(array.shape)} and dtype {array.dtype}".replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(ValueError, match=says):
        run(ImageResizer(pixel_format=HWC, size=(2, 2)), x=array)


def test_what_is_no_image_is_not_described():
    known = {"r": info("r", np.zeros((2, 3)))}
    assert ImageResizer(pixel_format=HWC, size=(2, 2)).describe(known) == known


@pytest.mark.parametrize("size", [(0, 2), (2, -1)])
def test_a_size_below_one_is_refused(size):
    with pytest.raises(ValueError, match="at least 1 pixel"):
        ImageResizer(pixel_format=HWC, size=size)


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match=r"such as ImageFormat\.HWC, but got 'HWC'"):
        ImageResizer(pixel_format="HWC", size=(2, 2))


def test_without_opencv_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtraError, match=r"ImageResizer needs OpenCV.*deepview_lab\[image\]"):
        ImageResizer(pixel_format=HWC, size=(2, 2))
