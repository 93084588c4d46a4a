"""The base of the stages that change images one by one. They need OpenCV, the extra ``image``."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ImageFormat
from deepview_lab.base.images.opencv import require_opencv
from deepview_lab.processors.processor import Processor, _StageInputError
from deepview_lab.typing import OneManyOrNone

__all__ = ["ImageProcessor"]

_DTYPES: Final = ("uint8", "uint16", "int16", "float32", "float64")
_NDIM: Final = 4


class ImageProcessor(Processor):
    """Apply an OpenCV function to each image.

    Parameters
    ----------
    pixel_format : ImageFormat
        Where the channels are: ``HWC`` (last) or ``CHW`` (first).
    fields : None, str or collection of str
        The fields to change, each samples x three axes; None means all.

    Raises
    ------
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    ValueError
        when ``pixel_format`` is none, and while batches pass when a field does not hold images.
    """

    Format: TypeAlias = ImageFormat

    def __init__(self, *, pixel_format: ImageFormat, fields: OneManyOrNone[str]) -> None:
        name = type(self).__name__
        if not isinstance(pixel_format, ImageFormat):
            raise ValueError(f"{name} needs a pixel_format such as ImageFormat.HWC, but got {pixel_format!r}.")
        self._channels_last = pixel_format is ImageFormat.HWC
        self._cv2 = require_opencv(name)
        super().__init__(self._changed, fields=fields)

    def _size(self, height: int, width: int) -> tuple[int, int]:
        """Return height and width of the result."""
        return height, width

    def _change(self, image: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
        """Return one image, height x width x channels, changed; in ``out`` where OpenCV can write to it.

        OpenCV drops the axis of a single channel, so both have it not.
        """
        raise NotImplementedError(f"{type(self).__name__} must override _change.")

    def _changed(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.ndim != _NDIM or array.dtype.name not in _DTYPES:
            raise _StageInputError(
                f"has shape {array.shape} and dtype {array.dtype}, but images are arrays of four axes (samples, then "
                f"three) of dtype {', '.join(_DTYPES)}. Convert it first, for example with "
                "Processor(lambda x: x.astype('float32')), or name the image fields with fields=[...]."
            )
        images = np.ascontiguousarray(array if self._channels_last else array.transpose(0, 2, 3, 1))
        count, height, width, channels = images.shape
        changed = np.empty((count, *self._size(height, width), channels), array.dtype)
        sources, targets = (images[..., 0], changed[..., 0]) if channels == 1 else (images, changed)
        for image, target in zip(sources, targets, strict=True):
            result = self._change(image, target)
            if not np.may_share_memory(result, target):
                target[...] = result
        return changed if self._channels_last else np.ascontiguousarray(changed.transpose(0, 3, 1, 2))
