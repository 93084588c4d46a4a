"""Lists of paths or of Pillow's pictures as data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import derives_from, is_path
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.pictures import FIELD, Pictures, is_picture_name
from deepview_lab.data.sample_columns import SampleColumns
from deepview_lab.exceptions import DataError

__all__ = ["PictureListSource", "from_pictures"]


class PictureListSource:
    """A list of paths, or of pictures of Pillow. Labels go beside it."""

    def recognises(self, value: Any) -> str | None:
        """Return what the first member is."""
        if not (type(value) is list or type(value) is tuple) or not value:
            return None
        first = value[0]
        if derives_from(first, "PIL", "Image"):
            return "list of pictures"
        of_path = is_path(first) or (type(first) is str and is_picture_name(first))
        return "list of paths" if of_path else None

    def size(self, value: Any) -> int | None:
        """Return its length."""
        return len(value)

    def offers(self, value: Any) -> bool:  # noqa: ARG002 - whatever is recognised
        """Return True."""
        return True

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of the pictures."""
        what = self.recognises(value) or "list"
        if what == "list of pictures":
            for row, picture in enumerate(value):
                if not derives_from(picture, "PIL", "Image"):
                    raise DataError(
                        f"Member {row} of the list is no picture of Pillow, but a {type(picture).__name__}."
                    )
            return from_pictures(value, options, what=what)
        paths = [_checked(row, path) for row, path in enumerate(value)]
        columns = SampleColumns(ids=_unique(paths), paths=paths)
        return from_pictures(paths, options, what=what, columns=columns)


def from_pictures(
    pictures: Sequence[Any], options: DataOptions, *, what: str, columns: SampleColumns | None = None
) -> DataProducer:
    """Return a producer of pictures.

    Any: paths, bytes or pictures of Pillow.
    """
    columns = columns or SampleColumns()
    names = columns.ids or [f"picture {row}" for row in range(len(pictures))]
    field = options.field if isinstance(options.field, str) else FIELD
    rows = Pictures(pictures, names, options.image_size, options.unreadable, field)
    return DataProducer(rows, columns, options, what=what)


def _checked(row: int, path: Any) -> Path:
    if not isinstance(path, str | Path):
        raise DataError(f"Member {row} of the list is no path, but a {type(path).__name__}.")
    return Path(path).expanduser().absolute()


def _unique(paths: Sequence[Path]) -> list[str] | None:
    ids = [str(path) for path in paths]
    return ids if len(set(ids)) == len(ids) else None
