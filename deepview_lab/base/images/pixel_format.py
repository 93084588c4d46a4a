"""The order of the channels of an image."""

from __future__ import annotations

from enum import Enum

from deepview_lab.base.images.opencv import require_opencv

__all__ = ["PixelFormat"]


class PixelFormat(Enum):
    """The order of the channels of an image: blue, green, red, alpha."""

    BGRA = "BGRA"
    BGR = "BGR"
    RGBA = "RGBA"
    RGB = "RGB"
    GRAY = "GRAY"

    @property
    def to_opencv(self) -> int | None:
        """The code for ``cv2.cvtColor`` that gives the order in which OpenCV writes files; None where it is that.

        Raises
        ------
        MissingExtraError
            (an ImportError) when OpenCV is not installed.
        """
        cv2 = require_opencv("PixelFormat.to_opencv")
        codes = {PixelFormat.RGBA: cv2.COLOR_RGBA2BGRA, PixelFormat.RGB: cv2.COLOR_RGB2BGR}
        return codes.get(self)

    @property
    def alpha_channel(self) -> int | None:
        """The position of the alpha channel, None where there is none."""
        return 3 if self in (PixelFormat.BGRA, PixelFormat.RGBA) else None
