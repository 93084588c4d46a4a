"""Samples of a data set as PNG files, so that a report can show them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Hashable
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.images.opencv import require_opencv
from deepview_lab.exceptions import DeepViewException

__all__ = ["ImageFolder"]

_PREFIX: Final = "deepview-dataset-"
_DTYPES: Final = (np.dtype(np.uint8), np.dtype(np.uint16))
_CHANNELS: Final = (1, 3, 4)
_UNSAFE: Final = re.compile(r"[^\w-]")


class ImageFolder:
    """A folder ``deepview-dataset-...`` in the working directory, made when the first image is written.

    Each image is written once, and stays until :meth:`cleanup`. ``parent`` is the working directory at the beginning.

    Parameters
    ----------
    shape : tuple of int
        Of one image: height x width, or height x width x 1, 3 (RGB) or 4 (RGBA).
    dtype : numpy.dtype
        Of the images.

    Raises
    ------
    ValueError
        when that is nothing that a PNG file holds.
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    """

    # Two data sets are not different because of files that have been written: what compares them sees no attributes.
    __slots__ = ("_cv2", "_folder", "_lock", "_written", "parent")

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        if dtype not in _DTYPES or len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in _CHANNELS):  # noqa: PLR2004
            raise ValueError(
                "write_to_folder needs images of dtype uint8 or uint16 and of shape height x width, without or with 1, "
                f"3 or 4 channels, but the samples are {dtype} {shape}. Convert them, for example with "
                "(x * 255).astype('uint8'), or leave write_to_folder out."
            )
        self._cv2 = require_opencv("write_to_folder")
        self._lock = Lock()  # several runs may read the same data
        self._folder: Path | None = None
        self.parent = Path.cwd()
        self._written: set[Path] = set()

    def write(self, row: int, split: str, label: Hashable, image: NDArray[Any]) -> Path:
        """Return the file of the image in ``row``, which is written unless it has been."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix=_PREFIX, dir=self.parent))
            path = self._folder / split / (_UNSAFE.sub("_", str(label)) or "_") / f"image{row}.png"
            if path not in self._written:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._encode(path, image)
                self._written.add(path)
            return path

    def cleanup(self) -> None:
        """Delete the folder. A later pass writes the same files again."""
        with self._lock:
            self._written.clear()
            if self._folder is not None and self._folder.exists():
                shutil.rmtree(self._folder)

    def _encode(self, path: Path, image: NDArray[Any]) -> None:
        cv2 = self._cv2
        if image.shape[2:] == (3,):
            image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        elif image.shape[2:] == (4,):
            image = cv2.cvtColor(image, cv2.COLOR_RGBA2BGRA)
        if not cv2.imwrite(str(path), image):
            raise DeepViewException(
                f"OpenCV could not write {path}. Check the free space and the rights of the folder."
            )
