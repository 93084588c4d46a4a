"""Folders of pictures as data: by class, and by split."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from deepview_lab.base.data_source import DataOptions
from deepview_lab.base.kinds import is_path
from deepview_lab.data.data_producer import DataProducer
from deepview_lab.data.labels import LABEL, SPLIT
from deepview_lab.data.picture_lists import from_pictures
from deepview_lab.data.pictures import is_picture_name
from deepview_lab.data.sample_columns import SampleColumns
from deepview_lab.exceptions import DataError, UnknownNameError

__all__ = ["FolderSource", "folder_of"]

_SPLITS: Final[Mapping[str, str]] = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
_BESIDE: Final = frozenset({".csv", ".json", ".md", ".txt"})
_MOST_ENTRIES: Final = 2_000
_DEPTH: Final = 2


class FolderSource:
    """A folder of pictures: ``class/picture.png``, ``train/class/picture.png``, or pictures alone."""

    def recognises(self, value: Any) -> str | None:
        """Return "folder of pictures" for the path of a folder that has some."""
        folder = folder_of(value)
        return "folder of pictures" if folder is not None and _has_pictures(folder) else None

    def size(self, value: Any) -> int | None:  # noqa: ARG002 - counting may take minutes
        """Return None: the folder has to be read for that."""
        return None

    def offers(self, value: Any) -> bool:
        """Return whether it is a path, of a folder with nothing but pictures and notes at the top."""
        if not is_path(value):
            return False
        try:
            with os.scandir(value) as entries:
                return all(_fits(entry) for entry in entries)
        except OSError:
            return False

    def producer(self, value: Any, options: DataOptions) -> DataProducer:
        """Return a producer of its pictures in the order of their paths. Links out of the folder are not followed."""
        folder = folder_of(value)
        root = (folder or Path(value)).resolve()
        found = sorted(_pictures_in(root))
        splits = _splits_of(found)
        if isinstance(options.split, str) and splits:
            wanted = _SPLITS.get(options.split.lower(), options.split)
            if wanted not in splits.values():
                raise UnknownNameError("split", options.split, dict.fromkeys(splits.values()))
            found = [path for path in found if splits[path.parts[0]] == wanted]
        return _producer(root, found, splits, options)


def _fits(entry: os.DirEntry[str]) -> bool:
    beside = Path(entry.name).suffix.lower() in _BESIDE or entry.name.startswith(".")
    return beside or is_picture_name(entry.name) or entry.is_dir(follow_symlinks=False)


def folder_of(value: Any) -> Path | None:
    """Return the folder whose path ``value`` is; None of anything else."""
    if not is_path(value) and type(value) is not str:
        return None
    try:
        folder = Path(value).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # too long, a null byte, no home
        return None


def _producer(root: Path, found: list[Path], splits: Mapping[str, str], options: DataOptions) -> DataProducer:
    if not found:
        raise DataError(f"There is no picture in {root} that can be used.")
    depth = 1 if splits else 0
    guessed: list[str] = []
    labels: dict[Hashable, Sequence[Hashable]] = {}
    if all(len(path.parts) > depth + 1 for path in found):
        labels[LABEL] = [path.parts[depth] for path in found]
        guessed.append("labels from the names of the folders")
    if splits:
        labels[SPLIT] = [splits[path.parts[0]] for path in found]
        guessed.append(f"splits {', '.join(dict.fromkeys(splits.values()))}")
    paths = [root / path for path in found]
    columns = SampleColumns([path.as_posix() for path in found], labels, paths)
    made = from_pictures(paths, options, what="folder of pictures", columns=columns)
    made.guessed = tuple(guessed)
    return made


def _splits_of(found: list[Path]) -> dict[str, str]:
    """Return the splits by the names of their folders, where every folder at the top is one."""
    tops = {path.parts[0] for path in found if len(path.parts) > 1}
    loose = any(len(path.parts) == 1 for path in found)
    if loose or not tops or not all(top.lower() in _SPLITS for top in tops):
        return {}
    return {top: _SPLITS[top.lower()] for top in tops}


def _pictures_in(root: Path) -> Iterator[Path]:
    """Yield the pictures below ``root``, relative to it."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(folder, name)
            if not name.startswith(".") and is_picture_name(name) and _stays(path, root):
                yield path.relative_to(root)


def _stays(path: Path, root: Path) -> bool:
    return not path.is_symlink() or path.resolve().is_relative_to(root)


def _has_pictures(folder: Path) -> bool:
    """Look at the first entries only, two folders deep: a home directory may hold millions."""
    waiting, seen = [(folder, 0)], 0
    while waiting and seen < _MOST_ENTRIES:
        current, depth = waiting.pop(0)
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    seen += 1
                    if entry.name.startswith(".") or seen > _MOST_ENTRIES:
                        continue
                    if is_picture_name(entry.name):
                        return True
                    if depth < _DEPTH and entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry.path), depth + 1))
        except OSError:
            continue
    return False
