"""Small pictures of samples, packed in sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepview_lab.data.pictures import MOST_PIXELS, Pictures, require_pillow
from deepview_lab.exceptions import DeepViewException, ImageFileError

__all__ = ["PictureCells", "Sheet", "is_picture", "make_sheet"]

# Any: pictures of Pillow, which need not be installed, and cells of tables.
_ACROSS: Final = 16
_QUALITY: Final = 80
_LARGEST_EDGE: Final = 1024
_LONGEST_PROBLEM: Final = 300
_LARGEST_BYTE: Final = 255
_GREY_AXES: Final = 2
_CHANNELS: Final = (1, 3, 4)


@dataclass(frozen=True)
class Sheet:
    """Pictures of one height and width beside and below each other, row by row.

    Attributes
    ----------
    content : bytes
        WebP; empty without pictures.
    across : int
        Pictures in a row of the sheet.
    shown : sequence of int
        The samples whose pictures are in it, in their order.
    problems : mapping of int to str
        Why a sample has no picture there; an empty text of one that has none at all.
    """

    content: bytes
    across: int
    shown: Sequence[int]
    problems: dict[int, str]


@dataclass(frozen=True)
class PictureCells:
    """A column of pictures: paths, encoded bytes, arrays, or pictures of Pillow.

    Attributes
    ----------
    cells : sequence
        One a sample; None where there is none.
    root : Path or None
        The folder below which files are read.
    anywhere : bool
        Whether files are read elsewhere, too: the user has made the table, and it does not come from a file.
    """

    cells: Sequence[Any] | NDArray[Any]
    root: Path | None = None
    anywhere: bool = True

    def opened(self, row: int) -> Any:
        """Return a picture of Pillow, None where the sample has none.

        Raises
        ------
        ImageFileError
            (a ValueError) when it cannot be read, or must not be.
        """
        cell = self.cells[row]
        if isinstance(cell, dict):  # as data sets of Hugging Face keep them
            cell = cell.get("bytes") or cell.get("path")
        if cell is None or (isinstance(cell, float) and np.isnan(cell)) or (isinstance(cell, str | bytes) and not cell):
            return None
        if isinstance(cell, np.ndarray | list | tuple):
            return _of_array(np.asarray(cell), row)
        given = self._path(cell) if isinstance(cell, str | Path) else cell
        with Pictures([given], [cell if isinstance(cell, str | Path) else f"sample {row}"]).opened(0) as image:
            image.draft("RGB", (_LARGEST_EDGE, _LARGEST_EDGE))  # JPEG can be decoded smaller
            return image.copy()

    def _path(self, cell: str | Path) -> Path:
        if "://" in str(cell):
            raise ImageFileError(cell, "it is an address, and nothing is read from the network")
        path = Path(cell).expanduser()
        whole = (self.root / path if self.root is not None else path).resolve()
        inside = self.root is not None and whole.is_relative_to(self.root.resolve())
        if not inside and (self.root is not None or not self.anywhere):
            raise ImageFileError(
                cell,
                "it is outside the media_root"
                if self.root is not None
                else "paths in an opened file are read only below a media_root: Canvas(path, media_root='folder')",
            )
        if whole.suffix.lower() in (".svg", ".svgz"):
            raise ImageFileError(cell, "SVG is not shown")
        return whole


def is_picture(cell: Any) -> bool:
    """Return whether a cell may be a picture: a path, bytes, an array, or a picture of Pillow."""
    return isinstance(cell, str | Path | bytes | np.ndarray | list | dict) or hasattr(cell, "thumbnail")


def make_sheet(open_row: Callable[[int], Any], rows: Sequence[int], edge: int) -> Sheet:
    """Return a sheet of the pictures of ``rows``, each fitted into a square of ``edge`` pixels.

    Small pictures are enlarged by whole multiples, so that their pixels stay visible.
    """
    pillow = require_pillow()
    pictures: list[Any] = []
    shown: list[int] = []
    problems: dict[int, str] = {}
    for row in rows:
        try:
            opened = open_row(row)
            if opened is None:
                problems[row] = ""
                continue
            pictures.append(_fitted(opened, edge))
            shown.append(row)
        except (DeepViewException, OSError, ValueError, TypeError, SyntaxError) as error:  # what decoders raise
            problems[row] = str(error)[:_LONGEST_PROBLEM] or "It cannot be read."
    if not pictures:
        return Sheet(b"", 1, (), problems)
    across = min(_ACROSS, len(pictures))
    sheet = pillow.new("RGBA", (across * edge, -(-len(pictures) // across) * edge))
    for place, picture in enumerate(pictures):
        left, top = place % across * edge, place // across * edge
        sheet.paste(picture, (left + (edge - picture.width) // 2, top + (edge - picture.height) // 2))
    content = BytesIO()
    sheet.save(content, "WEBP", quality=_QUALITY, method=2)
    return Sheet(content.getvalue(), across, shown, problems)


def _fitted(image: Any, edge: int) -> Any:
    from PIL import Image, ImageOps  # noqa: PLC0415 - an extra

    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(("I", "F")):
        turned = _of_array(np.asarray(turned), 0)
    turned = turned.convert("RGBA")
    largest = max(turned.size)
    if largest * 2 <= edge:
        times = edge // largest
        return turned.resize((turned.width * times, turned.height * times), Image.Resampling.NEAREST)
    if largest > edge:
        turned.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return turned


def _of_array(values: np.ndarray[Any, Any], row: int) -> Any:
    pillow = require_pillow()
    if values.ndim == _GREY_AXES + 1 and values.shape[-1] == 1:
        values = values[..., 0]
    known = values.ndim == _GREY_AXES or (values.ndim == _GREY_AXES + 1 and values.shape[-1] in _CHANNELS)
    if not known or values.dtype.kind not in "biuf" or not values.size:
        raise ImageFileError(f"sample {row}", f"an array of {values.dtype} {values.shape} is no picture")
    if values.shape[0] * values.shape[1] > MOST_PIXELS:
        raise ImageFileError(f"sample {row}", f"it has more than {MOST_PIXELS:,} pixels")
    if values.dtype != np.uint8:
        numbers = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
        low, high = float(numbers.min()), float(numbers.max())
        if low < 0 or high > _LARGEST_BYTE:
            numbers = (numbers - low) / max(high - low, 1e-12)
        elif high > 1:
            numbers = numbers / _LARGEST_BYTE
        values = np.round(numbers * _LARGEST_BYTE).astype(np.uint8)
    return pillow.fromarray(np.ascontiguousarray(values))
