"""Stages for images. They need OpenCV, the extra ``image``."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ImageFormat, ResponseInfo
from deepview_lab.exceptions import MissingExtraError
from deepview_lab.processors.processor import Processor, _StageInputError
from deepview_lab.typing import OneManyOrNone

__all__ = ["ImageResizer"]

_DTYPES = ("uint8", "uint16", "int16", "float32", "float64")
_IMAGES_NDIM = 4


class ImageResizer(Processor):
    """Resize images with bilinear interpolation.

    Parameters
    ----------
    pixel_format : ImageFormat
        Where the channels are: ``ImageResizer.Format.HWC`` (last) or ``ImageResizer.Format.CHW`` (first).
    size : tuple of int
        New width and height in pixels, in this order.
    fields : None, str or collection of str
        The fields to resize, each samples x three axes; None means all.

    Raises
    ------
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    ValueError
        when a size is not positive, and while batches pass when a field does not hold images.

    Examples
    --------
    >>> ImageResizer(pixel_format=ImageResizer.Format.HWC, size=(224, 224))  # doctest: +ELLIPSIS
    <deepview_lab.processors.image.ImageResizer object at ...>
    """

    Format: TypeAlias = ImageFormat

    def __init__(self, *, pixel_format: ImageFormat, size: tuple[int, int], fields: OneManyOrNone[str] = None) -> None:
        if not isinstance(pixel_format, ImageFormat):
            raise ValueError(f"ImageResizer needs a pixel_format such as ImageFormat.HWC, but got {pixel_format!r}.")
        width, height = size
        if width <= 0 or height <= 0:
            raise ValueError(f"ImageResizer needs a width and a height of at least 1 pixel, but size is {size}.")
        self._channels_last = pixel_format is ImageFormat.HWC
        self._width, self._height = width, height
        self._cv2 = _opencv()
        super().__init__(self._resized, fields=fields)

    def _resized(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.ndim != _IMAGES_NDIM or array.dtype.name not in _DTYPES:
            raise _StageInputError(
                f"has shape {array.shape} and dtype {array.dtype}, but images are arrays of four axes (samples, then "
                f"three) of dtype {', '.join(_DTYPES)}. Convert it first, for example with "
                "Processor(lambda x: x.astype('float32')), or name the image fields with fields=[...]."
            )
        images = array if self._channels_last else array.transpose(0, 2, 3, 1)
        resized = np.empty((len(images), self._height, self._width, images.shape[3]), array.dtype)
        for image, target in zip(images, resized, strict=True):
            self._resize_one(image, target)
        return resized if self._channels_last else np.ascontiguousarray(resized.transpose(0, 3, 1, 2))

    def _resize_one(self, image: NDArray[Any], target: NDArray[Any]) -> None:
        cv2 = self._cv2
        flat = cv2.resize(
            np.ascontiguousarray(image), dsize=(self._width, self._height), interpolation=cv2.INTER_LINEAR
        )
        # OpenCV drops the axis of a single channel.
        target[...] = flat.reshape(target.shape)

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        if len(info.shape) != _IMAGES_NDIM:  # the batches will say so, with the field's name
            return info
        samples, first, _, last = info.shape
        size = (self._height, self._width)
        return replace(info, shape=(samples, *size, last) if self._channels_last else (samples, first, *size))


def _opencv() -> ModuleType:
    try:
        import cv2  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise MissingExtraError("ImageResizer", "OpenCV", "image") from None
    return cv2  # type: ignore[no-any-return,unused-ignore]  # OpenCV is typed on some platforms only
