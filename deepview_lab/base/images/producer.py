"""The images of a folder as a producer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.batch import Batch
from deepview_lab.base.images.opencv import require_opencv
from deepview_lab.exceptions import DeepViewException, ImageFileError
from deepview_lab.typing import OneManyOrNone, PathOrStr, resolve_one_many_or_none, resolve_path_or_str
from deepview_lab.typing.numbers import whole_number

__all__ = ["ImageProducer"]

_EXTENSIONS: Final = frozenset({"bmp", "jpeg", "jpg", "png", "tiff"})
_COLOUR, _COLOUR_AND_ALPHA = 3, 4


@final
class ImageProducer:
    """Read the images of a folder, in the order of their paths.

    Batches hold samples x height x width x channels: 1 channel for grey images, 3 (RGB) for colour, 4 (RGBA) where
    there is transparency, in the dtype of the files. ``IDENTIFIER`` and ``PATH`` are the absolute path of each file.
    Files are found when the producer is made, and read when a batch is asked for.

    Parameters
    ----------
    directory : str or Path
        The folder.
    extensions : None, str or collection of str
        Which files are images, in lower or upper case; None means bmp, jpeg, jpg, png, and tiff.
    recursive : bool
        Whether to look into folders within the folder.
    field : str
        Name of the field.
    size : tuple of int, optional
        Width and height in pixels to which each image is resized as it is read, needed where files differ in size.
        Shrinking averages over areas, growing is bilinear.

    Raises
    ------
    NotADirectoryError
        when there is no such folder.
    DeepViewException
        when it holds no images.
    ImageFileError
        (a ValueError) while batches are read, naming the file that cannot be read, or that differs from the first in
        its shape or dtype.
    MissingExtraError
        (an ImportError) when OpenCV is not installed.
    """

    def __init__(
        self,
        directory: PathOrStr,
        *,
        extensions: OneManyOrNone[str] = None,
        recursive: bool = True,
        field: str = "images",
        size: tuple[int, int] | None = None,
    ) -> None:
        self._cv2 = require_opencv("ImageProducer")
        folder = resolve_path_or_str(directory)
        if not folder.is_dir():
            raise NotADirectoryError(f"There is no folder {folder}. Relative paths start at {Path.cwd()}.")
        if size is not None and min(size) <= 0:
            raise ValueError(f"size must be a width and a height of at least 1 pixel, but is {size}.")
        wanted = resolve_one_many_or_none(extensions, str) or _EXTENSIONS
        self._paths = _images_in(folder.resolve(), frozenset(_bare(name) for name in wanted), recursive=recursive)
        if not self._paths:
            raise DeepViewException(
                f"There is no image in {folder} whose name ends in {', '.join(sorted(wanted))}. Give the folder of the "
                "images, or extensions=[...]."
            )
        self._field = field
        self._size = size

    @property
    def image_paths(self) -> tuple[Path, ...]:
        """The files, in the order in which they are read."""
        return self._paths

    @property
    def field(self) -> str:
        """Name of the field."""
        return self._field

    def __len__(self) -> int:
        return len(self._paths)

    def __call__(self, batch_size: int) -> Iterator[Batch]:
        """Yield the images in batches of ``batch_size``; the last may be shorter."""
        whole_number("batch_size", batch_size, write="batch_size=32")
        return self._batches(batch_size)

    def _batches(self, batch_size: int) -> Iterator[Batch]:
        first: NDArray[Any] | None = None
        for start in range(0, len(self), batch_size):
            paths = self._paths[start : start + batch_size]
            images = [self._read(path) for path in paths]
            first = images[0] if first is None else first
            for path, image in zip(paths, images, strict=True):
                self._require_alike(path, image, first)
            builder = Batch.Builder({self._field: np.stack(images)})
            builder.metadata[Batch.StdKeys.IDENTIFIER] = paths
            builder.metadata[Batch.StdKeys.PATH] = paths
            yield builder.make_batch()

    def _read(self, path: Path) -> NDArray[Any]:
        cv2 = self._cv2
        try:
            content = np.fromfile(path, np.uint8)  # not cv2.imread, which fails without a word and prints
            image = cv2.imdecode(content, cv2.IMREAD_UNCHANGED) if content.size else None
        except (OSError, cv2.error) as error:
            raise ImageFileError(path, f"it cannot be read ({error})") from error
        if image is None:
            raise ImageFileError(path, "it is broken, or of a format that OpenCV does not know")
        if self._size is not None:
            shrinks = self._size[0] < image.shape[1] and self._size[1] < image.shape[0]
            image = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return _channels_last(cv2, path, image)

    def _require_alike(self, path: Path, image: NDArray[Any], first: NDArray[Any]) -> None:
        if (image.shape, image.dtype) == (first.shape, first.dtype):
            return
        raise ImageFileError(
            path,
            f"it is {image.dtype} {image.shape}, but {self._paths[0].name} is {first.dtype} {first.shape}; all must be "
            "alike. Where only heights and widths differ, give size=(width, height)",
        )


def _bare(extension: str) -> str:
    return extension.lstrip(".").lower()


def _images_in(folder: Path, extensions: frozenset[str], *, recursive: bool) -> tuple[Path, ...]:
    found = folder.rglob("*") if recursive else folder.glob("*")
    return tuple(sorted(path for path in found if _bare(path.suffix) in extensions and path.is_file()))


def _channels_last(cv2: Any, path: Path, image: NDArray[Any]) -> NDArray[Any]:
    if image.ndim == 2:  # noqa: PLR2004 - height and width
        return image[..., np.newaxis]
    if image.shape[-1] == _COLOUR:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    if image.shape[-1] == _COLOUR_AND_ALPHA:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA))
    raise ImageFileError(path, f"it has {image.shape[-1]} channels, but 1, 3 or 4 are expected")
