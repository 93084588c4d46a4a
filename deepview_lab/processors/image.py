"""Resize images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from deepview_lab.base import ImageFormat, ResponseInfo
from deepview_lab.processors.images import ImageProcessor
from deepview_lab.typing import OneManyOrNone

__all__ = ["ImageResizer"]

_IMAGES_NDIM = 4


class ImageResizer(ImageProcessor):
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

    def __init__(self, *, pixel_format: ImageFormat, size: tuple[int, int], fields: OneManyOrNone[str] = None) -> None:
        super().__init__(pixel_format=pixel_format, fields=fields)
        self._width, self._height = size
        if self._width <= 0 or self._height <= 0:
            raise ValueError(f"ImageResizer needs a width and a height of at least 1 pixel, but size is {size}.")

    def _size(self, height: int, width: int) -> tuple[int, int]:  # noqa: ARG002 - whatever they were
        return self._height, self._width

    def _change(self, image: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
        cv2 = self._cv2
        resized: NDArray[Any] = cv2.resize(image, (self._width, self._height), dst=out, interpolation=cv2.INTER_LINEAR)
        return resized

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        if len(info.shape) != _IMAGES_NDIM:  # the batches will say so, with the field's name
            return info
        samples, first, _, last = info.shape
        size = (self._height, self._width)
        return replace(info, shape=(samples, *size, last) if self._channels_last else (samples, first, *size))
