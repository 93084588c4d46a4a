"""Where height, width and channel are in the array of an image."""

from __future__ import annotations

from enum import Enum

__all__ = ["ImageFormat"]


class ImageFormat(Enum):
    """Order of the axes of an image. The value says at which axis height, width and channel are.

    Hence ``np.transpose(image, format.value)`` gives height x width x channel.
    """

    HWC = (0, 1, 2)
    CHW = (1, 2, 0)
