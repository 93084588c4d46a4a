"""Blur, contrast and rotation, against formulas and NumPy."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.base import ImageFormat
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.processors import (
    ImageGammaContrastProcessor,
    ImageGaussianBlurProcessor,
    ImageRotationProcessor,
)

from .running import assert_described, run

HWC, CHW = ImageFormat.HWC, ImageFormat.CHW
PHOTOS = np.random.default_rng(0).integers(0, 256, (2, 9, 9, 3), np.uint8)
STAGES = [ImageGaussianBlurProcessor(1.5), ImageGammaContrastProcessor(2.0), ImageRotationProcessor(30.0)]


def images(stage, array):
    return run(stage, images=array)["images"]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_shapes_and_dtypes_stay_for_any_number_of_channels(stage, channels, dtype):
    array = PHOTOS[..., :1].repeat(channels, axis=3).astype(dtype)
    _, out = assert_described(stage, {"images": array})
    assert not np.array_equal(out["images"], array)
    assert (out["images"] == out["images"][..., :1]).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda layout: ImageGaussianBlurProcessor(1.0, pixel_format=layout),
        lambda layout: ImageRotationProcessor(20.0, layout, cval=(10, 20, 30)),
    ],
)
def test_channels_may_come_first(make):
    wide = PHOTOS[:, :6]
    assert np.array_equal(images(make(CHW), wide.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1), images(make(HWC), wide))


@pytest.mark.parametrize(
    "stage", [ImageGaussianBlurProcessor(), ImageGammaContrastProcessor(), ImageRotationProcessor()]
)
def test_the_defaults_change_nothing(stage):
    assert np.array_equal(images(stage, PHOTOS), PHOTOS)
    assert np.allclose(images(stage, PHOTOS / 1.0), PHOTOS)


def test_the_blur_of_a_point_is_a_gaussian():
    point = np.zeros((1, 21, 21, 1))
    point[0, 10, 10, 0] = 1.0
    offsets = np.arange(21) - 10
    bell = np.exp(-(offsets**2) / (2 * 1.5**2))
    bell /= bell.sum()
    assert np.allclose(images(ImageGaussianBlurProcessor(1.5), point)[0, ..., 0], np.outer(bell, bell), atol=1e-4)


@given(gamma=st.floats(0.1, 5))
def test_contrast_is_the_formula(gamma):
    grey = np.arange(256).reshape(1, 16, 16, 1)
    expected = (grey / 255) ** gamma * 255
    for dtype in (np.uint8, np.uint16, np.int64):
        assert np.array_equal(images(ImageGammaContrastProcessor(gamma), grey.astype(dtype)), np.rint(expected))
    assert np.allclose(images(ImageGammaContrastProcessor(gamma), grey / 1.0), expected)


@pytest.mark.parametrize("turns", [1, 2, 3, -1])
@pytest.mark.parametrize("side", [8, 9])
def test_quarter_turns_are_exact_and_counter_clockwise(turns, side):
    square = PHOTOS[:, :side, :side]
    assert np.array_equal(images(ImageRotationProcessor(90 * turns), square), np.rot90(square, turns, axes=(1, 2)))


def test_empty_corners_get_the_colour():
    out = images(ImageRotationProcessor(45, cval=(1, 2, 3)), np.full((1, 30, 30, 3), 200, np.uint8))
    assert out[0, 0, 0].tolist() == [1, 2, 3]
    assert out[0, 15, 15].tolist() == [200, 200, 200]


@pytest.mark.parametrize("values", [[-1.0, 5.0], [0.0, 256.0], [np.nan, 1.0]])
def test_contrast_of_other_values_is_refused_with_the_remedy(values):
    with pytest.raises(
        ValueError, match=r"ImageGammaContrastProcessor: field 'images' has values.*before they are norm"
    ):
        images(ImageGammaContrastProcessor(2), np.array(values).reshape(1, 1, 2, 1))


@pytest.mark.parametrize("stage", [STAGES[0], STAGES[2]], ids=lambda stage: type(stage).__name__)
@pytest.mark.parametrize("array", [np.zeros((2, 3)), np.zeros((2, 3, 3, 1), complex)])
def test_what_is_no_image_is_named(stage, array):
    with pytest.raises(ValueError, match=rf"{type(stage).__name__}: field 'images' has shape"):
        images(stage, array)


def test_more_channels_than_opencv_rotates_are_refused():
    with pytest.raises(ValueError, match="has 5 channels"):
        images(ImageRotationProcessor(10), np.zeros((1, 4, 4, 5), np.uint8))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ImageGaussianBlurProcessor(-1), "sigma must be at least 0"),
        (lambda: ImageGaussianBlurProcessor(np.nan), "sigma"),
        (lambda: ImageGammaContrastProcessor(0), "gamma must be above 0"),
        (lambda: ImageRotationProcessor(np.inf), "angle"),
        (lambda: ImageRotationProcessor(1, cval=(1, 2, 3, 4, 5)), "cval"),
        (lambda: ImageRotationProcessor(1, "HWC"), "pixel_format"),
    ],
)
def test_settings_that_cannot_work_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_without_opencv_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtraError, match=r"ImageRotationProcessor needs OpenCV.*deepview_lab\[image\]"):
        ImageRotationProcessor(10)
    assert ImageGammaContrastProcessor(2)
