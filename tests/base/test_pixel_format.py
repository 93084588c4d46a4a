"""Orders of channels: what OpenCV writes is what was meant."""

import cv2
import numpy as np
import pytest

from deepview_lab.base import PixelFormat

COLOURS = {"R": 10, "G": 20, "B": 30, "A": 40}


@pytest.mark.parametrize("order", ["BGRA", "BGR", "RGBA", "RGB"])
def test_colours_reach_a_file_whatever_their_order(order):
    image = np.array([[[COLOURS[channel] for channel in order]]], np.uint8)
    code = PixelFormat[order].to_opencv
    written = cv2.imencode(".png", image if code is None else cv2.cvtColor(image, code))[1]
    read = cv2.imdecode(written, cv2.IMREAD_UNCHANGED)[0, 0]
    assert read.tolist() == [30, 20, 10, 40][: len(order)]


def test_grey_stays_as_it_is():
    assert PixelFormat.GRAY.to_opencv is None
    assert PixelFormat.GRAY.alpha_channel is None


@pytest.mark.parametrize(("order", "position"), [("BGRA", 3), ("RGBA", 3), ("BGR", None), ("RGB", None)])
def test_the_alpha_channel_is_found(order, position):
    assert PixelFormat[order].alpha_channel == position
