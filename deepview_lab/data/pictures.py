"""Pictures of files, of encoded bytes and of Pillow, read when a batch is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base.data_source import Unreadable
from deepview_lab.data.data_producer import Fields
from deepview_lab.exceptions import DataError, ImageFileError, MissingExtraError

__all__ = ["FIELD", "MOST_PIXELS", "Picture", "Pictures", "is_picture_name", "require_pillow"]

# Any: a picture of Pillow, which need not be installed.
Picture: TypeAlias = Path | bytes | Any

FIELD: Final = "images"
# A picture says how large it is before it is decoded: a file of some kilobytes may claim gigapixels.
MOST_PIXELS: Final = 100_000_000
_SUFFIXES: Final = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_GREY: Final = frozenset({"1", "L", "LA"})
_DEEP: Final = ("I", "F")
_LOOKED_AT: Final = 32


def is_picture_name(name: str) -> bool:
    """Return whether a file of this name is a picture."""
    return Path(name).suffix.lower() in _SUFFIXES


def require_pillow() -> Any:  # Any: a module that need not be there
    """Return the module ``PIL.Image``.

    Raises
    ------
    MissingExtraError
        (an ImportError) when Pillow is not installed.
    """
    try:
        from PIL import Image, ImageOps  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("Reading pictures", "Pillow", "image") from None
    return Image


@dataclass(frozen=True)
class Pictures:
    """Pictures as rows: one field, samples x height x width x channels, uint8.

    Pictures have one channel where all that were looked at are grey, else three (RGB); transparency is left out. They
    are turned as their EXIF data says. ``size`` resizes by averaging (Pillow's antialiased bilinear filter).

    Attributes
    ----------
    pictures : sequence of Path, bytes or pictures of Pillow
        Where they are read from.
    names : sequence
        What messages call them.
    size : tuple of int, optional
        Width and height.
    unreadable : 'raise' or 'skip'
        What to do with those that cannot be read.
    field : str
        Name of the field.
    """

    pictures: Sequence[Picture]
    names: Sequence[object]
    size: tuple[int, int] | None = None
    unreadable: Unreadable = "raise"
    field: str = FIELD

    def __post_init__(self) -> None:
        if self.size is not None and (len(self.size) != 2 or min(self.size) < 1):  # noqa: PLR2004 - a pair
            raise DataError(f"image_size must be a width and a height of at least 1 pixel, but is {self.size}.")
        if self.unreadable not in ("raise", "skip"):
            raise DataError(f"unreadable must be 'raise' or 'skip', but is {self.unreadable!r}.")

    def __len__(self) -> int:
        return len(self.pictures)

    def read(self, rows: Sequence[int]) -> tuple[Fields, Sequence[int]]:
        """Return the pictures at ``rows`` that can be read.

        Raises
        ------
        ImageFileError
            (a ValueError) naming one that cannot, unless such are skipped.
        DataError
            (a ValueError) when they differ in size.
        """
        arrays: list[NDArray[Any]] = []
        kept: list[int] = []
        for row in rows:
            try:
                arrays.append(self._array(row))
            except ImageFileError:
                if self.unreadable == "raise":
                    raise
            else:
                kept.append(row)
        for row, array in zip(kept, arrays, strict=True):
            self._require_alike(row, array)
        return ({self.field: np.stack(arrays)} if arrays else {}), (rows if len(kept) == len(rows) else kept)

    @cached_property
    def _mode(self) -> str:
        """Pillow's name of the channels: that of the first pictures, some of which may be colourful."""
        found = set()
        for row in range(0, len(self), max(1, len(self) // _LOOKED_AT)):
            try:
                with self.opened(row) as image:
                    found.add(image.mode)
            except ImageFileError:
                continue
        return "L" if found and found <= _GREY else "RGB"

    @cached_property
    def _shape(self) -> tuple[int, ...]:
        for row in range(len(self)):
            try:
                return self._array(row).shape
            except ImageFileError:
                if self.unreadable == "raise":
                    raise
        raise DataError(f"None of the {len(self):,} pictures can be read.")

    def _require_alike(self, row: int, array: NDArray[Any]) -> None:
        if array.shape != self._shape:
            (height, width), (first_height, first_width) = array.shape[:2], self._shape[:2]
            raise DataError(
                f"Pictures must have one size, but {self.names[row]} is {width} x {height} pixels and the first is "
                f"{first_width} x {first_height}. Have them resized: as_producer(..., image_size=(width, height))."
            )

    def _array(self, row: int) -> NDArray[Any]:
        with self.opened(row) as image:
            try:
                return _decoded(image, self._mode, self.size)
            except Exception as error:  # decoders raise anything, even SyntaxError
                raise ImageFileError(self.names[row], f"it cannot be decoded ({error})") from error

    def opened(self, row: int) -> Any:
        """Return a picture of Pillow, whose header has been read and whose size is bearable."""
        pillow = require_pillow()
        given = self.pictures[row]
        image: Any = given  # Any: a picture of Pillow
        if isinstance(given, Path) and given.exists() and not given.is_file():
            raise ImageFileError(self.names[row], "it is no file")  # a pipe would keep us waiting for ever
        try:
            if isinstance(given, Path | bytes):
                image = pillow.open(BytesIO(given) if isinstance(given, bytes) else given)
        except Exception as error:
            raise ImageFileError(self.names[row], f"it cannot be opened ({error})") from error
        problem = _problem(image)
        if problem is None:
            return image if image is not given else nullcontext(given)
        if image is not given:
            image.close()
        raise ImageFileError(self.names[row], problem)


def _problem(image: Any) -> str | None:
    """Return why a picture whose header has been read must not be decoded."""
    if image.width * image.height > MOST_PIXELS:
        return f"it has {image.width:,} x {image.height:,} pixels, more than {MOST_PIXELS:,}"
    return f"it has more than 8 bits a channel (mode {image.mode})" if image.mode.startswith(_DEEP) else None


def _decoded(image: Any, mode: str, size: tuple[int, int] | None) -> NDArray[Any]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - an extra

    if size is not None:
        image.draft(mode, size)  # JPEG can be decoded smaller
    turned = ImageOps.exif_transpose(image).convert(mode)
    if size is not None and turned.size != size:
        turned = turned.resize(size, Image.Resampling.BILINEAR)
    array = np.asarray(turned)
    return array[..., None] if array.ndim == 2 else array  # noqa: PLR2004 - grey pictures have no axis of channels
