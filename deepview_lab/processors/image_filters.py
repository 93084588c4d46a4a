"""Disturb images, to see what a network makes of it: blur, contrast, rotation. Shapes and dtypes stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ImageFormat
from deepview_lab.processors.images import ImageProcessor
from deepview_lab.processors.processor import Processor, _StageInputError
from deepview_lab.typing import OneManyOrNone

__all__ = ["ImageGammaContrastProcessor", "ImageGaussianBlurProcessor", "ImageRotationProcessor"]

_BRIGHTEST: Final = 255.0
_MOST_CHANNELS: Final = 4  # of OpenCV's warpAffine


class ImageGaussianBlurProcessor(ImageProcessor):
    """Blur images with a Gaussian.

    Parameters
    ----------
    sigma : float
        Standard deviation in pixels; 0 changes nothing.
    pixel_format : ImageFormat
        Where the channels are: ``HWC`` (last) or ``CHW`` (first).
    fields : None, str or collection of str
        The fields to blur, each samples x three axes; None means all.

    Raises
    ------
    ValueError
        when ``sigma`` is negative or not finite, and while batches pass when a field does not hold images.
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    """

    def __init__(
        self, sigma: float = 0.0, *, pixel_format: ImageFormat = ImageFormat.HWC, fields: OneManyOrNone[str] = None
    ) -> None:
        if not 0 <= sigma < np.inf:
            raise ValueError(f"sigma must be at least 0 pixels, but is {sigma}.")
        self._sigma = float(sigma)
        super().__init__(pixel_format=pixel_format, fields=fields)

    def _change(self, image: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
        if not self._sigma:
            return image
        # A size of 0 x 0 lets OpenCV choose how far the filter reaches.
        blurred: NDArray[Any] = self._cv2.GaussianBlur(image, (0, 0), self._sigma, dst=out)
        return blurred


class ImageGammaContrastProcessor(Processor):
    """Replace each value x by ``(x / 255) ** gamma * 255``; above 1 darkens, below 1 brightens.

    Integers are rounded, floats stay as precise as they are. The channels may be anywhere.

    Parameters
    ----------
    gamma : float
        The exponent; 1 changes nothing.
    fields : None, str or collection of str
        The fields to change, of values from 0 to 255; None means all.

    Raises
    ------
    ValueError
        when ``gamma`` is not above 0 or not finite, and while batches pass when values are not from 0 to 255.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> data = StubProducer({"grey": np.array([[0, 51, 255]], np.uint8)})
    >>> peek_first_batch(pipeline(data, ImageGammaContrastProcessor(2.0))).fields["grey"]
    array([[  0,  10, 255]], dtype=uint8)
    """

    def __init__(self, gamma: float = 1.0, *, fields: OneManyOrNone[str] = None) -> None:
        if not 0 < gamma < np.inf:
            raise ValueError(f"gamma must be above 0, but is {gamma}.")
        self._gamma = float(gamma)
        self._table = np.rint(self._formula(np.arange(256.0))).astype(np.uint8)
        super().__init__(self._contrasted, fields=fields)

    def _contrasted(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.dtype == np.uint8:
            return np.asarray(self._table[array])
        if array.size and not (array.min() >= 0 and array.max() <= _BRIGHTEST):
            raise _StageInputError(
                f"has values from {array.min()} to {array.max()}, but images of values from 0 to 255 are expected. "
                "Apply ImageGammaContrastProcessor before they are normalised, or name the image fields with "
                "fields=[...]."
            )
        if np.issubdtype(array.dtype, np.integer):
            return np.asarray(self._table.astype(array.dtype)[array])
        return np.asarray(self._formula(array), array.dtype)

    def _formula(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray((values / _BRIGHTEST) ** self._gamma * _BRIGHTEST)


class ImageRotationProcessor(ImageProcessor):
    """Rotate images about their centre, with bilinear interpolation. What leaves the picture is cut off.

    Parameters
    ----------
    angle : float
        Degrees; positive is counter-clockwise.
    pixel_format : ImageFormat
        Where the channels are: ``HWC`` (last) or ``CHW`` (first).
    cval : sequence of float
        Colour of the corners that become empty, one value per channel; missing ones are 0.
    fields : None, str or collection of str
        The fields to rotate, each samples x three axes; None means all.

    Raises
    ------
    ValueError
        when ``angle`` is not finite or ``cval`` has more than 4 values, and while batches pass when a field does not
        hold images of at most 4 channels.
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    """

    def __init__(
        self,
        angle: float = 0.0,
        pixel_format: ImageFormat = ImageFormat.HWC,
        *,
        cval: Sequence[float] = (0, 0, 0),
        fields: OneManyOrNone[str] = None,
    ) -> None:
        if not np.isfinite(angle):
            raise ValueError(f"angle must be a number of degrees, but is {angle}.")
        if len(cval) > _MOST_CHANNELS:
            raise ValueError(f"cval must hold at most {_MOST_CHANNELS} values, one per channel, but is {cval!r}.")
        self._angle = float(angle)
        self._corners = tuple(map(float, cval))
        super().__init__(pixel_format=pixel_format, fields=fields)

    def _change(self, image: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
        if image.shape[2:] > (_MOST_CHANNELS,):
            raise _StageInputError(
                f"has {image.shape[2]} channels, but images of at most {_MOST_CHANNELS} can be rotated."
            )
        height, width = image.shape[:2]
        centre = ((width - 1) / 2, (height - 1) / 2)  # the middle between the outer pixels
        turn = self._cv2.getRotationMatrix2D(centre, self._angle, 1.0)
        rotated: NDArray[Any] = self._cv2.warpAffine(image, turn, (width, height), dst=out, borderValue=self._corners)
        return rotated
