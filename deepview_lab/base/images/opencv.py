"""OpenCV, imported when it is first needed: it is slow to load, and an extra."""

from __future__ import annotations

from typing import Any

from deepview_lab.exceptions import MissingExtraError

__all__ = ["require_opencv"]


def require_opencv(feature: str) -> Any:  # Any: OpenCV is typed on some platforms only
    """Return the module ``cv2``.

    Parameters
    ----------
    feature : str
        What needs it, for the message.

    Raises
    ------
    MissingExtraError
        (an ImportError) when it is not installed.
    """
    try:
        import cv2  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise MissingExtraError(feature, "OpenCV", "image") from None
    return cv2
